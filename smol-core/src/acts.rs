//! What the driver does for a run, one function for each [`crate::run::Next`]. None of them changes the run: they
//! give events, and the driver applies them.

use crate::{
    agent::Agent,
    budget::{Limit, Meter},
    event::{Event, Failure, Purpose, Waiting},
    exec::{ExecError, Input, Outcome, Sandbox},
    gate::{Ask, Decision, Gate},
    inspect::Session,
    log,
    memory::{CallRecord, MemoryStep},
    model::{Reply, Request},
    run::{Next, Run},
    tool::Effect,
    toolbox::Doer,
};
use futures::{FutureExt, Stream, StreamExt, stream::BoxStream};
use std::{
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

/// Where a run stands among others: who is above it, decides with it and pays with it.
#[derive(Clone)]
pub(crate) struct Place<'a> {
    /// The agents from the root down.
    pub(crate) path: String,
    pub(crate) gates: Vec<&'a dyn Gate>,
    pub(crate) meters: Vec<Arc<Meter>>,
}

impl<'a> Place<'a> {
    pub(crate) fn root(agent: &'a Agent) -> Self {
        let path = if agent.name.is_empty() { "agent" } else { &agent.name };
        Self { path: path.to_owned(), gates: gates(agent), meters: Vec::new() }
    }

    pub(crate) fn below(mut self, agent: &'a Agent) -> Self {
        self.path = format!("{}/{}", self.path, agent.name);
        self.gates.extend(gates(agent));
        self
    }

    /// Tells the run of it and counts it. A managed agent counts for itself, on the same meters.
    pub(crate) fn happened(&self, run: &mut Run, event: Event) -> Event {
        run.apply(&event);
        log::event(&self.path, &event);
        if !matches!(event, Event::Nested { .. }) {
            self.meters.iter().for_each(|meter| meter.add(&event));
        }
        event
    }

    /// Whether this begins work that a used-up budget forbids.
    pub(crate) fn stops(&self, next: &Next) -> bool {
        match next {
            Next::Model(purpose, _) => *purpose != Purpose::Conclude,
            Next::Call(records) => !records.is_empty(),
            _ => false,
        }
    }

    pub(crate) fn exhausted(&self) -> Option<Limit> {
        self.meters.iter().find_map(|meter| meter.exhausted())
    }

    /// A limit of which little is left, and of which the model was not told.
    pub(crate) fn low(&self, run: &Run) -> Option<Limit> {
        let limits = self.meters.iter().flat_map(|meter| meter.low());
        limits.into_iter().find(|limit| !run.told.contains(&limit.name))
    }
}

fn gates(agent: &Agent) -> Vec<&dyn Gate> {
    agent.gates.iter().map(|gate| &**gate).collect()
}

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
    let tasks = run.memory.iter().filter_map(|step| match step {
        MemoryStep::Task(task) => Some(task.variables.keys().map(String::as_str)),
        _ => None,
    });
    let variables: Vec<&str> = tasks.flatten().collect();
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

/// A call that writes was begun, and the run was cut before its reply. A managed agent does nothing before its run
/// begins, and then the run is there.
fn may_have_happened(agent: &Agent, record: &CallRecord) -> bool {
    let entry = agent.tools.entry(&record.call.name);
    let writes =
        entry.is_some_and(|entry| entry.spec.effect == Effect::Writes && matches!(entry.doer, Doer::Tool(_)));
    writes && record.timestamp.is_some()
}

/// What the gates say about a call; none if nobody minds.
pub(crate) async fn decide(
    agent: &Agent,
    run: &Run,
    record: &CallRecord,
    place: &Place<'_>,
) -> Option<Decision> {
    if let Some(decision) = run.decisions.get(&record.call.id) {
        return Some(decision.clone());
    }
    let may_have_happened = may_have_happened(agent, record);
    if record.run.is_some() || (record.decision.is_some() && !may_have_happened) {
        return None;
    }
    let entry = agent.tools.entry(&record.call.name);
    let call = record.made();
    let ask = Ask {
        path: &place.path,
        call: &call,
        tool: entry.map(|entry| &entry.spec),
        tools: &agent.sandbox.tools,
        is_agent: entry.is_some_and(|entry| matches!(entry.doer, Doer::Agent(_))),
        may_have_happened,
        possible: &run.draft.possible_calls,
        memory: &run.memory,
        calls: &run.draft.tool_calls,
    };
    for gate in &place.gates {
        match AssertUnwindSafe(gate.decide(ask)).catch_unwind().await {
            Ok(None) => {}
            Ok(decision) => return decision,
            Err(_) => return Some(Decision::Refuse("whoever decides about calls crashed".to_owned())),
        }
    }
    may_have_happened.then_some(Decision::Wait)
}

/// The call as one that waits for a decision.
pub(crate) fn waiting(agent: &Agent, record: &CallRecord, place: &Place<'_>) -> Waiting {
    let may_have_happened = may_have_happened(agent, record);
    Waiting { id: record.call.id.clone(), path: place.path.clone(), call: record.made(), may_have_happened }
}

/// Splits calls into groups that run one after another: those of one group may run at once, a call that writes is a
/// group of its own.
pub(crate) fn batches(agent: &Agent, records: Vec<CallRecord>) -> Vec<Vec<CallRecord>> {
    let writes = |record: &CallRecord| agent.tools.effect(&record.call.name) == Effect::Writes;
    let mut batches: Vec<Vec<CallRecord>> = Vec::new();
    for record in records {
        match batches.last_mut() {
            Some(batch) if !writes(&record) && !batch.iter().any(writes) => batch.push(record),
            _ => batches.push(vec![record]),
        }
    }
    batches
}

/// Makes one call.
pub(crate) fn make<'a>(
    agent: &'a Agent,
    record: CallRecord,
    place: Place<'a>,
) -> BoxStream<'a, Result<Event, Failure>> {
    async_stream::try_stream! {
        let (started, call) = (Instant::now(), record.made());
        if record.run.is_none() {
            yield Event::ToolCall { call: call.clone(), time: now() };
        }
        let reply = match agent.tools.doer(&call) {
            Err(advice) => Err(advice),
            Ok(Doer::Tool(tool)) => agent.tools.call(&**tool, &call).await,
            Ok(Doer::Agent(managed)) => match managed.managed_run(&call, record.run) {
                Err(advice) => Err(advice),
                Ok(mut run) => {
                    let place = place.below(managed);
                    let path = place.path.clone();
                    let mut live = crate::Live::default();
                    let mut events = managed.drive_at(&mut run, &mut live, place);
                    while let Some(event) = events.next().await {
                        let event = Box::new(event.map_err(|failure| within(&call.id, failure))?);
                        yield Event::Nested { path: path.clone(), call: call.id.clone(), event };
                    }
                    drop(events);
                    Ok(managed.report(&run))
                }
            },
        };
        yield Event::ToolReply { id: call.id, reply, seconds: started.elapsed().as_secs_f64() };
    }
    .boxed()
}

/// A call inside a managed agent is named by the call that the agent works on, too.
fn within(call: &str, failure: Failure) -> Failure {
    let Failure::Waiting(calls) = failure else { return failure };
    let inside = |waiting: Waiting| Waiting { id: format!("{call}/{}", waiting.id), ..waiting };
    Failure::Waiting(calls.into_iter().map(inside).collect())
}

/// Of two failures the one to report: any before waiting, and waiting together.
pub(crate) fn worst(one: Option<Failure>, other: Failure) -> Failure {
    match (one, other) {
        (None, other) => other,
        (Some(Failure::Waiting(mut calls)), Failure::Waiting(more)) => {
            calls.extend(more);
            Failure::Waiting(calls)
        }
        (Some(Failure::Waiting(_)), other) => other,
        (Some(one), _) => one,
    }
}
