//! A server for as long as it is needed, over as many sessions as that takes.

use super::{
    Content, Host, News, ServerConfig, plain,
    reach::{Opener, Session},
    tool::McpTool,
};
use crate::McpError;
use rmcp::{
    model::{CallToolRequestParams, CallToolResult, ClientRequest, PaginatedRequestParams, PingRequest},
    service::ServiceError,
};
use serde_json::Value;
use std::{
    fmt,
    pin::pin,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

/// Pages of one list, for servers whose lists have no end.
const MOST_PAGES: usize = 100;
/// Entries of one list.
const MOST_ENTRIES: usize = 1_000;
/// A call ends after so many times its time limit, whatever progress it makes.
const MOST_PATIENCE: u32 = 30;
/// How long a server that has let a call run out of time may take to say that it is there.
const PING: Duration = Duration::from_secs(5);

/// One connected server. Clones share the connection; when the last of them goes, so does the server's program.
///
/// A server that has died is started, or connected to, again by the next request. A request that was under way is
/// repeated once if it only reads.
#[derive(Clone)]
pub struct McpClient(Arc<Link>);

struct Link {
    opener: Opener,
    // For those who only look; `opening` is held by whoever makes a new one.
    session: RwLock<Arc<Session>>,
    opening: tokio::sync::Mutex<()>,
}

/// How one attempt failed.
enum Failed {
    /// The server's answer, or its silence: the same would come again.
    For(McpError),
    /// The connection is gone.
    Lost(String),
    /// It wants another sign-in, and has done nothing.
    #[cfg(feature = "oauth")]
    Challenged(McpError),
}

impl McpClient {
    /// Connects to a server.
    ///
    /// # Errors
    /// If it cannot be started or reached, does not speak the protocol, or says nothing in time.
    pub async fn connect(config: ServerConfig, host: Host) -> Result<Self, McpError> {
        let opener = Opener {
            #[cfg(feature = "oauth")]
            account: super::oauth::Account::new(&config, &host),
            config,
            host,
        };
        let session = RwLock::new(Arc::new(opener.open().await?));
        Ok(Self(Arc::new(Link { opener, session, opening: tokio::sync::Mutex::default() })))
    }

    /// Its name in the configuration.
    pub fn name(&self) -> &str {
        &self.config().name
    }

    /// What it says about how it is used, shortened.
    pub fn instructions(&self) -> Option<String> {
        let info = self.current().service.peer_info()?;
        info.instructions.as_ref().map(|text| plain(text, 4_000))
    }

    /// Whether it has resources.
    pub fn has_resources(&self) -> bool {
        self.current().service.peer_info().is_some_and(|info| info.capabilities.resources.is_some())
    }

    /// Whether it has prompts.
    pub fn has_prompts(&self) -> bool {
        self.current().service.peer_info().is_some_and(|info| info.capabilities.prompts.is_some())
    }

    fn has_tools(&self) -> bool {
        // A server that says nothing about itself may have them.
        self.current().service.peer_info().is_none_or(|info| info.capabilities.tools.is_some())
    }

    /// Calls a tool by the server's name for it, whatever kind of value it gives.
    ///
    /// # Errors
    /// If the server does not answer, or not with a result. What the tool itself reports as an error is no such error:
    /// it stands in the contents.
    pub async fn call_tool(&self, tool: &str, arguments: Value) -> Result<Vec<Content>, McpError> {
        let result = self.call(tool, arguments, false).await?;
        Ok(result.content.into_iter().map(Content::of).collect())
    }

    pub(super) fn config(&self) -> &ServerConfig {
        &self.0.opener.config
    }

    pub(super) fn tell(&self, news: News) {
        self.0.opener.host.tell(self.name(), news);
    }

    pub(super) async fn call(
        &self,
        tool: &str,
        arguments: Value,
        repeatable: bool,
    ) -> Result<CallToolResult, McpError> {
        let mut params = CallToolRequestParams::new(tool.to_owned());
        params.arguments = match arguments {
            Value::Object(arguments) => Some(arguments),
            _ => None,
        };
        self.ask(&format!("`{}`", plain(tool, 100)), repeatable, |session| {
            let params = params.clone();
            async move { session.service.call_tool(params).await }
        })
        .await
    }

    /// Its tools, by its own names. What cannot be used is left out, and told.
    pub(super) async fn tools(&self) -> Result<Vec<McpTool>, McpError> {
        if !self.has_tools() {
            return Ok(Vec::new());
        }
        let wanted = self.config().tools.as_ref();
        let tools = self
            .list("`tools/list`", |session, page| async move {
                let page = session.service.list_tools(page).await?;
                Ok((page.tools, page.next_cursor))
            })
            .await?;
        let mut usable = Vec::new();
        for tool in tools {
            let name = tool.name.to_string();
            if wanted.is_some_and(|wanted| !wanted.contains(&name)) {
                continue;
            }
            match McpTool::new(self, tool) {
                Ok(tool) => usable.push(tool),
                Err(fault) => {
                    self.tell(News::LeftOut { tool: plain(&name, 100), fault: plain(&fault, 500) });
                }
            }
        }
        Ok(usable)
    }

    /// All entries of a list that comes in pages.
    pub(super) async fn list<T, F>(
        &self,
        asked: &str,
        page: impl Fn(Arc<Session>, Option<PaginatedRequestParams>) -> F,
    ) -> Result<Vec<T>, McpError>
    where
        F: Future<Output = Result<(Vec<T>, Option<String>), ServiceError>>,
    {
        let (mut all, mut cursor) = (Vec::new(), None);
        for _ in 0..MOST_PAGES {
            let from = |cursor: &Option<String>| {
                let mut params = PaginatedRequestParams::default();
                params.cursor = cursor.clone();
                cursor.is_some().then_some(params)
            };
            let (entries, next) = self.ask(asked, true, |session| page(session, from(&cursor))).await?;
            all.extend(entries);
            if all.len() > MOST_ENTRIES {
                break;
            }
            match next {
                Some(next) if Some(&next) != cursor.as_ref() => cursor = Some(next),
                _ => return Ok(all),
            }
        }
        let fault = format!("a list of more than {MOST_ENTRIES} entries or {MOST_PAGES} pages");
        Err(McpError::Malformed { server: self.name().to_owned(), asked: asked.to_owned(), fault })
    }

    /// Makes a request, on a new session if the one there was is over.
    pub(super) async fn ask<T, F>(
        &self,
        asked: &str,
        repeatable: bool,
        request: impl Fn(Arc<Session>) -> F,
    ) -> Result<T, McpError>
    where
        F: Future<Output = Result<T, ServiceError>>,
    {
        let session = self.session().await?;
        let failed = match self.once(&session, asked, request(session.clone())).await {
            Ok(answer) => return Ok(answer),
            Err(failed) => failed,
        };
        match failed {
            Failed::For(error) => return Err(error),
            Failed::Lost(cause) if !repeatable => {
                let cause = self.end(&session, cause).await;
                let (server, asked) = (self.name().to_owned(), asked.to_owned());
                return Err(McpError::Lost { server, asked, cause });
            }
            Failed::Lost(_) => {}
            #[cfg(feature = "oauth")]
            Failed::Challenged(error) if self.0.opener.host.sign_in.is_none() => return Err(error),
            #[cfg(feature = "oauth")]
            Failed::Challenged(_) => {}
        }
        drop(session);
        let session = self.session().await?;
        match self.once(&session, asked, request(session.clone())).await {
            Ok(answer) => Ok(answer),
            Err(Failed::For(error)) => Err(error),
            #[cfg(feature = "oauth")]
            Err(Failed::Challenged(error)) => Err(error),
            Err(Failed::Lost(cause)) => {
                let status = Some(self.end(&session, cause).await);
                let (server, stderr) = (self.name().to_owned(), session.last_words());
                Err(McpError::Ended { server, status, stderr })
            }
        }
    }

    async fn once<T>(
        &self,
        session: &Session,
        asked: &str,
        request: impl Future<Output = Result<T, ServiceError>>,
    ) -> Result<T, Failed> {
        let server = self.name().to_owned();
        let Some(answer) = within(session, self.config().timeout, request).await else {
            let (seconds, waiting_for) = (self.config().timeout.as_secs(), asked.to_owned());
            let stderr = session.last_words();
            if !is_alive(session).await {
                session.give_up();
            }
            return Err(Failed::For(McpError::Timeout { server, seconds, waiting_for, stderr }));
        };
        let error = match answer {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        #[cfg(feature = "oauth")]
        if let Some(challenge) = error.auth_challenge() {
            self.0.opener.account.refused(challenge);
            session.give_up();
            let url = self.config().reach.to_string();
            let hint = "let the program sign in, or give a key that is allowed this".to_owned();
            return Err(Failed::Challenged(McpError::Unauthorized { server, url, hint }));
        }
        let asked = asked.to_owned();
        Err(match error {
            ServiceError::McpError(error) => {
                let message = plain(&error.message, 1_000);
                Failed::For(McpError::Refused { server, asked, code: error.code.0, message })
            }
            ServiceError::TransportClosed => {
                session.give_up();
                Failed::Lost("the connection is closed".to_owned())
            }
            ServiceError::TransportSend(error) => {
                session.give_up();
                Failed::Lost(plain(&super::legacy_sse::chain(&*error.error), 500))
            }
            other => {
                let fault = match other {
                    ServiceError::UnexpectedResponse => "it is of another form".to_owned(),
                    other => plain(&other.to_string(), 500),
                };
                Failed::For(McpError::Malformed { server, asked, fault })
            }
        })
    }

    /// What became of a session that was lost, in words.
    async fn end(&self, session: &Session, cause: String) -> String {
        let Some(program) = &session.program else { return cause };
        let status = program.ended().await;
        match (program.fault(), status) {
            (Some(fault), _) => format!("it sent {fault}"),
            (None, Some(status)) => {
                let words = program.last_words();
                if words.is_empty() { status } else { format!("{status}; its last words: {words}") }
            }
            (None, None) => cause,
        }
    }

    fn current(&self) -> Arc<Session> {
        self.0.session.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn session(&self) -> Result<Arc<Session>, McpError> {
        let session = self.current();
        if !session.is_over() {
            return Ok(session);
        }
        drop(session);
        let _opening = self.0.opening.lock().await;
        let session = self.current();
        if !session.is_over() {
            return Ok(session);
        }
        let session = Arc::new(self.0.opener.open().await?);
        *self.0.session.write().unwrap_or_else(PoisonError::into_inner) = session.clone();
        self.tell(News::Reconnected);
        Ok(session)
    }
}

impl fmt::Debug for McpClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("McpClient").field(self.config()).finish()
    }
}

/// Whether a server answers at all, be it that it does not know what is asked.
async fn is_alive(session: &Session) -> bool {
    let ping = session.service.send_request(ClientRequest::PingRequest(PingRequest::default()));
    let answer = tokio::time::timeout(PING, ping).await;
    answer.is_ok_and(|answer| {
        matches!(answer, Ok(_) | Err(ServiceError::McpError(_) | ServiceError::UnexpectedResponse))
    })
}

/// The outcome of `work`; none if the server says nothing for `limit`, or takes far longer whatever it says. Dropping
/// the work tells the server that nobody waits any more.
async fn within<T>(session: &Session, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let begun = Instant::now();
    let mut work = pin!(work);
    loop {
        let deadline = (begun.max(session.pulse.last()) + limit).min(begun + limit * MOST_PATIENCE);
        match tokio::time::timeout_at(deadline.into(), &mut work).await {
            Ok(outcome) => return Some(outcome),
            Err(_) if begun.max(session.pulse.last()) + limit <= Instant::now() => return None,
            Err(_) if begun + limit * MOST_PATIENCE <= Instant::now() => return None,
            Err(_) => {}
        }
    }
}
