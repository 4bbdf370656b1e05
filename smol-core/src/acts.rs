//! What the driver does for a run: it asks the model, reads code, feeds the sandbox. None of it changes the run: it gives
//! events, and the driver applies them.

use crate::{
    agent::Agent,
    event::{Event, Failure},
    exec::{ExecError, Input, Outcome, Sandbox},
    inspect::Session,
    model::{Reply, Request},
    run::Run,
};
use futures::{Stream, StreamExt};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Seconds since 1970.
pub(crate) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
}

/// The model's reply, as it comes.
pub(crate) fn ask(agent: &Agent, request: Request) -> impl Stream<Item = Result<Event, Failure>> + Send {
    async_stream::try_stream! {
        let (started, mut reply) = (Instant::now(), Reply::default());
        let mut deltas = agent.model.stream(request);
        while let Some(delta) = deltas.next().await {
            let delta = delta?;
            reply.push(delta.clone());
            yield Event::Delta(delta);
        }
        let cost = reply.usage.zip(agent.info.price).map_or(0.0, |(usage, price)| price.of(usage));
        yield Event::Said { reply: reply.finish(), seconds: started.elapsed().as_secs_f64(), cost };
    }
}

/// What the code would do, and when it runs.
pub(crate) fn inspect(agent: &Agent, run: &Run, code: String) -> Event {
    let earlier: Vec<&str> = run.steps().filter_map(|step| step.code_action.as_deref()).collect();
    let variables: Vec<&str> =
        run.tasks().flat_map(|task| task.variables.keys()).map(String::as_str).collect();
    let session = Session { earlier: &earlier, variables: &variables, tools: &run.sandbox.tools };
    let inspection = agent.inspector.as_ref().map(|inspector| inspector.inspect(&code, &session));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time since 1970 fits")]
    let clock = (now() * 1000.0) as u64;
    Event::Code { code, clock, inspection: inspection.unwrap_or_default() }
}

/// Feeds the sandbox; it comes back unless it was lost.
pub(crate) async fn execute(
    mut sandbox: Box<dyn Sandbox>,
    input: Input,
    clock: u64,
) -> Result<(Event, Option<Box<dyn Sandbox>>), ExecError> {
    let started = Instant::now();
    if matches!(input, Input::Code(_)) {
        sandbox.set_clock(clock);
    }
    let outcome = sandbox.feed(input).await?;
    let sandbox = (!matches!(outcome, Outcome::Lost { .. })).then_some(sandbox);
    Ok((Event::Executed { outcome, seconds: started.elapsed().as_secs_f64() }, sandbox))
}
