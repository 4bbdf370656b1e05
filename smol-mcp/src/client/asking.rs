//! One request to a server: how long it may take, what may go wrong, and whether it is made again.

use super::{McpClient, legacy_sse, plain, reach::Session};
use crate::McpError;
use rmcp::{
    model::{ClientRequest, PingRequest},
    service::ServiceError,
};
use std::{
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

/// A call ends after so many times its time limit, whatever progress it makes.
const MOST_PATIENCE: u32 = 30;
/// How long a server that has let a call run out of time may take to say that it is there.
const PING: Duration = Duration::from_secs(5);

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
                Failed::Lost(plain(&legacy_sse::chain(&*error.error), 500))
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
