//! The driver: the only loop that does IO. It asks the run what is next, does that, tells the run, and then
//! yields the event. So whoever stops reading has a run that knows all it was shown, and nothing happens twice.

use crate::{
    agent::Agent,
    code_agent::Block,
    event::{Event, Failure},
    exec::{ExecError, Input, Outcome, Sandbox, SandboxSpec},
    model::Reply,
    run::{Next, Phase, Run, Strategy},
};
use futures::{
    Stream, StreamExt,
    channel::mpsc::unbounded,
    future::{Either, select},
    stream::FuturesUnordered,
};
use std::time::Instant;

/// The half of a run that cannot be saved: its sandbox. A new one is filled by replaying the run's journal.
#[derive(Default)]
pub struct Live(Option<Box<dyn Sandbox>>);

impl Agent {
    /// Carries `run` on until it is done, event by event. Dropping the stream pauses it: `run` can be saved, and
    /// driven on by any agent of the same make, with the same `live` or a new one.
    pub fn drive<'a>(
        &'a self,
        run: &'a mut Run,
        live: &'a mut Live,
    ) -> impl Stream<Item = Result<Event, Failure>> + Send + 'a {
        async_stream::try_stream! {
            loop {
                let finished = run.memory().len();
                match run.next() {
                    // Opened before the model is asked: the sandbox gets ready while the model thinks.
                    Next::Model(_) | Next::Execute(_) | Next::Call(_)
                        if live.0.is_none() && run.strategy == Strategy::Code =>
                    {
                        let (sender, mut progress) = unbounded();
                        let report = move |text: String| sender.unbounded_send(text).unwrap_or_default();
                        let mut opening = self.executor()?.open(self.sandbox_spec(run), &report);
                        let sandbox = loop {
                            match select(opening, progress.next()).await {
                                Either::Left((sandbox, _)) => break sandbox?,
                                Either::Right((text, rest)) => {
                                    opening = rest;
                                    yield Event::Progress(text.unwrap_or_default());
                                }
                            }
                        };
                        live.0 = replay(sandbox, run.journal()).await?;
                        if live.0.is_none() {
                            run.variables_lost();
                        }
                    }
                    Next::Model(mut request) => {
                        request.tools = self.offered_tools();
                        let (started, mut reply) = (Instant::now(), Reply::default());
                        let mut deltas = self.model.stream(request);
                        while let Some(delta) = deltas.next().await {
                            let delta = delta?;
                            reply.push(delta.clone());
                            yield Event::Delta(delta);
                        }
                        run.spent(started.elapsed());
                        run.model_said(reply.finish());
                        if let Phase::Execute(Input::Code(code)) = &run.phase {
                            yield Event::Code(code.clone());
                        }
                    }
                    Next::Execute(input) => {
                        // Taken out while it works: if this stream is dropped meanwhile, the sandbox goes with it.
                        let Some(mut sandbox) = live.0.take() else { continue };
                        let started = Instant::now();
                        let outcome = sandbox.feed(input).await?;
                        if !matches!(outcome, Outcome::Lost { .. }) {
                            live.0 = Some(sandbox);
                        }
                        run.spent(started.elapsed());
                        run.executed(outcome.clone());
                        yield Event::Executed(outcome);
                    }
                    Next::Call(calls) => {
                        for batch in self.tools.batches(calls) {
                            for call in &batch {
                                yield Event::ToolCall(call.clone());
                            }
                            let started = Instant::now();
                            let call_tool = async |call| (call, self.tools.call(call).await);
                            let mut replies: FuturesUnordered<_> = batch.iter().map(call_tool).collect();
                            while let Some((call, reply)) = replies.next().await {
                                if replies.is_empty() {
                                    run.spent(started.elapsed());
                                }
                                run.tool_replied(&call.id, reply.clone());
                                yield Event::ToolReply { id: call.id.clone(), reply };
                            }
                        }
                    }
                    Next::Done => {
                        yield Event::Done(Box::new(run.result()));
                        break;
                    }
                }
                if run.memory().len() > finished && let Some(step) = run.steps().last() {
                    yield Event::Step(Box::new(step.clone()));
                }
            }
        }
    }

    fn sandbox_spec(&self, run: &Run) -> SandboxSpec {
        SandboxSpec {
            tools: self.tools.specs(),
            authorized_imports: self.authorized_imports.clone(),
            seed: Some(run.seed),
            time_per_block: None,
        }
    }
}

/// Feeds a new sandbox what the old one had been fed. `None`: it went another way, so the variables are lost.
async fn replay(
    mut sandbox: Box<dyn Sandbox>,
    journal: Vec<Block>,
) -> Result<Option<Box<dyn Sandbox>>, ExecError> {
    for Block { code, calls } in journal {
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
