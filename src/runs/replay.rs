//! A recorded run gone through again, without a model, without tools, without a network. Its code is run anew in a
//! sandbox of the same make, which gets the replies that the tools gave; what follows from what must be what is on
//! record, byte for byte. What came from outside (replies, decisions, edits, how long things took) is taken from there.

use super::{
    RunFile,
    divergence::{Divergence, ReplayError, json},
    within,
};
use crate::{
    Event,
    exec::{ExecError, Executor, Input, Outcome, Sandbox},
    inspect::Inspection,
    memory::CallRecord,
    message::ToolCall,
    run::{Next, Run},
};
use std::collections::HashMap;

/// Goes through a run again, and fails at the first event that is not as it was. A run that was cut is replayed as far
/// as it went.
pub async fn replay(file: &RunFile, executor: &dyn Executor) -> Result<(), ReplayError> {
    let mut replay = Replay { executor, run: Run::default(), sandboxes: HashMap::new() };
    for (index, recorded) in file.events.iter().enumerate() {
        let following = file.events.get(index + 1);
        let new = replay.again(recorded, following).await?;
        if json(&new) != json(recorded) {
            let (id, recorded) = (file.header.id.clone(), recorded.clone());
            return Err(ReplayError::Diverged(Box::new(Divergence { id, index, recorded, new })));
        }
        replay.run.apply(recorded);
    }
    Ok(())
}

struct Replay<'a> {
    executor: &'a dyn Executor,
    /// The run so far. Those of managed agents are inside, in the records of their calls.
    run: Run,
    /// By the calls whose managed agent has it; none for the run's own.
    sandboxes: HashMap<Vec<String>, Open>,
}

/// A run's sandbox.
#[derive(Default)]
struct Open {
    sandbox: Option<Box<dyn Sandbox>>,
    /// It is in the middle of a block, which waits for a tool.
    waits: bool,
    /// The tasks whose variables it has.
    tasks: usize,
}

impl Replay<'_> {
    /// The event that comes now, in the place of the recorded one.
    async fn again(&mut self, recorded: &Event, following: Option<&Event>) -> Result<Event, ExecError> {
        let (calls, leaf) = within(recorded);
        let calls: Vec<String> = calls.into_iter().map(str::to_owned).collect();
        let Some(run) = run_of(&self.run, &calls) else {
            if matches!(leaf, Event::Begin(_)) && may_begin(&self.run, &calls) {
                self.sandboxes.remove(&calls);
                return Ok(recorded.clone());
            }
            // Nobody is at work there: the run itself goes on.
            let open = self.sandboxes.entry(Vec::new()).or_default();
            return coming(&self.run, open, self.executor, recorded).await;
        };
        if let Event::ToolReply { id, .. } = leaf {
            let done: Vec<String> = calls.iter().chain([id]).cloned().collect();
            self.sandboxes.retain(|place, _| !place.starts_with(&done));
        }
        if *leaf == Event::VariablesLost {
            self.sandboxes.remove(&calls);
        }
        if is_given(run, leaf) {
            return Ok(recorded.clone());
        }
        if let Some(step) = run.untold().cloned().or_else(|| given_up(run, leaf, following)) {
            return Ok(nested(recorded, Event::Step(Box::new(step))));
        }
        let open = self.sandboxes.entry(calls).or_default();
        let new = coming(run, open, self.executor, leaf).await?;
        Ok(nested(recorded, with_times(new, leaf)))
    }
}

impl Open {
    /// What the code gives now. `None`: a new sandbox could not be brought to where the old one was.
    async fn execute(
        &mut self,
        run: &Run,
        input: Input,
        executor: &dyn Executor,
    ) -> Result<Option<Outcome>, ExecError> {
        let is_code = matches!(input, Input::Code(_));
        // A block that was given up went with its sandbox.
        let kept = self.sandbox.take().filter(|_| !(self.waits && is_code));
        let mut sandbox = match kept {
            Some(sandbox) => sandbox,
            None => {
                let new = executor.open(run.sandbox().clone(), &|_| {}).await?;
                self.tasks = run.definitions(0).len();
                let Some(sandbox) = run.refill(new).await? else { return Ok(None) };
                sandbox
            }
        };
        for code in run.definitions(self.tasks) {
            self.tasks += 1;
            if !code.is_empty() {
                sandbox.feed(Input::Code(code)).await?;
            }
        }
        if is_code {
            sandbox.set_clock(run.draft().clock);
        }
        let outcome = sandbox.feed(input).await?;
        self.waits = matches!(outcome, Outcome::Call(_));
        self.sandbox = Some(sandbox).filter(|_| !matches!(outcome, Outcome::Lost { .. }));
        Ok(Some(outcome))
    }
}

/// Whether a run is due to begin: the first, or that of a managed agent which was called.
fn may_begin(run: &Run, calls: &[String]) -> bool {
    match calls.split_last() {
        None => true,
        Some((id, above)) => run_of(run, above).is_some_and(|run| open_call(run, id).is_some()),
    }
}

/// The run that is under way in these calls.
fn run_of<'a>(run: &'a Run, calls: &[String]) -> Option<&'a Run> {
    let begun = Some(run).filter(|run| !run.memory().is_empty());
    calls.iter().try_fold(begun?, |run, id| open_call(run, id)?.run.as_deref())
}

fn open_call<'a>(run: &'a Run, id: &str) -> Option<&'a CallRecord> {
    run.draft().tool_calls.iter().find(|record| record.call.id == id && record.reply.is_none())
}

/// Whether it came from outside: from the model, a tool, a person, the clock or a callback.
fn is_given(run: &Run, event: &Event) -> bool {
    match event {
        Event::Progress(_)
        | Event::Delta(_)
        | Event::Settings(_)
        | Event::Task(_)
        | Event::Memory(_)
        | Event::Note(_)
        | Event::Low(_)
        | Event::OutOfBudget(_)
        | Event::VariablesLost
        | Event::Interrupted => true,
        Event::Said { .. } => matches!(run.next(), Next::Model(..)),
        Event::Checked(_) => matches!(run.next(), Next::Check(_)),
        Event::Decided { id, .. } | Event::ToolReply { id, .. } => open_call(run, id).is_some(),
        _ => false,
    }
}

/// A new task ends a step that was under way. That the step is in the memory is told before the task is.
fn given_up(run: &Run, event: &Event, following: Option<&Event>) -> Option<crate::MemoryStep> {
    let (Event::Step(_), Some(task @ Event::Task(_))) = (event, following) else { return None };
    let mut later = run.clone();
    later.apply(task);
    later.memory().get(run.memory().len()).cloned()
}

/// What the run does next, by itself.
async fn coming(
    run: &Run,
    open: &mut Open,
    executor: &dyn Executor,
    recorded: &Event,
) -> Result<Event, ExecError> {
    Ok(match run.next() {
        Next::Model(purpose, _) => Event::Ask { purpose, step: run.draft().step_number, time: 0.0 },
        Next::Inspect(code) => Event::Code { code, clock: 0, inspection: Inspection::default() },
        Next::Execute(input) => match open.execute(run, input, executor).await? {
            Some(outcome) => Event::Executed { outcome, seconds: 0.0 },
            None => Event::VariablesLost,
        },
        Next::Call(records) => match the_call(&records, recorded) {
            Some(call) => Event::ToolCall { call, time: 0.0 },
            None => Event::VariablesLost,
        },
        Next::Check(_) => Event::Checked(Ok(())),
        Next::Done => Event::Done(Box::new(run.result())),
    })
}

/// The call that the record has, since calls at once come in any order; else the first.
fn the_call(records: &[CallRecord], recorded: &Event) -> Option<ToolCall> {
    let is_it =
        |record: &&CallRecord| matches!(recorded, Event::ToolCall { call, .. } if call.id == record.call.id);
    records.iter().find(is_it).or(records.first()).map(CallRecord::made)
}

/// The new event with the times of the recorded one, and with what nobody but the recorded one can say.
fn with_times(new: Event, recorded: &Event) -> Event {
    match (new, recorded) {
        (Event::Ask { purpose, step, .. }, Event::Ask { time, .. }) => {
            Event::Ask { purpose, step, time: *time }
        }
        (Event::Code { code, .. }, Event::Code { clock, inspection, .. }) => {
            Event::Code { code, clock: *clock, inspection: inspection.clone() }
        }
        // Its reason tells how long the code ran.
        (
            Event::Executed { outcome: Outcome::Lost { .. }, .. },
            Event::Executed { outcome: Outcome::Lost { .. }, .. },
        ) => recorded.clone(),
        (Event::Executed { outcome, .. }, Event::Executed { seconds, .. }) => {
            Event::Executed { outcome, seconds: *seconds }
        }
        (Event::ToolCall { call, .. }, Event::ToolCall { time, .. }) => Event::ToolCall { call, time: *time },
        (new, _) => new,
    }
}

/// The new event, where the recorded one happened.
fn nested(recorded: &Event, new: Event) -> Event {
    match recorded {
        Event::Nested { path, call, event } => {
            Event::Nested { path: path.clone(), call: call.clone(), event: Box::new(nested(event, new)) }
        }
        _ => new,
    }
}
