//! The default executor: CPython 3.14 with its whole standard library, compiled to WebAssembly, in wasmtime.
//!
//! The component is embedded in this crate, so there is nothing to install. The wall is the wasm instance: code has its
//! own memory and nothing else, no files, no network, no processes, no environment. Everything it gets from outside
//! comes through two functions, one that asks for a tool and one that prints, and WASI's clock and random.

mod cache;
mod clock;
mod engine;
mod host;
mod prune;
mod session;
mod ticker;
mod turn;

use engine::Engine;
use futures::future::{BoxFuture, FutureExt};
use smol_core::exec::{ExecError, Executor, Progress, Sandbox, SandboxSpec};
use std::time::Duration;

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
}

/// What one sandbox may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limits {
    /// Bytes of memory, all of Python included.
    memory: usize,
    /// Time that one block may run, without the time it waits for tools.
    time_per_block: Duration,
    /// Characters of printed text, and of each text of an outcome.
    output: usize,
}

impl Limits {
    /// The limits of one sandbox, which its spec may set.
    fn for_sandbox(self, spec: &SandboxSpec) -> Self {
        // More than an address can tell is no limit.
        let memory = spec.memory.map(|bytes| usize::try_from(bytes).unwrap_or(usize::MAX));
        Self {
            memory: memory.unwrap_or(self.memory),
            time_per_block: spec.time_per_block.unwrap_or(self.time_per_block),
            ..self
        }
    }
}

impl Wasm {
    /// The executor with its default limits: 512 MB of memory, 30 seconds a block, 50,000 characters of output.
    pub fn new() -> Self {
        Self { limits: Limits { memory: 512 << 20, time_per_block: Duration::from_secs(30), output: 50_000 } }
    }

    /// Sets how many bytes of memory a sandbox may take, Python's own 30 MB included. Code that wants more meets a
    /// `MemoryError`, and the session goes on.
    pub fn memory(mut self, bytes: usize) -> Self {
        self.limits.memory = bytes;
        self
    }

    /// Sets how long one block may run, where the [`SandboxSpec`] does not say. Time spent waiting for a tool does not
    /// count. A block that runs longer is stopped and its sandbox is lost.
    pub fn time_per_block(mut self, limit: Duration) -> Self {
        self.limits.time_per_block = limit;
        self
    }

    /// Sets how many characters of what a block prints are kept: the head and the tail, with a notice in between of how
    /// many were left out. Each text of an outcome, such as a traceback, is held to the same limit.
    pub fn output(mut self, characters: usize) -> Self {
        self.limits.output = characters;
        self
    }
}

impl Default for Wasm {
    fn default() -> Self {
        Self::new()
    }
}

impl Executor for Wasm {
    fn open<'a>(
        &'a self,
        spec: SandboxSpec,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        async move {
            let engine = Engine::shared(progress).await?;
            let limits = self.limits.for_sandbox(&spec);
            Ok(Box::new(session::Session::open(engine, limits, spec)) as Box<dyn Sandbox>)
        }
        .boxed()
    }
}

/// The error of a sandbox that did not start.
fn start_error(cause: impl std::fmt::Display) -> ExecError {
    ExecError::Start { executor: "wasm".to_owned(), cause: format!("{cause:#}"), hint: String::new() }
}
