//! Everything a user sees of a run. Libraries print nothing: they yield these.

use crate::{
    exec::{ExecError, Outcome},
    memory::AgentStep,
    message::ToolCall,
    model::{Delta, ModelError},
    result::AgentRunResult,
    run::Run,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One thing that happened. The run's state already includes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The sandbox is being made ready.
    Progress(String),
    /// A piece of the model's reply.
    Delta(Delta),
    /// The reply's code, about to run.
    Code(String),
    /// A tool is about to be called.
    ToolCall(ToolCall),
    /// A tool's reply.
    ToolReply {
        /// The call's id.
        id: String,
        /// The tool's value, or the error the model is shown.
        reply: Result<Value, String>,
    },
    /// What the sandbox gave back.
    Executed(Outcome),
    /// A step is over.
    Step(Box<AgentStep>),
    /// The run is over.
    Done(Box<AgentRunResult>),
}

/// What ended a run without an answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The model could not be asked.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// No sandbox could be had.
    #[error(transparent)]
    Exec(#[from] ExecError),
    /// The run wants to execute code, and this agent has no executor.
    #[error(
        "the run needs a sandbox, and this agent has no executor\n\nhint: resume it with an agent of the make that began it"
    )]
    NoExecutor,
    /// A prompt template is broken.
    #[error("the prompt could not be rendered: {0}")]
    Prompt(String),
    /// There is nothing to do.
    #[error("the task is empty\n\nhint: say what the agent should do")]
    EmptyTask,
}

/// A run that failed, with all it had done. It can be carried on from where it is.
#[derive(Debug, thiserror::Error)]
#[error("{failure}")]
pub struct RunError {
    /// What ended it.
    pub failure: Failure,
    /// The run; none if it never began.
    pub run: Option<Box<Run>>,
}

impl From<Failure> for RunError {
    fn from(failure: Failure) -> Self {
        Self { failure, run: None }
    }
}
