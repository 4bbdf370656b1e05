//! What comes before a run goes on: what is complete is told, and the sandbox stands where the run stands.

use crate::{
    agent::Agent,
    code_agent::Block,
    drive::{Live, in_block},
    event::{Event, Failure},
    exec::{ExecError, Input, Outcome, Sandbox},
    memory::MemoryStep,
    place::Place,
    run::Run,
};
use futures::{
    Stream, StreamExt,
    channel::mpsc::unbounded,
    future::{Either, select},
};

/// Tells of every entry of the memory that is complete and of which nobody has heard, once the callbacks have seen it.
pub(crate) fn announce<'a>(
    agent: &'a Agent,
    run: &'a mut Run,
    place: &'a Place<'_>,
) -> impl Stream<Item = Event> + Send + 'a {
    async_stream::stream! {
        while let Some(entry) = run.memory.get(run.announced).cloned() {
            let at = run.announced;
            // Whoever carries a run on that was cut behind an edit does not edit again.
            let edited = (run.edited <= at).then(|| agent.hooks.edited(&run.memory, at)).flatten();
            match entry {
                MemoryStep::System(_) => run.announced += 1,
                // The run itself is news: it begins as the callbacks leave it.
                MemoryStep::Task(_) if at == 1 => {
                    if let Some(edited) = edited {
                        run.memory = edited;
                    }
                    yield place.happened(run, Event::Begin(Box::new(run.clone())));
                }
                MemoryStep::Task(task) => {
                    run.announced += 1;
                    yield Event::Task(Box::new(task));
                    if let Some(edited) = edited {
                        yield place.happened(run, Event::Memory(edited));
                    }
                }
                _ => {
                    if let Some(edited) = edited {
                        yield place.happened(run, Event::Memory(edited));
                    }
                    if let Some(entry) = run.memory.get(at).cloned() {
                        yield place.happened(run, Event::Step(Box::new(entry)));
                    }
                }
            }
        }
    }
}

/// Opens a sandbox if there is none, brings it to where the run stands, and gives it the variables of new tasks.
pub(crate) fn sandbox<'a>(
    agent: &'a Agent,
    run: &'a mut Run,
    live: &'a mut Live,
    place: &'a Place<'_>,
) -> impl Stream<Item = Result<Event, Failure>> + Send + 'a {
    async_stream::try_stream! {
        if live.sandbox.is_none() {
            let (sender, mut progress) = unbounded();
            let report = move |text: String| sender.unbounded_send(text).unwrap_or_default();
            let mut opening = agent.executor()?.open(run.sandbox.clone(), &report);
            let sandbox = loop {
                match select(opening, progress.next()).await {
                    Either::Left((sandbox, _)) => break sandbox?,
                    Either::Right((text, rest)) => {
                        opening = rest;
                        yield Event::Progress(text.unwrap_or_default());
                    }
                }
            };
            live.waits = in_block(&run.next());
            live.sandbox = run.refill(sandbox).await?;
            live.tasks = run.tasks().count();
            if live.sandbox.is_none() {
                yield place.happened(run, Event::VariablesLost);
                live.sandbox = Some(agent.executor()?.open(run.sandbox.clone(), &|_| {}).await?);
                live.tasks = 0;
            }
        }
        live.define(run.definitions(live.tasks)).await?;
    }
}

impl Run {
    /// Feeds a new sandbox all that the run's own had been fed, so that it stands where that one stood. `None`: its code
    /// went another way, so the variables are lost.
    pub async fn refill(&self, sandbox: Box<dyn Sandbox>) -> Result<Option<Box<dyn Sandbox>>, ExecError> {
        replay(sandbox, self.journal()).await
    }
}

/// Feeds a new sandbox what the old one had been fed. `None`: it went another way, so the variables are lost.
async fn replay(
    mut sandbox: Box<dyn Sandbox>,
    journal: Vec<Block>,
) -> Result<Option<Box<dyn Sandbox>>, ExecError> {
    for Block { code, clock, calls } in journal {
        if clock > 0 {
            sandbox.set_clock(clock);
        }
        let mut outcome = sandbox.feed(Input::Code(code)).await?;
        let mut waits = false;
        for record in calls {
            match outcome {
                Outcome::Call(ref call)
                    if call.name == record.call.name && call.arguments == record.call.arguments => {}
                _ => return Ok(None),
            }
            waits = record.reply.is_none();
            if let Some(reply) = record.reply {
                outcome = sandbox.feed(Input::ToolReply { id: record.call.id, reply }).await?;
            }
        }
        if matches!(outcome, Outcome::Lost { .. }) || matches!(outcome, Outcome::Call(_)) != waits {
            return Ok(None);
        }
    }
    Ok(Some(sandbox))
}
