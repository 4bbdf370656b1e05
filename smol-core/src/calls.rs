//! Tool calls: decided about, then made, those of managed agents as runs of their own.

use crate::{
    acts::now,
    agent::Agent,
    event::{Event, Failure, Waiting},
    gate::{Ask, Decision},
    memory::CallRecord,
    place::Place,
    run::{Next, Run},
    tool::Effect,
    toolbox::{Doer, RunTools},
};
use futures::{
    FutureExt, Stream, StreamExt,
    stream::{BoxStream, select_all},
};
use std::{panic::AssertUnwindSafe, time::Instant};

/// Has the calls decided, and makes those that are to be made.
pub(crate) fn make<'a>(
    agent: &'a Agent,
    run: &'a mut Run,
    records: Vec<CallRecord>,
    place: &'a Place<'a>,
    tools: &'a RunTools,
) -> impl Stream<Item = Result<Event, Failure>> + Send + 'a {
    async_stream::try_stream! {
        let mut undecided = Vec::new();
        for record in &records {
            match decide(agent, run, record, place).await {
                Some(Decision::Wait) => undecided.push(waiting(agent, record, place)),
                Some(decision) => {
                    yield place.happened(run, Event::Decided { id: record.call.id.clone(), decision });
                }
                None => {}
            }
        }
        if !undecided.is_empty() {
            Err(Failure::Waiting(undecided))?;
        }
        // Those that were refused or answered have their replies by now.
        let Next::Call(records) = run.next() else { return };
        for batch in batches(agent, records) {
            let calls = batch.into_iter().map(|record| one(agent, record, place.clone(), tools));
            let (mut calls, mut failed) = (select_all(calls), None);
            // One that fails or waits does not cut the others short.
            while let Some(event) = calls.next().await {
                match event {
                    Ok(event) => yield place.happened(run, event),
                    Err(failure) => failed = Some(worst(failed, failure)),
                }
            }
            if let Some(failure) = failed {
                Err(failure)?;
            }
        }
    }
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
async fn decide(agent: &Agent, run: &Run, record: &CallRecord, place: &Place<'_>) -> Option<Decision> {
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
fn waiting(agent: &Agent, record: &CallRecord, place: &Place<'_>) -> Waiting {
    let may_have_happened = may_have_happened(agent, record);
    Waiting { id: record.call.id.clone(), path: place.path.clone(), call: record.made(), may_have_happened }
}

/// Splits calls into groups that run one after another: those of one group may run at once, a call that writes is a
/// group of its own.
fn batches(agent: &Agent, records: Vec<CallRecord>) -> Vec<Vec<CallRecord>> {
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
fn one<'a>(
    agent: &'a Agent,
    record: CallRecord,
    place: Place<'a>,
    tools: &'a RunTools,
) -> BoxStream<'a, Result<Event, Failure>> {
    async_stream::try_stream! {
        let (started, call) = (Instant::now(), record.made());
        if record.run.is_none() {
            yield Event::ToolCall { call: call.clone(), time: now() };
        }
        let reply = match agent.tools.doer(&call) {
            Err(advice) => Err(advice),
            Ok(Doer::Tool(tool)) => agent.tools.call(&*tools.of(tool), &call).await,
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
fn worst(one: Option<Failure>, other: Failure) -> Failure {
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
