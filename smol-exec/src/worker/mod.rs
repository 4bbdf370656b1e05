//! CPython as a worker: the guest program in a process of its own, wherever it runs. It is started as `python -c` with a
//! bootstrap of a few lines, gets the program as its first line of input, and from then on a frame is a line of JSON,
//! `[turn, {kind: body}]`. So nothing has to be installed, mounted or uploaded where it runs, and every place that hands
//! on a process's input and output can hold one.

mod frames;
mod interpreter;
mod line;
#[cfg(all(unix, feature = "process"))]
mod pipes;

use crate::{
    guest::{self, PROGRAM},
    limits::Limits,
    session::Session,
};
pub(crate) use frames::Piece;
pub(crate) use interpreter::Interpreter;
pub(crate) use line::Lines;
#[cfg(all(unix, feature = "process"))]
pub(crate) use pipes::Pipes;
use serde_json::{Value, json};
use smol_core::exec::{ExecError, Sandbox, SandboxSpec};

/// What `python -c` gets.
#[cfg(all(unix, feature = "process"))]
pub(crate) const BOOTSTRAP: &str = include_str!("../../guest/program/bootstrap.py");

/// How a worker is reached. Dropping it ends the worker.
#[async_trait::async_trait]
pub(crate) trait Channel: Send + 'static {
    /// Hands it a line, without its end. An error says that it is gone.
    async fn send(&mut self, line: String) -> Result<(), String>;

    /// What it says next. Nothing is lost if the future is dropped.
    async fn next(&mut self) -> Piece;
}

/// The line that brings the guest program.
pub(crate) fn program() -> String {
    let own = [
        ("guest_confine", include_str!("../../guest/program/confine.py")),
        ("guest_worker", include_str!("../../guest/program/worker.py")),
    ];
    let modules: Vec<_> = PROGRAM.into_iter().chain(own).collect();
    json!(modules).to_string()
}

/// The line that makes its session. `confine` is what it takes from itself first: see `confine.py`.
pub(crate) fn opening(spec: &SandboxSpec, limits: &Limits, confine: &Value) -> String {
    let mut frame = guest::open(spec, limits.output);
    if let Some(frame) = frame.as_object_mut() {
        frame.insert("confine".to_owned(), confine.clone());
    }
    json!([0, frame]).to_string()
}

/// A sandbox of the executor `executor` over what `connect` starts: a channel to a Python with the bootstrap.
pub(crate) fn sandbox<C: Channel>(
    executor: &'static str,
    spec: SandboxSpec,
    limits: Limits,
    confine: Value,
    connect: impl Future<Output = Result<C, ExecError>> + Send + 'static,
) -> Box<dyn Sandbox> {
    let make = async move {
        let channel = connect.await?;
        let opening = [program(), opening(&spec, &limits, &confine)];
        Interpreter::open(channel, limits, opening).await.map_err(|cause| ExecError::Start {
            executor: executor.to_owned(),
            cause,
            hint: String::new(),
        })
    };
    Box::new(Session::open(executor, make))
}
