//! The default executor: CPython 3.14 with its whole standard library, compiled to WebAssembly, in wasmtime.
//!
//! The component is embedded in this crate, so there is nothing to install. The wall is the wasm instance: code has its
//! own memory and a working folder, no other files, no network, no processes, no environment. Everything else that it
//! gets from outside comes through two functions, one that asks for a tool and one that prints, and WASI's clock and random.

mod allowance;
mod cache;
mod clock;
#[cfg(feature = "wasm-data")]
mod data;
mod engine;
mod files;
mod host;
mod interpreter;
mod prune;
mod ticker;
mod turn;

use crate::{
    limits::{Limits, setters},
    session::Session,
};
#[cfg(feature = "wasm-data")]
pub use data::WasmData;
use engine::{Engine, Instance};
use files::Places;
use futures::future::{BoxFuture, FutureExt};
use host::{Host, Shared};
use interpreter::Interpreter;
use smol_core::exec::{ExecError, Executor, Progress, Sandbox, SandboxSpec};
use std::sync::Arc;

/// CPython in WebAssembly, as an [`Executor`]. A tokio runtime of any flavour must be there when it is used.
///
/// Where [`Sandbox::set_clock`] told a time, all of Python's clocks go by what the code does: each reading is a
/// microsecond after the one before, and a sleep ends when its time has come on them. A sleep really waits all the same,
/// and counts as time that the block ran.
///
/// The first use on a machine compiles the component, which takes some seconds, and keeps the result in
/// `$SMOLAGENTS_CACHE`, or else `$XDG_CACHE_HOME/smolagents`, or else `~/.cache/smolagents`. Later sandboxes start
/// within milliseconds. What other versions compiled more than 30 days before is removed then.
///
/// ```no_run
/// use smol_core::exec::{Executor, Input, SandboxSpec};
/// use std::time::Duration;
///
/// # async fn example() -> Result<(), smol_core::exec::ExecError> {
/// let executor = smol_exec::Wasm::new().time_per_block(Duration::from_secs(5));
/// let mut sandbox = executor.open(SandboxSpec::default(), &|step| eprintln!("{step}")).await?;
/// let outcome = sandbox.feed(Input::Code("sum(range(10))".into())).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wasm {
    limits: Limits,
    files: files::Settings,
}

impl Wasm {
    /// The executor with its default limits: 512 MB of memory, 30 seconds a block, 50,000 characters of output, 256 MiB
    /// written to at most 10,000 files; and an empty working folder, `/work`.
    pub fn new() -> Self {
        Self { limits: Limits::with_memory(512 << 20), files: files::Settings::default() }
    }
}

setters!(Wasm);
files::setters!(Wasm);

impl Default for Wasm {
    fn default() -> Self {
        Self::new()
    }
}

impl Executor for Wasm {
    fn name(&self) -> &'static str {
        "wasm"
    }

    fn open<'a>(
        &'a self,
        spec: SandboxSpec,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        async move {
            let engine = Engine::shared(progress).await?;
            let limits = self.limits.for_sandbox(&spec);
            let places = Places::prepare(&self.files)?;
            let make = make(engine, limits, spec, places);
            Ok(Box::new(Session::open("wasm", make)) as Box<dyn Sandbox>)
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
    let host = Host::new(&spec, &limits, shared.clone(), Some(places)).map_err(start_error)?;
    let instance = engine.instance(host, &open).await.map_err(start_error)?;
    Ok(Interpreter::over(instance, engine.ticker.clone(), limits, shared))
}

/// The error of a sandbox that did not start.
fn start_error(cause: impl std::fmt::Display) -> ExecError {
    ExecError::Start { executor: "wasm".to_owned(), cause: format!("{cause:#}"), hint: String::new() }
}
