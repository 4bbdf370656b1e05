//! From a configuration to a session that is ready for requests.

use super::{
    Host, Reach, ServerConfig,
    child::Program,
    handler::{Handler, Pulse},
    legacy_sse::{LegacySse, chain},
};
use crate::McpError;
use reqwest::{
    Client,
    header::{HeaderMap, HeaderName, HeaderValue},
    redirect,
};
use rmcp::{
    model::{ErrorCode, ProtocolVersion},
    service::{ClientInitializeError, ClientLifecycleMode, ClientServiceExt, RoleClient, RunningService},
    transport::{
        IntoTransport, StreamableHttpClientTransport, async_rw::AsyncRwTransport,
        streamable_http_client::StreamableHttpClientTransportConfig,
    },
};
use std::{
    collections::BTreeMap,
    str::FromStr,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// How long a connection to an address may take to be there.
const CONNECT: Duration = Duration::from_secs(20);

/// A server that was greeted and has answered.
pub(super) struct Session {
    // Dropped before the program: it closes the program's input first.
    pub(super) service: RunningService<RoleClient, Handler>,
    pub(super) program: Option<Program>,
    pub(super) pulse: Pulse,
    broken: AtomicBool,
}

impl Session {
    /// Nothing is to be expected of it any more.
    pub(super) fn is_over(&self) -> bool {
        self.broken.load(Ordering::Relaxed) || self.service.is_closed() || self.service.is_transport_closed()
    }

    /// The next request is to have another one.
    pub(super) fn give_up(&self) {
        self.broken.store(true, Ordering::Relaxed);
    }

    pub(super) fn last_words(&self) -> String {
        self.program.as_ref().map(Program::last_words).unwrap_or_default()
    }
}

/// Opens sessions with one server, again and again if it must be.
pub(super) struct Opener {
    pub(super) config: ServerConfig,
    pub(super) host: Host,
    #[cfg(feature = "oauth")]
    pub(super) account: super::oauth::Account,
}

type Service = RunningService<RoleClient, Handler>;

impl Opener {
    /// A new session. Servers of today want to be greeted; those of tomorrow's protocol refuse that, and are asked
    /// who they are.
    pub(super) async fn open(&self) -> Result<Session, McpError> {
        if let Some(version) = &self.config.protocol {
            let known = ProtocolVersion::KNOWN_VERSIONS.iter().find(|known| known.as_str() == version);
            let unknown =
                || self.wrong(&format!("`{version}` is no version of the protocol"), "such as `2025-11-25`");
            return self.open_as(known.ok_or_else(unknown)?).await;
        }
        match self.open_as(&ProtocolVersion::LATEST_WITH_INITIALIZE).await {
            Err(McpError::Refused { code, .. })
                if [ErrorCode::UNSUPPORTED_PROTOCOL_VERSION.0, ErrorCode::METHOD_NOT_FOUND.0]
                    .contains(&code) =>
            {
                self.open_as(&ProtocolVersion::LATEST).await
            }
            result => result,
        }
    }

    async fn open_as(&self, version: &ProtocolVersion) -> Result<Session, McpError> {
        let (config, pulse) = (&self.config, Pulse::new());
        let mut program = None;
        let service = match &config.reach {
            Reach::Command { .. } => {
                let (started, messages, stdin) = Program::start(&config.name, &config.reach)?;
                let transport = AsyncRwTransport::<RoleClient, _, _>::new(messages, stdin);
                let program = program.insert(started);
                match self.greet(transport, version, &pulse).await {
                    Ok(service) => service,
                    Err(failed) => return Err(self.why_not(failed, Some(program)).await),
                }
            }
            Reach::Sse { url, headers } => {
                let headers = self.headers(headers)?;
                let transport = LegacySse::open(&config.name, self.client()?, url, headers).await?;
                match self.greet(transport, version, &pulse).await {
                    Ok(service) => service,
                    Err(failed) => return Err(self.why_not(failed, None).await),
                }
            }
            Reach::Http { url, headers } => self.http(url, headers, version, &pulse).await?,
        };
        Ok(Session { service, program, pulse, broken: AtomicBool::new(false) })
    }

    async fn http(
        &self,
        url: &str,
        headers: &BTreeMap<String, String>,
        version: &ProtocolVersion,
        pulse: &Pulse,
    ) -> Result<Service, McpError> {
        let (client, headers) = (self.client()?, self.headers(headers)?);
        let headers = headers.into_iter().filter_map(|(name, value)| Some((name?, value))).collect();
        let to = StreamableHttpClientTransportConfig::with_uri(url).custom_headers(headers);
        #[cfg(feature = "oauth")]
        if let Some(sign_in) = &self.host.sign_in {
            let signed = |manager| {
                let client = rmcp::transport::AuthClient::new(client.clone(), manager);
                StreamableHttpClientTransport::with_client(client, to.clone())
            };
            let manager = self.account.manager(&self.config, sign_in).await?;
            let failed = match self.greet(signed(manager), version, pulse).await {
                Ok(service) => return Ok(service),
                Err(Failed::Greeting(error)) if error.is_authorization_required() => error,
                Err(failed) => return Err(self.why_not(failed, None).await),
            };
            self.account.refused(failed.auth_challenge().unwrap_or_default());
            let manager = self.account.manager(&self.config, sign_in).await?;
            return match self.greet(signed(manager), version, pulse).await {
                Ok(service) => Ok(service),
                Err(failed) => Err(self.why_not(failed, None).await),
            };
        }
        match self.greet(StreamableHttpClientTransport::with_client(client, to), version, pulse).await {
            Ok(service) => Ok(service),
            Err(failed) => Err(self.why_not(failed, None).await),
        }
    }

    async fn greet<T, E, A>(
        &self,
        transport: T,
        version: &ProtocolVersion,
        pulse: &Pulse,
    ) -> Result<Service, Failed>
    where
        T: IntoTransport<RoleClient, E, A>,
        E: std::error::Error + Send + Sync + 'static,
    {
        let handler = Handler::new(&self.config.name, &self.host, pulse.clone(), version.clone());
        let mode = if version.has_initialize() {
            ClientLifecycleMode::Initialize
        } else {
            ClientLifecycleMode::Discover { preferred_versions: vec![version.clone()] }
        };
        let greeting = handler.serve_with_lifecycle(transport, mode);
        let answer = tokio::time::timeout(self.config.timeout, greeting).await;
        answer.map_err(|_| Failed::Silence)?.map_err(|error| Failed::Greeting(Box::new(error)))
    }

    /// Why a greeting came to nothing.
    async fn why_not(&self, failed: Failed, program: Option<&mut Program>) -> McpError {
        let (server, url) = (self.config.name.clone(), self.config.reach.to_string());
        let words = || program.as_ref().map(|program| program.last_words()).unwrap_or_default();
        let error = match failed {
            Failed::Silence => {
                let (seconds, waiting_for) = (self.config.timeout.as_secs(), "its greeting".to_owned());
                return McpError::Timeout { server, seconds, waiting_for, stderr: words() };
            }
            Failed::Greeting(error) => error,
        };
        if error.is_authorization_required() {
            let hint = "give its key as the header `Authorization`, or let the program sign in".to_owned();
            return McpError::Unauthorized { server, url, hint };
        }
        match *error {
            ClientInitializeError::JsonRpcError(error) => McpError::Refused {
                server,
                asked: "the greeting".to_owned(),
                code: error.code.0,
                message: super::plain(&error.message, 500),
            },
            ClientInitializeError::ConnectionClosed(_) | ClientInitializeError::TransportError { .. }
                if program.is_some() =>
            {
                let Some(program) = program else {
                    return McpError::Ended { server, status: None, stderr: String::new() };
                };
                let status = program.ended().await;
                match program.fault() {
                    Some(fault) => McpError::NotMcp {
                        server,
                        fault: format!("it sent {fault}"),
                        stderr: program.last_words(),
                    },
                    None => McpError::Ended { server, status, stderr: program.last_words() },
                }
            }
            ClientInitializeError::TransportError { error, .. } => {
                McpError::Unreachable { server, url, cause: super::plain(&chain(&*error.error), 500) }
            }
            other => {
                let fault = super::plain(&other.to_string(), 300);
                McpError::NotMcp { server, fault, stderr: words() }
            }
        }
    }

    fn client(&self) -> Result<Client, McpError> {
        let agent = concat!("smolagents-rs/", env!("CARGO_PKG_VERSION"));
        let client = Client::builder().user_agent(agent).connect_timeout(CONNECT).redirect(same_host());
        client
            .build()
            .map_err(|error| self.wrong(&error.to_string(), "this is a fault of this machine's certificates"))
    }

    fn headers(&self, headers: &BTreeMap<String, String>) -> Result<HeaderMap, McpError> {
        let parsed = |(name, value): (&String, &String)| {
            let words = || format!("`{}` is no header, or its value is none", super::plain(name, 100));
            let fault = || self.wrong(&words(), "a header is a name and a line of text");
            let value = HeaderValue::from_str(value).map_err(|_| fault())?;
            Ok((HeaderName::from_str(name).map_err(|_| fault())?, value))
        };
        headers.iter().map(parsed).collect()
    }

    fn wrong(&self, fault: &str, hint: &str) -> McpError {
        let what = format!("the server `{}`", self.config.name);
        McpError::Configuration { what, fault: fault.to_owned(), hint: hint.to_owned() }
    }
}

enum Failed {
    Silence,
    Greeting(Box<ClientInitializeError>),
}

/// Headers may hold keys: they follow a redirect only to where they were meant to go.
fn same_host() -> redirect::Policy {
    redirect::Policy::custom(|attempt| {
        let from = attempt.previous().first().map(reqwest::Url::origin);
        if from == Some(attempt.url().origin()) && attempt.previous().len() < 5 {
            attempt.follow()
        } else {
            attempt.stop()
        }
    })
}
