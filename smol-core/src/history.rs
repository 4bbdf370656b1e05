//! Looking at a run: what it remembers, what it came to, what it took.

use crate::{
    budget::Spent,
    exec::SandboxSpec,
    memory::{ActionStep, MemoryStep, TaskStep},
    message::TokenUsage,
    result::{AgentRunResult, RunState},
    run::{Run, Settings, Strategy},
};

impl Run {
    /// The next entry of the memory that no event has told of yet: [`crate::event::Event::Step`] is to.
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

    /// The tasks it was given.
    pub(crate) fn tasks(&self) -> impl Iterator<Item = &TaskStep> {
        self.memory.iter().filter_map(|step| match step {
            MemoryStep::Task(task) => Some(task),
            _ => None,
        })
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
