//! A run of an agent: what has happened and what comes next. Plain data and decisions, without IO, so it can be
//! saved between any two events and carried on in another process.

use crate::{
    exec::Input,
    memory::{AgentStep, MemoryStep, display},
    message::{Media, Message, Role, TokenUsage, ToolCall},
    model::{Reply, Request, StopReason},
    prompt,
    result::{AgentRunResult, RunState},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// How an agent acts: by Python code or by tool calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// The reply holds Python, which calls tools as functions.
    Code,
    /// The reply names tools and their arguments.
    ToolCalling,
}

/// What is to be done next, by whoever does the IO.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Send this to the model, then tell [`Run::model_said`].
    Model(Request),
    /// Feed this to the sandbox, then tell [`Run::executed`].
    Execute(Input),
    /// Call these tools, and tell [`Run::tool_replied`] of each.
    Call(Vec<ToolCall>),
    /// Nothing: the run has its answer.
    Done,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    /// The model's turn.
    Ask,
    /// The model's turn, for its best answer: the steps are used up.
    Conclude,
    /// The sandbox's turn.
    Execute(Input),
    /// The tools' turn: those calls of the draft that have no reply yet.
    Call,
    /// Over.
    Done,
}

/// The serialisable state of one run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    pub(crate) strategy: Strategy,
    pub(crate) max_steps: u32,
    pub(crate) seed: u64,
    pub(crate) memory: Vec<MemoryStep>,
    /// The step under way.
    pub(crate) draft: AgentStep,
    /// The draft's code was not marked as code: a syntax error then means there was none.
    pub(crate) bare: bool,
    pub(crate) phase: Phase,
    pub(crate) state: RunState,
    pub(crate) output: Value,
    pub(crate) text: String,
}

impl Run {
    pub(crate) fn new(strategy: Strategy, system: MemoryStep, max_steps: u32, seed: u64) -> Self {
        Self {
            strategy,
            max_steps,
            seed,
            memory: vec![system],
            draft: AgentStep::default(),
            bare: false,
            phase: Phase::Done,
            state: RunState::Running,
            output: Value::Null,
            text: String::new(),
        }
    }

    /// Gives the run its first or next task. Earlier tasks and their steps stay in memory, variables in the sandbox.
    pub fn follow_up(&mut self, task: impl Into<String>, images: Vec<Media>) {
        self.memory.push(MemoryStep::Task { task: task.into(), images });
        self.state = RunState::Running;
        self.begin_step();
    }

    /// What is to be done next.
    pub fn next(&self) -> Next {
        match &self.phase {
            Phase::Ask | Phase::Conclude => Next::Model(self.request()),
            Phase::Execute(input) => Next::Execute(input.clone()),
            Phase::Call => {
                let open = self.draft.tool_calls.iter().filter(|record| record.reply.is_none());
                Next::Call(open.map(|record| record.call.clone()).collect())
            }
            Phase::Done => Next::Done,
        }
    }

    /// The memory so far, finished steps only.
    pub fn memory(&self) -> &[MemoryStep] {
        &self.memory
    }

    /// The finished steps of all tasks.
    pub fn steps(&self) -> impl Iterator<Item = &AgentStep> {
        self.memory.iter().filter_map(|step| match step {
            MemoryStep::Action(step) => Some(step),
            _ => None,
        })
    }

    /// The result as it stands: of a run that is not over, what is there so far.
    pub fn result(&self) -> AgentRunResult {
        let task = self.memory.iter().rposition(|step| matches!(step, MemoryStep::Task { .. })).unwrap_or(0);
        let steps = self.memory.iter().skip(task).filter_map(|step| match step {
            MemoryStep::Action(step) => Some(step.clone()),
            _ => None,
        });
        AgentRunResult::new(self.state, self.output.clone(), self.text.clone(), steps.collect())
    }

    /// Tokens of all finished steps of all tasks.
    pub fn token_usage(&self) -> TokenUsage {
        self.steps().fold(TokenUsage::default(), |mut sum, step| {
            sum += step.token_usage();
            sum
        })
    }

    fn request(&self) -> Request {
        let mut messages: Vec<Message> = self.memory.iter().flat_map(MemoryStep::to_messages).collect();
        if self.phase == Phase::Conclude {
            messages.push(Message::new(Role::User, prompt::OUT_OF_STEPS));
            return Request::new(messages);
        }
        Request { stop: prompt::stop_sequences(self.strategy), ..Request::new(messages) }
    }

    /// Adds to the time of the step under way.
    pub fn spent(&mut self, time: Duration) {
        self.draft.duration += time.as_secs_f64();
    }

    /// The model's reply to [`Next::Model`].
    pub fn model_said(&mut self, reply: Reply) {
        self.draft.reply = reply;
        match (&self.phase, self.strategy) {
            (Phase::Conclude, _) => {
                self.draft.error = Some(format!("the limit of {} steps was reached", self.max_steps));
                let text = self.draft.reply.text.trim().to_owned();
                self.finish(RunState::MaxSteps, Value::String(text.clone()), text);
            }
            (_, Strategy::Code) => self.read_code(),
            (_, Strategy::ToolCalling) => self.read_calls(),
        }
    }

    /// A tool's reply to one call of [`Next::Call`]: its value, or an error in words for the model.
    pub fn tool_replied(&mut self, id: &str, reply: Result<Value, String>) {
        let open =
            self.draft.tool_calls.iter_mut().find(|record| record.call.id == id && record.reply.is_none());
        let Some(record) = open else { return };
        record.reply = Some(reply.clone());
        match self.strategy {
            Strategy::Code => self.phase = Phase::Execute(Input::ToolReply { id: id.to_owned(), reply }),
            Strategy::ToolCalling => self.note_replies(),
        }
    }

    /// Ends the step with `observation`, which the model reads next.
    pub(crate) fn observe(&mut self, observation: String, error: Option<String>) {
        self.draft.observations.push_str(&observation);
        self.draft.error = error;
        self.keep_draft();
        self.begin_step();
    }

    /// Ends the step whose reply held nothing to do.
    pub(crate) fn observe_no_action(&mut self, advice: &str) {
        let error = match self.draft.reply.stop {
            StopReason::Length => prompt::CUT_OFF,
            _ => advice,
        };
        self.observe(error.to_owned(), Some(error.to_owned()));
    }

    /// Ends the run.
    pub(crate) fn finish(&mut self, state: RunState, output: Value, text: String) {
        self.keep_draft();
        (self.phase, self.state, self.output, self.text) = (Phase::Done, state, output, text);
    }

    /// Ends the run with the argument of a `final_answer` tool call.
    pub(crate) fn answer(&mut self, output: Value) {
        let text = display(&output);
        self.finish(RunState::Answered, output, text);
    }

    fn keep_draft(&mut self) {
        self.memory.push(MemoryStep::Action(std::mem::take(&mut self.draft)));
    }

    fn begin_step(&mut self) {
        let taken = self.memory.iter().rev().take_while(|step| matches!(step, MemoryStep::Action(_))).count();
        let taken = u32::try_from(taken).unwrap_or(u32::MAX);
        self.draft = AgentStep { step_number: taken.saturating_add(1), ..AgentStep::default() };
        self.phase = if taken < self.max_steps { Phase::Ask } else { Phase::Conclude };
    }
}
