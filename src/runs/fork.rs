//! A run that goes another way from one of its steps on.

use super::RunFile;
use crate::{
    Event, MemoryStep,
    event::Purpose,
    model::{Reply, StopReason},
    run::{Next, Run},
};

/// What is different in a fork.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The step's code is this instead, and it is yet to run.
    Code(String),
    /// The model is told this after the step.
    Message(String),
}

/// Why a run cannot be forked there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ForkError {
    /// It did not get that far.
    #[error(
        "the run `{id}` has no finished step {step}\n\nhint: {}",
        if *.steps == 0 { "no step of its last task is finished".to_owned() } else { format!("its last task has the steps 1 to {steps}") }
    )]
    NoStep {
        /// The run's id.
        id: String,
        /// The step asked for.
        step: u32,
        /// How many there are.
        steps: u32,
    },
    /// The step did not run code, or could not run this.
    #[error(
        "step {step} of the run `{id}` cannot run this code\n\nhint: the step must be one of a code agent, and the code may not hold tags or fences of code"
    )]
    NoCode {
        /// The run's id.
        id: String,
        /// The step asked for.
        step: u32,
    },
    /// The answer was given in that step.
    #[error(
        "the run `{id}` was over after step {step}\n\nhint: fork it at an earlier step, or edit the step's code"
    )]
    Over {
        /// The run's id.
        id: String,
        /// The step asked for.
        step: u32,
    },
}

/// The events of a run up to the end of a step of its last task, from 1, with a change. A run of these goes on as any
/// that was cut.
pub fn fork(file: &RunFile, step: u32, change: Option<Change>) -> Result<Vec<Event>, ForkError> {
    let end = end_of(file, step)?;
    let mut events = file.events.get(..=end).unwrap_or_default().to_vec();
    if let Some(Change::Code(code)) = &change {
        let said = edited(&events, code);
        let (at, reply) = said.ok_or_else(|| ForkError::NoCode { id: file.header.id.clone(), step })?;
        events.truncate(at);
        events.push(reply);
        return Ok(events);
    }
    if folded(&events).next() == Next::Done {
        return Err(ForkError::Over { id: file.header.id.clone(), step });
    }
    if let Some(Change::Message(text)) = change {
        events.push(Event::Note(text));
    }
    Ok(events)
}

/// Where the step of the last task is told of.
fn end_of(file: &RunFile, step: u32) -> Result<usize, ForkError> {
    let begins = |event: &Event| matches!(event, Event::Begin(_) | Event::Task(_));
    let task = file.events.iter().rposition(begins).unwrap_or(0);
    let number = |event: &Event| match event {
        Event::Step(entry) => match &**entry {
            MemoryStep::Action(action) => Some(action.step_number),
            _ => None,
        },
        _ => None,
    };
    let mut steps =
        file.events.iter().enumerate().skip(task).filter_map(|(at, event)| Some((at, number(event)?)));
    let known = steps.clone().map(|(_, number)| number).max().unwrap_or(0);
    let found = steps.find(|(_, number)| *number == step);
    let missing = || ForkError::NoStep { id: file.header.id.clone(), step, steps: known };
    found.map(|(at, _)| at).ok_or_else(missing)
}

/// The last reply with other code, and where it stands. It is what the run makes of it that says whether it will do.
fn edited(events: &[Event], code: &str) -> Option<(usize, Event)> {
    let at = events.iter().rposition(|event| matches!(event, Event::Said { .. }))?;
    let Some(Event::Said { reply, seconds, cost }) = events.get(at) else { return None };
    let before = folded(events.get(..at)?);
    let Next::Model(Purpose::Act, _) = before.next() else { return None };
    let texts = match before.settings().structured {
        true => vec![structured(&reply.text, code)?],
        // A thought may mention what would be taken for the beginning of the code.
        false => vec![tagged(thought(&reply.text), code), tagged("", code)],
    };
    texts.into_iter().find_map(|text| {
        let reply = Reply { text, stop: StopReason::End, ..reply.clone() };
        let said = Event::Said { reply, seconds: *seconds, cost: *cost };
        let mut after = before.clone();
        after.apply(&said);
        let runs = matches!(after.next(), Next::Inspect(read) if read.trim() == code.trim());
        runs.then_some((at, said))
    })
}

/// What stands before the code.
fn thought(text: &str) -> &str {
    let code = ["<code>", "```"].iter().filter_map(|marker| text.find(marker)).min();
    text.get(..code.unwrap_or(0)).unwrap_or_default()
}

fn tagged(thought: &str, code: &str) -> String {
    format!("{thought}<code>\n{}\n</code>", code.trim_end())
}

fn structured(text: &str, code: &str) -> Option<String> {
    let mut reply: serde_json::Value = serde_json::from_str(text).ok()?;
    reply.as_object_mut()?.insert("code".to_owned(), code.into());
    Some(reply.to_string())
}

fn folded(events: &[Event]) -> Run {
    let mut run = Run::default();
    events.iter().for_each(|event| run.apply(event));
    run
}
