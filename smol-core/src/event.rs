//! Everything a user sees of a run. Libraries print nothing: they yield these. They are also all that changes a run
//! ([`Run::apply`]): a run whose events were written down can be made again from them.

use crate::{
    agent::StartError,
    budget::Limit,
    exec::{ExecError, Outcome},
    gate::Decision,
    inspect::Inspection,
    memory::{MemoryStep, TaskStep},
    message::ToolCall,
    model::{Delta, ModelError, Reply},
    result::AgentRunResult,
    run::{Run, Settings},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the model is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The next action.
    Act,
    /// A plan.
    Plan,
    /// A summary of earlier steps, to be shown in their place.
    Summarise,
    /// The best answer it has: steps or budget are used up.
    Conclude,
}

/// One thing that happened. The run's state already includes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The run begins, as it was at this moment.
    Begin(Box<Run>),
    /// The next task of the same run keeps to other settings than the one before.
    Settings(Box<Settings>),
    /// A further task was given to the same run.
    Task(Box<TaskStep>),
    /// The sandbox is being made ready.
    Progress(String),
    /// The model is about to be asked.
    Ask {
        /// For what.
        purpose: Purpose,
        /// The number of the step under way, from 1.
        step: u32,
        /// When, in seconds since 1970.
        time: f64,
    },
    /// A piece of the model's reply.
    Delta(Delta),
    /// The model's whole reply.
    Said {
        /// The reply.
        reply: Reply,
        /// Seconds it took.
        seconds: f64,
        /// US dollars it cost; 0 if the price is not known.
        cost: f64,
    },
    /// The reply's code, about to run, or refused for the faults that were found in it.
    Code {
        /// The Python.
        code: String,
        /// What the sandbox's clock will say, in milliseconds since 1970.
        clock: u64,
        /// What it would do.
        inspection: Inspection,
    },
    /// What the sandbox gave back.
    Executed {
        /// The outcome.
        outcome: Outcome,
        /// Seconds it took.
        seconds: f64,
    },
    /// What was decided about a tool call, where it is not simply made.
    Decided {
        /// The call's id.
        id: String,
        /// The decision.
        decision: Decision,
    },
    /// A tool is about to be called.
    ToolCall {
        /// The call as it is made.
        call: ToolCall,
        /// When, in seconds since 1970.
        time: f64,
    },
    /// A tool's reply.
    ToolReply {
        /// The call's id.
        id: String,
        /// The tool's value, or the error the model is shown.
        reply: Result<Value, String>,
        /// Seconds it took.
        seconds: f64,
    },
    /// Something happened in the run of a managed agent.
    Nested {
        /// The agents from the root down to this one, such as `manager/researcher`.
        path: String,
        /// The id of the call that the managed agent works on.
        call: String,
        /// What happened there.
        event: Box<Event>,
    },
    /// The final answer was looked at: it stands, or it is refused for this reason, which the model reads.
    Checked(Result<(), String>),
    /// A callback edited the memory, which is now this.
    Memory(Vec<MemoryStep>),
    /// A word to the model between two steps.
    Note(String),
    /// Little is left of a budget, and the model was told so.
    Low(Limit),
    /// A budget is used up: the run ends with the best answer so far.
    OutOfBudget(Limit),
    /// The variables of earlier blocks are gone for good.
    VariablesLost,
    /// The run was stopped from outside. It can be carried on.
    Interrupted,
    /// An entry of the memory is complete.
    Step(Box<MemoryStep>),
    /// The run is over.
    Done(Box<AgentRunResult>),
}

impl Event {
    /// The event itself, and the path of the managed agent it happened in; the path is empty for the run's own.
    pub fn leaf(&self) -> (&str, &Event) {
        let (mut path, mut leaf) = ("", self);
        while let Event::Nested { path: deeper, event, .. } = leaf {
            (path, leaf) = (deeper, event);
        }
        (path, leaf)
    }
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
    /// The run could not begin.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Calls wait for somebody's decision.
    #[error("{} for a decision: {}\n\nhint: say `run.decide(id, decision)` for each, and resume the run",
        if .0.len() == 1 { "a tool call waits" } else { "tool calls wait" },
        .0.iter().map(Waiting::to_string).collect::<Vec<_>>().join(", "))]
    Waiting(Vec<Waiting>),
    /// The run was stopped from outside.
    #[error("the run was interrupted\n\nhint: it can be resumed")]
    Interrupted,
    /// The run ended, and its answer is not of the form that was asked for.
    #[error("the answer is not of the form that was asked for: {0}")]
    Output(String),
}

/// A call that waits for somebody's decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// By which [`Run::decide`] finds it: the call's id, after those of the managed agents it is made in
    /// (`call_2/call_1`).
    pub id: String,
    /// The managed agent that makes it, such as `manager/researcher`; empty for the run's own.
    pub path: String,
    /// The call.
    pub call: ToolCall,
    /// It was begun before, and whether it had its effect is not known.
    pub may_have_happened: bool,
}

impl std::fmt::Display for Waiting {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (id, name) = (&self.id, &self.call.name);
        let again = if self.may_have_happened { ", which may have happened already" } else { "" };
        write!(formatter, "`{name}` ({id}{again})")
    }
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
