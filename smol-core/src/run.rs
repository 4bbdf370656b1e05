//! A run of an agent: what has happened and what comes next. Plain data and decisions, without IO, so it can be
//! saved between any two events and carried on in another process. [`Run::apply`] is the only thing that changes one.

use crate::{
    budget::{Budget, Limit, Spent},
    context::{self, Compaction},
    event::{Event, Purpose},
    exec::{Input, SandboxSpec},
    gate::Decision,
    memory::{ActionStep, CallRecord, MemoryStep, TaskStep},
    model::Request,
    prompt,
    result::RunState,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How an agent acts: by Python code or by tool calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The reply holds Python, which calls tools as functions.
    #[default]
    Code,
    /// The reply names tools and their arguments.
    ToolCalling,
}

/// What a run keeps to, from its agent and its task.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How many times the model may act before it must answer.
    pub max_steps: u32,
    /// A plan is made before every so many steps.
    pub planning_interval: Option<u32>,
    /// How many earlier tasks of the same run the model is shown, with their steps.
    pub memory_size: Option<usize>,
    /// What is done when the context window nears its end.
    pub compaction: Compaction,
    /// Tokens the model can hold.
    pub context_window: Option<u64>,
    /// JSON Schema of the answer.
    pub output: Option<Value>,
    /// Code comes as JSON of a thought and the code.
    pub structured: bool,
    /// The model sees pictures: those that code gives are shown to it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pictures: bool,
    /// Answers are checked before they stand.
    pub checked: bool,
    /// What the run may use up.
    pub budget: Option<Budget>,
}

/// What is to be done next, by whoever does the IO.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Ask the model this: [`Event::Said`].
    Model(Purpose, Box<Request>),
    /// Read this code, and say when it runs: [`Event::Code`].
    Inspect(String),
    /// Feed this to the sandbox: [`Event::Executed`].
    Execute(Input),
    /// Decide about these calls and make them: [`Event::ToolReply`] for each.
    Call(Vec<CallRecord>),
    /// See whether this answer stands: [`Event::Checked`].
    Check(Value),
    /// Nothing: the run has its answer.
    Done,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    /// The model's turn.
    Ask(Purpose),
    /// Code is to be read before it runs.
    Inspect(String),
    /// The sandbox's turn.
    Execute(Input),
    /// The tools' turn: those calls of the draft that have no reply yet.
    Call,
    /// An answer is to be looked at.
    Check { output: Value, text: String },
    /// Over.
    #[default]
    Done,
}

/// The serialisable state of one run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Run {
    /// The agent's name.
    pub(crate) agent: String,
    /// The id of the model that the agent asks.
    pub(crate) model: String,
    pub(crate) strategy: Strategy,
    pub(crate) settings: Settings,
    pub(crate) sandbox: SandboxSpec,
    pub(crate) memory: Vec<MemoryStep>,
    /// How many entries of the memory have been told of by an event.
    pub(crate) announced: usize,
    /// How many entries of the memory the callbacks have edited or need not see again.
    pub(crate) edited: usize,
    /// The step under way.
    pub(crate) draft: ActionStep,
    /// The draft's code was not marked as code: a syntax error then means there was none.
    pub(crate) bare: bool,
    pub(crate) phase: Phase,
    pub(crate) state: RunState,
    pub(crate) output: Value,
    pub(crate) text: String,
    pub(crate) spent: Spent,
    /// Limits of which the model was told that little is left.
    pub(crate) told: Vec<String>,
    pub(crate) out_of: Option<Limit>,
    /// What people decided while the run was not driven, by the call's id.
    pub(crate) decisions: BTreeMap<String, Decision>,
}

impl Run {
    /// Takes note of what happened. Events applied in order to the run of [`Event::Begin`] give the same run again.
    pub fn apply(&mut self, event: &Event) {
        if self.state == RunState::Interrupted {
            self.state = RunState::Running;
        }
        self.spent.add(event);
        match event {
            Event::Begin(run) => {
                self.clone_from(run);
                self.announced = self.memory.len();
            }
            Event::Settings(settings) => self.settings.clone_from(settings),
            Event::Task(task) => {
                self.follow_up((**task).clone());
                self.announced = self.memory.len();
            }
            Event::Ask { time, .. } if self.draft.started == 0.0 => self.draft.started = *time,
            Event::Said { reply, seconds, .. } => self.said(reply.clone(), *seconds),
            Event::Code { code, clock, inspection } => self.inspected(code, *clock, inspection),
            Event::Executed { outcome, seconds } => {
                self.draft.duration += seconds;
                self.executed(outcome.clone());
            }
            Event::Decided { id, decision } => self.decided(id, decision),
            Event::ToolCall { call, time } => {
                if let Some(record) = self.open_call(&call.id) {
                    record.timestamp = Some(*time);
                }
            }
            Event::Nested { call, event, .. } => {
                if let Some(record) = self.open_call(call) {
                    record.run.get_or_insert_default().apply(event);
                }
            }
            Event::ToolReply { id, reply, seconds } => self.tool_replied(id, reply, *seconds),
            Event::Checked(verdict) => self.checked(verdict),
            Event::Memory(memory) => {
                self.memory.clone_from(memory);
                self.edited = self.memory.len().min(self.announced + 1);
            }
            Event::Note(text) => self.note(text),
            Event::Low(limit) => {
                self.told.push(limit.name.clone());
                self.note(&limit.told());
            }
            Event::OutOfBudget(limit) => self.out_of_budget(limit),
            Event::VariablesLost => self.variables_lost(),
            Event::Interrupted => self.state = RunState::Interrupted,
            Event::Step(_) => self.announced += 1,
            Event::Ask { .. } | Event::Progress(_) | Event::Delta(_) | Event::Done(_) => {}
        }
    }

    /// Gives the run a further task. Earlier tasks and their steps stay in memory, variables in the sandbox.
    pub(crate) fn follow_up(&mut self, task: TaskStep) {
        if !matches!(self.phase, Phase::Done | Phase::Ask(_)) {
            // What was under way is given up, and with it the variables of its block.
            (self.draft.sandbox_lost, self.draft.error) = (true, Some(prompt::GIVEN_UP.to_owned()));
            self.draft.observations.push_str(prompt::GIVEN_UP);
            self.keep_draft();
        }
        self.memory.push(MemoryStep::Task(task));
        (self.state, self.out_of) = (RunState::Running, None);
        self.begin_step();
    }

    /// What is to become of a call that waits ([`crate::event::Failure::Waiting`]), once the run is driven on.
    pub fn decide(&mut self, id: &str, decision: Decision) {
        let inner =
            id.split_once('/').and_then(|(call, rest)| Some((self.open_call(call)?.run.as_mut()?, rest)));
        match inner {
            Some((run, rest)) => run.decide(rest, decision),
            None => {
                self.decisions.insert(id.to_owned(), decision);
            }
        }
    }

    /// What is to be done next.
    pub fn next(&self) -> Next {
        match &self.phase {
            Phase::Ask(purpose) => Next::Model(*purpose, Box::new(context::request(self, *purpose))),
            Phase::Inspect(code) => Next::Inspect(code.clone()),
            Phase::Execute(input) => Next::Execute(input.clone()),
            Phase::Call => Next::Call(
                self.draft.tool_calls.iter().filter(|record| record.reply.is_none()).cloned().collect(),
            ),
            Phase::Check { output, .. } => Next::Check(output.clone()),
            Phase::Done => Next::Done,
        }
    }
}
