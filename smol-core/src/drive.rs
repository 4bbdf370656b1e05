//! The driver: the only loop that does IO. It asks the run what is next, does that, tells the run, and then
//! yields the event. So whoever stops reading has a run that knows all it was shown, and nothing happens twice.

use crate::{
    acts::{self, Place},
    agent::Agent,
    budget::Meter,
    code_agent::Block,
    event::{Event, Failure},
    exec::{ExecError, Input, Outcome, Sandbox},
    gate::Decision,
    memory::MemoryStep,
    run::{Next, Run, Strategy},
};
use futures::{
    FutureExt, Stream, StreamExt,
    channel::mpsc::unbounded,
    future::{Either, select},
    stream::{BoxStream, select_all},
};
use futures_timer::Delay;
use std::sync::Arc;

/// The half of a run that cannot be saved: its sandbox. A new one is filled by replaying the run's journal.
#[derive(Default)]
pub struct Live {
    sandbox: Option<Box<dyn Sandbox>>,
    /// It is in the middle of a block, which waits for a tool.
    waits: bool,
    /// The tasks whose variables it has.
    tasks: usize,
}

impl Agent {
    /// Carries `run` on until it is done, event by event. Dropping the stream pauses it: `run` can be saved, and
    /// driven on by any agent of the same make, with the same `live` or a new one.
    pub fn drive<'a>(
        &'a self,
        run: &'a mut Run,
        live: &'a mut Live,
    ) -> BoxStream<'a, Result<Event, Failure>> {
        self.drive_until(run, live, std::future::pending())
    }

    /// As [`Agent::drive`], until `signal` is ready: then whatever is under way ends, and the stream with
    /// [`Failure::Interrupted`].
    pub fn drive_until<'a>(
        &'a self,
        run: &'a mut Run,
        live: &'a mut Live,
        signal: impl Future<Output = ()> + Send + 'a,
    ) -> BoxStream<'a, Result<Event, Failure>> {
        let mut signal = signal.boxed();
        async_stream::try_stream! {
            {
                let mut events = self.drive_at(run, live, Place::root(self));
                loop {
                    match select(&mut signal, events.next()).await {
                        Either::Left(_) => break,
                        Either::Right((Some(event), _)) => yield event?,
                        Either::Right((None, _)) => return,
                    }
                }
            }
            live.sandbox = None;
            run.apply(&Event::Interrupted);
            yield Event::Interrupted;
            Err(Failure::Interrupted)?;
        }
        .boxed()
    }

    /// Drives a run of this agent at its place among others, no longer than its budget of time allows.
    pub(crate) fn drive_at<'a>(
        &'a self,
        run: &'a mut Run,
        live: &'a mut Live,
        mut place: Place<'a>,
    ) -> BoxStream<'a, Result<Event, Failure>> {
        let meter = run.settings.budget.map(|budget| Arc::new(Meter::new(budget, run.spent)));
        place.meters.extend(meter.clone());
        let deadline = meter.and_then(|meter| Some((Delay::new(meter.left()?), meter)));
        async_stream::try_stream! {
            if let Some((mut deadline, meter)) = deadline {
                {
                    let mut events = self.turns(run, live, place.clone()).boxed();
                    loop {
                        match select(&mut deadline, events.next()).await {
                            Either::Left(_) => break,
                            Either::Right((Some(event), _)) => yield event?,
                            Either::Right((None, _)) => return,
                        }
                    }
                }
                live.sandbox = None;
                let event = Event::OutOfBudget(meter.time_is_up());
                run.apply(&event);
                yield event;
            }
            let mut events = self.turns(run, live, place).boxed();
            while let Some(event) = events.next().await {
                yield event?;
            }
        }
        .boxed()
    }

    fn turns<'a>(
        &'a self,
        run: &'a mut Run,
        live: &'a mut Live,
        place: Place<'a>,
    ) -> impl Stream<Item = Result<Event, Failure>> + Send + 'a {
        async_stream::try_stream! {
            loop {
                while let Some(entry) = run.memory.get(run.announced).cloned() {
                    let at = run.announced;
                    match entry {
                        MemoryStep::System(_) => run.announced += 1,
                        // Nobody has heard of the run yet: it begins as the callbacks leave it.
                        MemoryStep::Task(_) if at == 1 => {
                            run.memory = self.hooks.edited(&run.memory, at).unwrap_or(std::mem::take(&mut run.memory));
                            yield place.happened(run, Event::Begin(Box::new(run.clone())));
                        }
                        MemoryStep::Task(task) => {
                            run.announced += 1;
                            yield Event::Task(Box::new(task));
                            if let Some(edited) = self.hooks.edited(&run.memory, at) {
                                yield place.happened(run, Event::Memory(edited));
                            }
                        }
                        _ => {
                            if let Some(edited) = self.hooks.edited(&run.memory, at) {
                                yield place.happened(run, Event::Memory(edited));
                            }
                            if let Some(entry) = run.memory.get(at).cloned() {
                                yield place.happened(run, Event::Step(Box::new(entry)));
                            }
                        }
                    }
                }
                let next = run.next();
                // A block that nobody will carry on goes with its sandbox.
                if live.waits && !matches!(next, Next::Call(_) | Next::Execute(Input::ToolReply { .. })) {
                    (live.sandbox, live.waits) = (None, false);
                }
                if next != Next::Done && run.strategy == Strategy::Code && live.lacks(run) {
                    if live.sandbox.is_none() {
                        let (sender, mut progress) = unbounded();
                        let report = move |text: String| sender.unbounded_send(text).unwrap_or_default();
                        let mut opening = self.executor()?.open(run.sandbox.clone(), &report);
                        let sandbox = loop {
                            match select(opening, progress.next()).await {
                                Either::Left((sandbox, _)) => break sandbox?,
                                Either::Right((text, rest)) => {
                                    opening = rest;
                                    yield Event::Progress(text.unwrap_or_default());
                                }
                            }
                        };
                        live.sandbox = run.refill(sandbox).await?;
                        live.waits = matches!(next, Next::Call(_) | Next::Execute(Input::ToolReply { .. }));
                        live.tasks = run.definitions(0).len();
                        if live.sandbox.is_none() {
                            yield place.happened(run, Event::VariablesLost);
                            live.sandbox = Some(self.executor()?.open(run.sandbox.clone(), &|_| {}).await?);
                            live.tasks = 0;
                        }
                    }
                    live.define(run.definitions(live.tasks)).await?;
                    continue;
                }
                if place.stops(&next) && run.out_of.is_none() {
                    if let Some(limit) = place.exhausted() {
                        yield place.happened(run, Event::OutOfBudget(limit));
                        continue;
                    }
                    if let (Next::Model(..), Some(limit)) = (&next, place.low(run)) {
                        yield place.happened(run, Event::Low(limit));
                        continue;
                    }
                }
                match next {
                    Next::Model(purpose, request) => {
                        let step = run.draft.step_number;
                        yield place.happened(run, Event::Ask { purpose, step, time: acts::now() });
                        let mut events = acts::ask(self, *request).boxed();
                        while let Some(event) = events.next().await {
                            yield place.happened(run, event?);
                        }
                    }
                    Next::Inspect(code) => yield place.happened(run, acts::inspect(self, run, code)),
                    Next::Execute(input) => {
                        // Taken out while it works: if this stream is dropped meanwhile, the sandbox goes with it.
                        let Some(sandbox) = live.sandbox.take() else { continue };
                        let clock = run.draft.clock;
                        let (event, sandbox) = acts::execute(sandbox, input, clock).await?;
                        live.sandbox = sandbox;
                        live.waits = matches!(event, Event::Executed { outcome: Outcome::Call(_), .. });
                        yield place.happened(run, event);
                    }
                    Next::Call(records) => {
                        let mut waiting = Vec::new();
                        for record in &records {
                            match acts::decide(self, run, record, &place).await {
                                Some(Decision::Wait) => waiting.push(acts::waiting(self, record, &place)),
                                Some(decision) => {
                                    let id = record.call.id.clone();
                                    yield place.happened(run, Event::Decided { id, decision })
                                }
                                None => {}
                            }
                        }
                        if !waiting.is_empty() {
                            Err(Failure::Waiting(waiting))?;
                        }
                        let Next::Call(records) = run.next() else { continue };
                        for batch in acts::batches(self, records) {
                            let calls = batch.into_iter().map(|record| acts::make(self, record, place.clone()));
                            let (mut calls, mut failed) = (select_all(calls), None);
                            // One that fails or waits does not cut the others short.
                            while let Some(event) = calls.next().await {
                                match event {
                                    Ok(event) => yield place.happened(run, event),
                                    Err(failure) => failed = Some(acts::worst(failed, failure)),
                                }
                            }
                            if let Some(failure) = failed {
                                Err(failure)?;
                            }
                        }
                    }
                    Next::Check(answer) => yield place.happened(run, Event::Checked(self.hooks.verdict(run, &answer))),
                    Next::Done => {
                        yield Event::Done(Box::new(run.result()));
                        break;
                    }
                }
            }
        }
    }
}

impl Live {
    /// Whether it must be opened or told something before it can serve the run.
    fn lacks(&self, run: &Run) -> bool {
        self.sandbox.is_none() || self.tasks < run.definitions(self.tasks).len() + self.tasks
    }

    /// Gives the session the variables of further tasks.
    async fn define(&mut self, definitions: Vec<String>) -> Result<(), Failure> {
        for code in definitions {
            if let Some(sandbox) = self.sandbox.as_mut().filter(|_| !code.is_empty()) {
                sandbox.feed(Input::Code(code)).await?;
            }
            self.tasks += 1;
        }
        Ok(())
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
