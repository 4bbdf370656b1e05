//! What the executors share whose sandboxes a service makes elsewhere: secrets, errors, the wire to a worker that tasks
//! keep going, and the end of a sandbox that was paid for by time.

mod secret;
mod wire;

pub(crate) use secret::{Secret, from_environment};
use smol_core::exec::ExecError;
use std::time::Duration;
pub(crate) use wire::{Arrived, Feed, Wire};

/// How long a service may take to answer a short request.
pub(crate) const ANSWER: Duration = Duration::from_secs(60);

/// How long a connection may take.
pub(crate) const CONNECT: Duration = Duration::from_secs(20);

/// How often a request is made again that a service was too busy for.
pub(crate) const RETRIES: usize = 3;

/// Why a service did not do what it was asked.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// What failed.
    pub(crate) cause: String,
    /// What the user may do.
    pub(crate) hint: String,
}

impl Refusal {
    pub(crate) fn new(cause: impl std::fmt::Display, hint: impl Into<String>) -> Self {
        Self { cause: format!("{cause:#}"), hint: hint.into() }
    }

    /// The error of a sandbox that did not start.
    pub(crate) fn into_error(self, executor: &'static str) -> ExecError {
        ExecError::Start { executor: executor.to_owned(), cause: self.cause, hint: self.hint }
    }
}

/// What lies at the root of an error: libraries wrap the one sentence that helps in several that do not.
pub(crate) fn root_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => root_cause(source),
        None => error.to_string(),
    }
}

/// Does `make` to its end whoever waits for it: what it makes is never left behind unknown, and is dropped if nobody
/// waits any more.
pub(crate) async fn to_the_end<T: Send + 'static>(
    make: impl Future<Output = Result<T, Refusal>> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::spawn(make).await.unwrap_or_else(|error| Err(Refusal::new(error, "")))
}
