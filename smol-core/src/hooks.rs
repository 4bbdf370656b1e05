//! Code of the user's that runs at fixed points: callbacks on the memory, checks of the answer. Whatever goes wrong in
//! it is noted in the run and does not end it.

use crate::{memory::MemoryStep, run::Run, toolbox::faults};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Called when an entry of the memory is complete.
pub(crate) type Callback = Box<dyn Fn(&mut [MemoryStep]) -> Result<(), String> + Send + Sync>;
/// Says whether an answer stands.
pub(crate) type Check = Box<dyn Fn(&Value, &[MemoryStep]) -> Result<(), String> + Send + Sync>;

/// The kinds of memory entries that a callback can wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StepKind {
    /// A task was given.
    Task,
    /// A plan was made, and is not used yet.
    Planning,
    /// The agent acted.
    Action,
    /// Earlier steps were summed up.
    Summary,
    /// The answer stands.
    FinalAnswer,
}

#[derive(Default)]
pub(crate) struct Hooks {
    pub(crate) callbacks: Vec<(StepKind, Callback)>,
    pub(crate) checks: Vec<Check>,
}

impl Hooks {
    /// The memory as the callbacks leave it, if they change anything. Called when the entry after `announced` others
    /// is complete.
    pub(crate) fn edited(&self, memory: &[MemoryStep], announced: usize) -> Option<Vec<MemoryStep>> {
        let kind = kind_of(memory.get(announced)?)?;
        if !self.callbacks.iter().any(|(wanted, _)| *wanted == kind) {
            return None;
        }
        let mut edited = memory.to_vec();
        for (_, callback) in self.callbacks.iter().filter(|(wanted, _)| *wanted == kind) {
            let visible = edited.get_mut(..=announced)?;
            let outcome = guarded(|| callback(visible));
            if let (Err(error), Some(step)) = (outcome, visible.last_mut()) {
                blame(step, &format!("a callback failed: {error}"));
            }
        }
        (edited != memory).then_some(edited)
    }

    /// Whether the answer is of the form that was asked for and passes every check.
    pub(crate) fn verdict(&self, run: &Run, answer: &Value) -> Result<(), String> {
        if let Some(schema) = &run.settings.output {
            let schema = jsonschema::validator_for(schema)
                .map_err(|error| format!("its schema is not valid: {error}"))?;
            match faults(&schema, answer).as_str() {
                "" => {}
                faults => return Err(format!("it is not of the form that was asked for: {faults}")),
            }
        }
        self.checks.iter().try_for_each(|check| guarded(|| check(answer, &run.memory)))
    }
}

fn guarded(work: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("it panicked".to_owned()))
}

fn kind_of(step: &MemoryStep) -> Option<StepKind> {
    Some(match step {
        MemoryStep::Task(_) => StepKind::Task,
        MemoryStep::Planning(_) => StepKind::Planning,
        MemoryStep::Action(_) => StepKind::Action,
        MemoryStep::Summary(_) => StepKind::Summary,
        MemoryStep::FinalAnswer(_) => StepKind::FinalAnswer,
        MemoryStep::System(_) | MemoryStep::Note(_) => return None,
    })
}

fn blame(step: &mut MemoryStep, error: &str) {
    let place = match step {
        MemoryStep::Planning(step) => &mut step.error,
        MemoryStep::Action(step) => &mut step.error,
        MemoryStep::FinalAnswer(step) => &mut step.error,
        _ => return,
    };
    *place = Some(place.take().map_or_else(|| error.to_owned(), |earlier| format!("{earlier}\n{error}")));
}
