//! The spans of a run, opened and ended as its events say. Times are those of the events; where one carries none, the
//! time that events before it add up to.

use super::{Exporter, attributes as said, span::Open};
use crate::{
    AgentRunResult, Event, Failure, MemoryStep, Run,
    event::Purpose,
    message,
    model::{Reply, Request},
    run::{Next, Strategy},
};
use opentelemetry::trace::SpanContext;
use serde_json::Value;
use std::{
    collections::HashMap,
    time::{SystemTime, UNIX_EPOCH},
};

/// What is open of one run.
pub(super) struct Trace {
    exporter: Exporter,
    /// The call that the run works on, if it is a managed agent's.
    parent: Option<SpanContext>,
    /// The run, made of its events.
    run: Run,
    /// Seconds since 1970, once an event has said so.
    now: Option<f64>,
    agent: Option<Open>,
    step: Option<Open>,
    asked: Option<Open>,
    calls: HashMap<String, Call>,
}

struct Call {
    span: Open,
    run: Option<Box<Trace>>,
}

impl Trace {
    pub(super) fn new(exporter: Exporter, parent: Option<SpanContext>, run: Run) -> Self {
        let (now, agent, step, asked, calls) = Default::default();
        Self { exporter, parent, run, now, agent, step, asked, calls }
    }

    /// Takes note of what happened.
    pub(super) fn event(&mut self, event: &Event) {
        if let Some(time) = time_of(event) {
            self.advance(time);
        }
        // Before the run hears of it: a resumed one's trace begins with the run as it stood.
        if let Event::Nested { call, event, .. } = event
            && let Some(trace) = self.below(call)
        {
            trace.event(event);
        }
        self.run.apply(event);
        match event {
            Event::Ask { purpose, time, .. } => self.ask(*purpose, *time),
            Event::Said { reply, seconds, cost } => self.said(reply, *seconds, *cost),
            Event::Executed { seconds, .. } => self.now = Some(self.clock() + seconds),
            Event::Decided { id, decision } => {
                let time = self.clock();
                self.step().add_event("tool_call.decided", time, said::decided(id, decision));
            }
            Event::ToolCall { call, time } => self.call(call, *time),
            Event::ToolReply { id, reply, seconds } => self.replied(id, reply, *seconds),
            Event::Step(entry) => self.entry(entry),
            Event::Interrupted => self.end(Some("the run was interrupted")),
            Event::Done(result) => self.done(result),
            _ => {}
        }
    }

    /// Takes note of why there are no more events.
    pub(super) fn failed(&mut self, failure: &Failure) {
        if self.parent.is_none() {
            self.agent();
        }
        // A run that waits for a person is well.
        let waits = matches!(failure, Failure::Waiting(_));
        self.end((!waits).then(|| failure.to_string()).as_deref());
    }

    fn advance(&mut self, time: f64) {
        self.now = Some(self.now.unwrap_or(time).max(time));
    }

    /// The time by the events so far; by the wall if none of them knew it.
    fn clock(&mut self) -> f64 {
        let wall = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64());
        *self.now.get_or_insert_with(wall)
    }

    fn agent(&mut self) -> &mut Open {
        let start = self.clock();
        self.agent.get_or_insert_with(|| {
            let name = match (self.run.agent(), self.run.strategy()) {
                ("", Strategy::Code) => "CodeAgent",
                ("", Strategy::ToolCalling) => "ToolCallingAgent",
                (name, _) => name,
            };
            let attributes = said::agent(self.exporter.hidden, &self.run);
            self.exporter.open(format!("{name}.run"), self.parent.as_ref(), start, attributes)
        })
    }

    fn step(&mut self) -> &mut Open {
        let (start, parent) = (self.clock(), self.agent().context());
        let number = self.run.draft().step_number;
        self.step.get_or_insert_with(|| {
            self.exporter.open(format!("Step {number}"), Some(&parent), start, said::step())
        })
    }

    fn ask(&mut self, purpose: Purpose, time: f64) {
        if let Some(asked) = self.asked.take() {
            // It is asked again, so the first time it failed.
            asked.end(&self.exporter, time, Vec::new(), Some(Err("the model gave no reply")));
        }
        let parent = match purpose {
            Purpose::Act | Purpose::Conclude => self.step(),
            Purpose::Plan | Purpose::Summarise => self.agent(),
        };
        let parent = parent.context();
        let request = match self.run.next() {
            Next::Model(_, request) => *request,
            _ => Request::default(),
        };
        let attributes = said::asked(self.exporter.hidden, self.run.model(), request);
        let name = format!("{}.generate", self.run.model());
        self.asked = Some(self.exporter.open(name, Some(&parent), time, attributes));
    }

    fn said(&mut self, reply: &Reply, seconds: f64, cost: f64) {
        let Some(asked) = self.asked.take() else { return };
        let end = asked.start + seconds;
        asked.end(&self.exporter, end, said::said(self.exporter.hidden, reply, cost), Some(Ok(())));
        self.advance(end);
    }

    fn call(&mut self, call: &message::ToolCall, time: f64) {
        let parent = self.step().context();
        let spec = self.run.sandbox().tools.iter().find(|spec| spec.name == call.name);
        let attributes = said::called(self.exporter.hidden, call, spec);
        let span = self.exporter.open(call.name.clone(), Some(&parent), time, attributes);
        if let Some(earlier) = self.calls.insert(call.id.clone(), Call { span, run: None }) {
            earlier.end(&self.exporter, time, Some("the call was made again"));
        }
    }

    /// The trace of the managed agent that works on this call. Of a resumed one, the call began before.
    fn below(&mut self, id: &str) -> Option<&mut Trace> {
        let record = self.run.draft().tool_calls.iter().find(|record| record.call.id == id);
        let (made, begun) = record.map(|record| (record.made(), record.run.clone())).unzip();
        if !self.calls.contains_key(id) {
            let nameless =
                || message::ToolCall { id: id.to_owned(), name: String::new(), arguments: Value::Null };
            let time = self.clock();
            self.call(&made.unwrap_or_else(nameless), time);
        }
        let exporter = self.exporter.clone();
        let Call { span, run } = self.calls.get_mut(id)?;
        let begun = || begun.flatten().map(|run| *run).unwrap_or_default();
        Some(run.get_or_insert_with(|| Box::new(Trace::new(exporter, Some(span.context()), begun()))))
    }

    fn replied(&mut self, id: &str, reply: &Result<Value, String>, seconds: f64) {
        let Some(Call { span, .. }) = self.calls.remove(id) else { return };
        let end = span.start + seconds;
        let status = reply.as_ref().map(|_| ()).map_err(String::as_str);
        span.end(&self.exporter, end, said::replied(self.exporter.hidden, reply), Some(status));
        self.advance(end);
    }

    fn entry(&mut self, entry: &MemoryStep) {
        let MemoryStep::Action(step) = entry else { return };
        let time = self.clock();
        self.end_inner(None);
        if let Some(open) = self.step.take() {
            let status = step.error.as_deref().map_or(Ok(()), Err);
            open.end(&self.exporter, time, said::stepped(self.exporter.hidden, step), Some(status));
        }
    }

    fn done(&mut self, result: &AgentRunResult) {
        let time = self.clock();
        // A run that was carried on with nothing left to ask has a span, too.
        self.agent();
        let error = result.errors.last().filter(|_| !result.success);
        let status = error.map_or(Ok(()), |error| Err(error.as_str()));
        if let Some(agent) = self.agent.take() {
            agent.end(&self.exporter, time, said::answered(self.exporter.hidden, result), Some(status));
        }
    }

    /// Ends all that is open; `error` is what it ended by, if that was a fault.
    fn end(&mut self, error: Option<&str>) {
        let time = self.clock();
        self.end_inner(error);
        for open in [self.step.take(), self.agent.take()].into_iter().flatten() {
            open.end(&self.exporter, time, Vec::new(), error.map(Err));
        }
    }

    /// Ends the question and the calls that are under way.
    fn end_inner(&mut self, error: Option<&str>) {
        let time = self.clock();
        if let Some(asked) = self.asked.take() {
            asked.end(&self.exporter, time, Vec::new(), error.map(Err));
        }
        for (_, call) in self.calls.drain() {
            call.end(&self.exporter, time, error);
        }
    }
}

impl Drop for Trace {
    /// Nobody reads on: what was under way ends here, and is no fault.
    fn drop(&mut self) {
        self.end(None);
    }
}

impl Call {
    fn end(self, exporter: &Exporter, time: f64, error: Option<&str>) {
        if let Some(mut run) = self.run {
            run.end(error);
        }
        self.span.end(exporter, time, Vec::new(), error.map(Err));
    }
}

/// When it happened, where the event says so.
fn time_of(event: &Event) -> Option<f64> {
    match event {
        Event::Ask { time, .. } | Event::ToolCall { time, .. } => Some(*time),
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^52")]
        Event::Code { clock, .. } => Some(*clock as f64 / 1000.0),
        Event::Nested { event, .. } => time_of(event),
        _ => None,
    }
}
