//! Where code runs. A [`Sandbox`] asks for tools and never calls one: it returns the call and waits for the reply.
//! So approval, budgets, recording and pausing work in the middle of running code, on every sandbox alike.

use crate::{message::ToolCall, tool::ToolSpec};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// What a sandbox is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// A block of Python. The state of earlier blocks is there.
    Code(String),
    /// The answer to the [`Outcome::Call`] it is waiting on; an error is raised inside the code.
    ToolReply {
        /// The call's id.
        id: String,
        /// The tool's value, or why there is none.
        reply: Result<Value, String>,
    },
}

/// What a sandbox gives back. `logs` is what the block printed, already cut to the sandbox's limit; after a
/// call it comes with the block's last outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The code wants this tool's value and is suspended until it gets the reply. Ids count from the start of
    /// the block (`call_1`, …), so that a block that is run again gives its calls the same ids.
    Call(ToolCall),
    /// The block ended. `value` is that of its last expression (null if none), `text` how Python shows it
    /// (empty for `None`).
    Value {
        /// The value as JSON; what JSON lacks is tagged (`{"__type__": "set", …}`), the rest is its `repr`.
        value: Value,
        /// `repr` of the value.
        text: String,
        /// What was printed.
        logs: String,
    },
    /// The code called `final_answer(x)` or assigned to `final_answer`.
    FinalAnswer {
        /// The answer as JSON, as in [`Outcome::Value`].
        value: Value,
        /// `str` of the answer.
        text: String,
        /// What was printed.
        logs: String,
    },
    /// The code raised, or was refused before it ran.
    Raised {
        /// The exception's class, such as `SyntaxError`.
        kind: String,
        /// The traceback.
        error: String,
        /// What was printed before.
        logs: String,
    },
    /// The sandbox hit a limit or crashed and is gone, with its variables. The next block needs a new one.
    Lost {
        /// What happened, with the limit and what was used.
        reason: String,
        /// What was printed before, as far as it is known.
        logs: String,
    },
}

/// What a new sandbox is told about its run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SandboxSpec {
    /// The tools code may call, as functions.
    pub tools: Vec<ToolSpec>,
    /// Modules that code may import, submodules included. `None`: everything the sandbox holds.
    pub authorized_imports: Option<Vec<String>>,
    /// Seeds `random` and its like, where the sandbox can: the same blocks then give the same values.
    pub seed: Option<u64>,
    /// How long one block may run, its tool calls not counted. `None`: the executor's own limit.
    pub time_per_block: Option<Duration>,
    /// How much memory it may use, in bytes, where the sandbox can tell. `None`: the executor's own limit.
    pub memory: Option<u64>,
}

/// Hears what a sandbox does before it is ready, such as compiling its engine on first use.
pub type Progress<'a> = &'a (dyn Fn(String) + Send + Sync);

/// Makes sandboxes. One executor serves many runs at once.
pub trait Executor: Send + Sync {
    /// A new sandbox with no variables. May return before the sandbox is ready, and get it ready meanwhile.
    fn open<'a>(
        &'a self,
        spec: SandboxSpec,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>>;

    /// What configuration files call this kind of executor, such as `wasm`; empty for one that they do not know.
    fn name(&self) -> &'static str {
        ""
    }
}

/// One run's Python: state lasts from block to block and ends with the sandbox.
#[async_trait::async_trait]
pub trait Sandbox: Send {
    /// Sets the wall clock that the next block sees, in milliseconds since 1970, where the sandbox can. From there
    /// it goes on by what the block does (its readings and sleeps), so that a block run again reads the same times.
    /// A sandbox that was never told a time has the host's.
    fn set_clock(&mut self, _milliseconds: u64) {}

    /// Gives it a block, or the reply it waits for, and returns when the block ended or needs a tool.
    /// Dropping the future, or the sandbox, stops the code.
    async fn feed(&mut self, input: Input) -> Result<Outcome, ExecError>;
}

/// Why no sandbox could be had. What code does wrong is an [`Outcome`], never this.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ExecError {
    /// It could not be started.
    #[error("could not start the `{executor}` sandbox: {cause}{}", if .hint.is_empty() { String::new() } else { format!("\n\nhint: {}", .hint) })]
    Start {
        /// The executor's name.
        executor: String,
        /// What went wrong.
        cause: String,
        /// What the user may do.
        hint: String,
    },
    /// It was given what it cannot use now, such as a reply it does not wait for.
    #[error("the `{executor}` sandbox was misused: {cause}")]
    Protocol {
        /// The executor's name.
        executor: String,
        /// What was wrong.
        cause: String,
    },
}
