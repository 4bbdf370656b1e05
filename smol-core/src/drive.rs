//! The driver: the only loop that does IO. It asks the run what is next, does that, tells the run, and then
//! yields the event. So whoever stops reading has a run that knows all it was shown, and nothing happens twice.

use crate::{
    acts,
    agent::Agent,
    budget::Meter,
    calls,
    event::{Event, Failure},
    exec::{Input, Outcome, Sandbox},
    place::Place,
    prepare,
    run::{Next, Phase, Run, Strategy},
    toolbox::RunTools,
};
use futures::{FutureExt, Stream, StreamExt, stream::BoxStream};
use futures_timer::Delay;
use std::sync::Arc;

/// The half of a run that cannot be saved: its sandbox. A new one is filled by replaying the run's journal.
#[derive(Default)]
pub struct Live {
    pub(crate) sandbox: Option<Box<dyn Sandbox>>,
    /// It is in the middle of a block, which waits for a tool.
    pub(crate) waits: bool,
    /// The tasks whose variables it has.
    pub(crate) tasks: usize,
    /// Its own tools, of those that remember.
    pub(crate) tools: RunTools,
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
        let signal = signal.boxed();
        async_stream::try_stream! {
            let mut events = self.drive_at(run, live, Place::root(self)).take_until(signal);
            while let Some(event) = events.next().await {
                yield event?;
            }
            if events.take_result().is_none() {
                return;
            }
            drop(events);
            if run.phase == Phase::Done {
                // It has its answer, and only has to say so.
                for await event in self.drive_at(run, live, Place::root(self)) {
                    yield event?;
                }
                return;
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
            if let Some((deadline, meter)) = deadline {
                let mut events = self.turns(run, live, place.clone()).boxed().take_until(deadline);
                while let Some(event) = events.next().await {
                    yield event?;
                }
                if events.take_result().is_none() {
                    return;
                }
                drop(events);
                if run.phase != Phase::Done {
                    live.sandbox = None;
                    yield place.happened(run, Event::OutOfBudget(meter.time_is_up()));
                }
            }
            for await event in self.turns(run, live, place) {
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
                for await event in prepare::announce(self, &mut *run, &place) {
                    yield event;
                }
                let next = run.next();
                live.leave(&next);
                if !matches!(next, Next::Done) && run.strategy == Strategy::Code && live.lacks(run) {
                    for await event in prepare::sandbox(self, &mut *run, &mut *live, &place) {
                        yield event?;
                    }
                    continue;
                }
                if let Some(event) = place.bill(run, &next) {
                    yield place.happened(run, event);
                    continue;
                }
                match next {
                    Next::Model(purpose, request) => {
                        let step = run.draft.step_number;
                        yield place.happened(run, Event::Ask { purpose, step, time: acts::now() });
                        for await event in acts::ask(self, *request) {
                            yield place.happened(run, event?);
                        }
                    }
                    Next::Inspect(code) => yield place.happened(run, acts::inspect(self, run, code)),
                    Next::Execute(input) => {
                        // Taken out while it works: if this stream is dropped meanwhile, the sandbox goes with it.
                        let Some(sandbox) = live.sandbox.take() else { continue };
                        let (event, sandbox) = acts::execute(sandbox, input, run.draft.clock).await?;
                        live.sandbox = sandbox;
                        live.waits = matches!(event, Event::Executed { outcome: Outcome::Call(_), .. });
                        yield place.happened(run, event);
                    }
                    Next::Call(records) => {
                        for await event in calls::make(self, &mut *run, records, &place, &live.tools) {
                            yield event?;
                        }
                    }
                    Next::Check(answer) => {
                        yield place.happened(run, Event::Checked(self.hooks.verdict(run, &answer)));
                    }
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
    /// A block that nobody will carry on goes with its sandbox.
    fn leave(&mut self, next: &Next) {
        if self.waits && !in_block(next) {
            (self.sandbox, self.waits) = (None, false);
        }
    }

    /// Whether it must be opened or told something before it can serve the run.
    fn lacks(&self, run: &Run) -> bool {
        self.sandbox.is_none() || run.tasks().nth(self.tasks).is_some()
    }

    /// Gives the session the variables of further tasks.
    pub(crate) async fn define(&mut self, definitions: Vec<String>) -> Result<(), Failure> {
        for code in definitions {
            if let Some(sandbox) = self.sandbox.as_mut().filter(|_| !code.is_empty()) {
                sandbox.feed(Input::Code(code)).await?;
            }
            self.tasks += 1;
        }
        Ok(())
    }
}

/// Whether it goes on in the middle of a block.
pub(crate) fn in_block(next: &Next) -> bool {
    matches!(next, Next::Call(_) | Next::Execute(Input::ToolReply { .. }))
}
