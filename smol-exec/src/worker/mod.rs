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
#[cfg(any(feature = "cloud", feature = "docker", all(unix, feature = "process")))]
pub(crate) const BOOTSTRAP: &str = include_str!("../../guest/program/bootstrap.py");

/// How a worker is reached. Dropping it ends the worker.
#[async_trait::async_trait]
pub(crate) trait Channel: Send + 'static {
    /// Hands it a line, without its end. An error says that it is gone.
    async fn send(&mut self, line: String) -> Result<(), String>;

    /// What it says next. Nothing is lost if the future is dropped.
    async fn next(&mut self) -> Piece;

    /// What the user may do about a worker that does not get ready there.
    fn hint(&self) -> &'static str {
        ""
    }
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

/// The environment of a worker: no language but UTF-8, the same order of sets each time, no compiled modules beside the
/// sources, and no thread for each processor, of which each takes its share of the memory.
#[cfg(any(feature = "cloud", feature = "docker", all(unix, feature = "process")))]
pub(crate) const ENVIRONMENT: [(&str, &str); 6] = [
    ("LANG", "C.UTF-8"),
    ("PYTHONHASHSEED", "0"),
    ("PYTHONDONTWRITEBYTECODE", "1"),
    ("OPENBLAS_NUM_THREADS", "1"),
    ("OMP_NUM_THREADS", "1"),
    ("MPLBACKEND", "Agg"),
];

/// A sandbox of the executor `executor` over what `connect` starts: a channel to a Python with the bootstrap.
pub(crate) fn sandbox<C: Channel>(
    executor: &'static str,
    spec: SandboxSpec,
    limits: Limits,
    confine: Value,
    connect: impl Future<Output = Result<C, ExecError>> + Send + 'static,
) -> Box<dyn Sandbox> {
    Box::new(Session::open(executor, interpreter(executor, spec, limits, confine, connect)))
}

/// The interpreter of such a sandbox.
pub(crate) async fn interpreter<C: Channel>(
    executor: &'static str,
    spec: SandboxSpec,
    limits: Limits,
    confine: Value,
    connect: impl Future<Output = Result<C, ExecError>> + Send + 'static,
) -> Result<Interpreter<C>, ExecError> {
    let channel = connect.await?;
    let hint = channel.hint().to_owned();
    let opening = [program(), opening(&spec, &limits, &confine)];
    let made = Interpreter::open(channel, limits, opening).await;
    made.map_err(|cause| ExecError::Start { executor: executor.to_owned(), cause, hint })
}
