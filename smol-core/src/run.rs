//! A run of an agent: what has happened and what comes next. Plain data and decisions, without IO, so it can be
//! saved between any two events and carried on in another process. [`Run::apply`] is the only thing that changes one.

use crate::{
    budget::{Budget, Limit, Spent},
    context::{self, Compaction},
    event::{Event, Purpose},
    exec::{Input, SandboxSpec},
    gate::Decision,
    memory::{
        ActionStep, CallRecord, FinalAnswerStep, MemoryStep, NoteStep, PlanningStep, SummaryStep, TaskStep,
        display,
    },
    message::TokenUsage,
    model::{Reply, Request, StopReason},
    prompt,
    result::{AgentRunResult, RunState},
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
            Event::Memory(memory) => self.memory.clone_from(memory),
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

    fn said(&mut self, mut reply: Reply, seconds: f64) {
        let Phase::Ask(purpose) = self.phase else { return };
        let token_usage = reply.usage.unwrap_or_default();
        match purpose {
            Purpose::Plan => {
                let plan = reply.text.trim().to_owned();
                // The action that follows is asked for at a time of its own.
                let started = std::mem::take(&mut self.draft.started);
                let step = PlanningStep { plan, token_usage, started, duration: seconds, error: None };
                self.memory.push(MemoryStep::Planning(step));
                self.phase = Phase::Ask(Purpose::Act);
            }
            Purpose::Summarise => {
                let step = SummaryStep {
                    text: reply.text.trim().to_owned(),
                    until: context::kept_from(self),
                    token_usage,
                };
                self.memory.push(MemoryStep::Summary(step));
                self.draft.started = 0.0;
                self.phase = Phase::Ask(context::purpose(self));
            }
            Purpose::Conclude => {
                reply.text = reply.text.trim().to_owned();
                self.draft.reply = reply;
                self.draft.duration += seconds;
                self.conclude();
            }
            Purpose::Act => {
                self.draft.reply = reply;
                self.draft.duration += seconds;
                match self.strategy {
                    Strategy::Code => self.read_code(),
                    Strategy::ToolCalling => self.read_calls(),
                }
            }
        }
    }

    fn conclude(&mut self) {
        let (state, error) = match &self.out_of {
            Some(limit) => (RunState::Budget, limit.to_string()),
            None => {
                (RunState::MaxSteps, format!("the limit of {} steps was reached", self.settings.max_steps))
            }
        };
        self.draft.error = Some(error);
        let text = self.draft.reply.text.clone();
        let parsed = self.settings.output.as_ref().and_then(|_| serde_json::from_str(&text).ok());
        self.finish(state, parsed.unwrap_or_else(|| Value::String(text.clone())), text);
    }

    fn out_of_budget(&mut self, limit: &Limit) {
        // What the draft had begun is given up: its code, if it waits for a tool, goes with its sandbox.
        if !matches!(self.phase, Phase::Ask(_)) {
            self.draft.sandbox_lost = true;
            self.observe(limit.to_string(), Some(limit.to_string()));
        }
        self.out_of = Some(limit.clone());
        self.phase = Phase::Ask(Purpose::Conclude);
        if !limit.last_word {
            self.draft.reply.text = context::best_so_far(self);
            self.conclude();
        }
    }

    fn note(&mut self, text: &str) {
        self.memory.push(MemoryStep::Note(NoteStep { text: text.to_owned() }));
        self.announced = self.memory.len();
    }

    pub(crate) fn open_call(&mut self, id: &str) -> Option<&mut CallRecord> {
        self.draft.tool_calls.iter_mut().find(|record| record.call.id == id && record.reply.is_none())
    }

    fn decided(&mut self, id: &str, decision: &Decision) {
        self.decisions.remove(id);
        let Some(record) = self.open_call(id) else { return };
        // Decided anew, it is made anew.
        (record.decision, record.timestamp) = (Some(decision.clone()), None);
        match decision {
            Decision::Edit(arguments) => record.edited = Some(arguments.clone()),
            Decision::Refuse(reason) => record.reply = Some(Err(format!("the call was refused: {reason}"))),
            Decision::Answer(value) => record.reply = Some(Ok(value.clone())),
            Decision::Approve | Decision::Wait => {}
        }
        self.settle_calls();
    }

    fn tool_replied(&mut self, id: &str, reply: &Result<Value, String>, seconds: f64) {
        let ends = self.draft.tool_calls.iter().filter(|record| record.reply.is_some());
        let busy_until =
            ends.map(|record| record.timestamp.unwrap_or_default() + record.seconds).fold(0.0, f64::max);
        let Some(record) = self.open_call(id) else { return };
        let begun = record.timestamp.unwrap_or_default();
        record.token_usage = record.run.as_ref().map_or_else(TokenUsage::default, |run| run.token_usage());
        (record.reply, record.seconds, record.run) = (Some(reply.clone()), seconds, None);
        // Calls side by side take the time of the longest.
        let taken = (begun + seconds - begun.max(busy_until)).max(0.0);
        self.draft.duration += taken;
        self.spent.seconds += taken;
        self.settle_calls();
    }

    /// Goes on once every call has its reply.
    pub(crate) fn settle_calls(&mut self) {
        let Some(last) = self.draft.tool_calls.last().cloned() else { return };
        if self.draft.tool_calls.iter().any(|record| record.reply.is_none()) {
            return;
        }
        match (self.strategy, last.reply) {
            (Strategy::Code, Some(reply)) => {
                self.phase = Phase::Execute(Input::ToolReply { id: last.call.id, reply });
            }
            _ => self.note_replies(),
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

    /// An answer: it stands, unless it is to be looked at first.
    pub(crate) fn propose(&mut self, output: Value, text: String) {
        match self.settings.checked {
            true => self.phase = Phase::Check { output, text },
            false => self.finish(RunState::Answered, output, text),
        }
    }

    fn checked(&mut self, verdict: &Result<(), String>) {
        let Phase::Check { output, text } = std::mem::take(&mut self.phase) else { return };
        let Err(why) = verdict else { return self.finish(RunState::Answered, output, text) };
        let told = format!("{}\n{why}", prompt::REFUSED_ANSWER);
        // By the native wire the model reads the reply to its call.
        if let Some(record) =
            self.draft.tool_calls.last_mut().filter(|_| self.strategy == Strategy::ToolCalling)
        {
            record.reply = Some(Err(told.clone()));
        }
        self.observe(told.clone(), Some(told));
    }

    pub(crate) fn finish(&mut self, state: RunState, output: Value, text: String) {
        self.keep_draft();
        let answer = FinalAnswerStep { output: output.clone(), text: text.clone(), error: None };
        self.memory.push(MemoryStep::FinalAnswer(answer));
        (self.phase, self.state, self.output, self.text) = (Phase::Done, state, output, text);
    }

    /// Ends the run with the argument of a `final_answer` tool call.
    pub(crate) fn answer(&mut self, output: Value) {
        let text = display(&output);
        self.propose(output, text);
    }

    fn keep_draft(&mut self) {
        self.memory.push(MemoryStep::Action(std::mem::take(&mut self.draft)));
    }

    pub(crate) fn begin_step(&mut self) {
        self.draft = ActionStep { step_number: self.taken() + 1, ..ActionStep::default() };
        self.phase = Phase::Ask(context::purpose(self));
    }

    /// The next entry of the memory that no event has told of yet: [`Event::Step`] is to.
    pub fn untold(&self) -> Option<&MemoryStep> {
        self.memory.get(self.announced)
    }

    /// The memory so far, finished steps only.
    pub fn memory(&self) -> &[MemoryStep] {
        &self.memory
    }

    /// The finished actions of all tasks.
    pub fn steps(&self) -> impl Iterator<Item = &ActionStep> {
        self.memory.iter().filter_map(|step| match step {
            MemoryStep::Action(step) => Some(step),
            _ => None,
        })
    }

    /// Whether the entry at `at` of the memory is the last word of a run that had used up its steps or budget: it
    /// answered, and without an action.
    pub(crate) fn is_conclusion(&self, at: usize) -> bool {
        let answered = matches!(self.memory.get(at + 1), Some(MemoryStep::FinalAnswer(_)));
        let acted = match self.memory.get(at) {
            Some(MemoryStep::Action(step)) => step.code_action.is_some() || !step.tool_calls.is_empty(),
            _ => true,
        };
        answered && !acted
    }

    /// The number of actions that the task under way has taken.
    pub(crate) fn taken(&self) -> u32 {
        let steps =
            self.memory.iter().skip(self.task_at()).filter(|step| matches!(step, MemoryStep::Action(_)));
        u32::try_from(steps.count()).unwrap_or(u32::MAX - 1)
    }

    /// Where in the memory the task under way stands.
    pub(crate) fn task_at(&self) -> usize {
        self.memory.iter().rposition(|step| matches!(step, MemoryStep::Task(_))).unwrap_or(0)
    }

    /// The result as it stands: of a run that is not over, what is there so far.
    pub fn result(&self) -> AgentRunResult {
        let memory = self.memory.get(self.task_at()..).unwrap_or_default();
        AgentRunResult::new(self.state, self.output.clone(), self.text.clone(), memory)
    }

    /// Tokens of everything the run and its managed agents asked their models, in all tasks.
    pub fn token_usage(&self) -> TokenUsage {
        self.memory.iter().map(MemoryStep::token_usage).sum()
    }

    /// What was used up so far, managed agents included.
    pub fn spent(&self) -> &Spent {
        &self.spent
    }

    /// The name of the agent that began it.
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// The id of that agent's model, such as `openai/gpt-4o`.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// How it acts.
    pub fn strategy(&self) -> Strategy {
        self.strategy
    }

    /// What its sandboxes are told.
    pub fn sandbox(&self) -> &SandboxSpec {
        &self.sandbox
    }

    /// What it keeps to.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How it stands.
    pub fn state(&self) -> RunState {
        self.state
    }

    /// The step under way.
    pub fn draft(&self) -> &ActionStep {
        &self.draft
    }
}
