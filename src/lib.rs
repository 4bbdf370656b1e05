//! smolagents for Rust: a language model writes Python, a sandbox runs it, and what came of it goes back to the
//! model until the task is done.
//!
//! ```
//! use smolagents::prelude::*;
//! use smolagents::models::scripted::{ScriptedModel, text};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // In the place of a real model, such as `smolagents::models::provider::model("openai/gpt-4o", …)`:
//! let model = ScriptedModel::new([text("Thought: Python knows.\n<code>final_answer(2**10)</code>")]);
//! let agent = CodeAgent::builder(model).build()?;
//! let result = agent.run("What is 2 to the power of 10?").await?;
//! assert_eq!(result.output, 1024);
//! # Ok(())
//! # }
//! ```
//!
//! A function is a tool:
//!
//! ```
//! use smolagents::prelude::*;
//!
//! /// Adds two numbers.
//! ///
//! /// # Arguments
//! /// * `a` - The first number.
//! /// * `b` - The second number.
//! #[tool(effect = "pure")]
//! fn add(a: i64, b: i64) -> i64 {
//!     a + b
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let model = smolagents::models::scripted::ScriptedModel::new([]);
//! let agent = CodeAgent::builder(model).tool(add).build()?;
//! # Ok(())
//! # }
//! ```
//!
//! This crate only puts the parts together. Each feature adds one, and changes nothing else: `wasm` (default) is the
//! embedded Python sandbox, `wasm-data` one with numpy, pandas, scipy and matplotlib, fetched when it is first used,
//! `openai` (default) the wire to remote models, `tools` (default) the toolbox, `candle`
//! local models, `hub` what fetches their weights, `share` tools and agents as files that others load, `inspect` (default)
//! what reads code before it runs, `runs` (default) runs as files, `otel` traces of runs, `mcp` the tools of MCP servers,
//! `mcp-server` agents as such a server, `bedrock` the models of Amazon Bedrock, `transcription` Whisper on this machine,
//! `video` films, `gradio` Gradio apps as tools, `jupyter` and `blaxel` sandboxes elsewhere.

#[cfg(feature = "inspect")]
pub mod inspect;
#[cfg(not(feature = "inspect"))]
pub use smol_core::inspect;

pub mod guard;
#[cfg(feature = "hub")]
pub mod hub;
#[cfg(feature = "otel")]
pub mod otel;

pub use smol_core::{
    Live, ToolCallingAgent,
    agent::{Agent, AgentBuilder, BuildError, StartError},
    artifact, attempt,
    budget::{Budget, Spent},
    context::Compaction,
    embed::{self, Embedder},
    event::{self, Event, Failure, RunError},
    exec::{self, Executor},
    gate::{self, Decision, Gate},
    hooks::StepKind,
    memory::{self, ActionStep, MemoryStep},
    message, model,
    model::Model,
    original::Detail,
    parse,
    result::{AgentRunResult, AgentStep, RunState, ToolCall},
    run::{self, Run},
    session::Session,
    task::{TaskRun, TypedRun},
    text_model,
    tool::{self, Effect, Tool, ToolError, ToolSpec},
};

pub use smol_exec as executors;
#[cfg(any(feature = "mcp", feature = "mcp-server"))]
pub use smol_mcp as mcp;
pub use smol_models as models;
#[cfg(feature = "tools")]
pub use smol_tools as tools;
#[cfg(feature = "tools")]
pub use smol_tools::facade_tool as tool;

#[cfg(feature = "tools")]
mod base_tools;
#[cfg(feature = "tools")]
pub use base_tools::base_tools;

#[cfg(feature = "runs")]
pub mod runs;

#[cfg(all(feature = "hub", feature = "transcription"))]
pub mod whisper;

/// What most programs need.
pub mod prelude {
    #[cfg(feature = "share")]
    pub use crate::hub::ShareAgent;
    #[cfg(feature = "tools")]
    pub use crate::tool;
    pub use crate::{AgentRunResult, CodeAgent, Event, Model, Tool, ToolCallingAgent};
    pub use futures::StreamExt;
}

#[cfg(not(feature = "wasm"))]
pub use smol_core::CodeAgent;

/// An agent that writes Python. Its code runs in the embedded sandbox unless the builder is given another executor.
#[cfg(feature = "wasm")]
pub struct CodeAgent;

#[cfg(feature = "wasm")]
impl CodeAgent {
    /// Starts one, as [`smol_core::CodeAgent::builder`] does, with the `wasm` executor, and with its code read before
    /// it runs where the `inspect` feature is on.
    pub fn builder(model: impl Model + 'static) -> AgentBuilder {
        let builder = smol_core::CodeAgent::builder(model).executor(smol_exec::Wasm::default());
        #[cfg(feature = "inspect")]
        let builder = builder.inspector(inspect::PythonInspector);
        builder
    }
}
