//! A run is stopped at any moment, and goes on later.

use crate::{coder, support::Script};
use futures::{StreamExt, channel::oneshot, executor::block_on};
use serde_json::Value;
use smol_core::{
    budget::Budget,
    event::{Event, Failure},
    model::{Delta, Model, ModelError, Request},
    result::RunState,
    tool::{Effect, Tool, ToolError, ToolSpec},
};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Duration,
};

/// A tool that never ends, and tells when it began.
struct Hangs(ToolSpec, Mutex<Option<oneshot::Sender<()>>>);

#[async_trait::async_trait]
impl Tool for Hangs {
    fn spec(&self) -> &ToolSpec {
        &self.0
    }

    async fn call(&self, _: Value) -> Result<Value, ToolError> {
        let began = self.1.lock().unwrap().take();
        began.map(|began| began.send(()));
        std::future::pending().await
    }
}

#[test]
fn a_tool_that_hangs_is_left_and_the_run_goes_on_later() {
    let (began, begun) = oneshot::channel();
    let spec = ToolSpec { effect: Effect::Reads, ..ToolSpec::new("look", "Hangs.") };
    let agent = coder(&Script::texts(["<code>set a\ncall look\nshow\nanswer x</code>"]))
        .tool(Hangs(spec, Mutex::new(Some(began))))
        .build()
        .unwrap();
    let error = block_on(agent.run("do it").until(async { begun.await.unwrap() }).into_future()).unwrap_err();
    let run = error.run.unwrap();
    assert_eq!((error.failure, run.result().state), (Failure::Interrupted, RunState::Interrupted));
    let tool = crate::support::Logged::tool("look", Effect::Reads, &Arc::default());
    let result = block_on(coder(&Script::texts([])).tool(tool).build().unwrap().resume(*run)).unwrap();
    assert_eq!(
        (result.state, result.steps[0].observations.as_str()),
        (RunState::Answered, "Printed output:\n0\n[\"a\"]")
    );
}

/// Says a little, and then nothing more.
struct Stutters;

impl Model for Stutters {
    fn stream(&self, _: Request) -> futures::stream::BoxStream<'_, Result<Delta, ModelError>> {
        futures::stream::iter([Ok(Delta::Text("<co".into()))]).chain(futures::stream::pending()).boxed()
    }
}

#[test]
fn a_model_call_is_left_and_asked_again_from_its_beginning() {
    let agent =
        smol_core::CodeAgent::builder(Stutters).executor(crate::support::Lines::default()).build().unwrap();
    let stop = futures_timer::Delay::new(Duration::from_millis(20));
    let error = block_on(agent.run("do it").until(stop).into_future()).unwrap_err();
    let model = Script::texts(["<code>answer x</code>"]);
    let result = block_on(coder(&model).build().unwrap().resume(*error.run.unwrap())).unwrap();
    assert_eq!((result.text.as_str(), model.asked().len()), ("x", 1));
}

/// Fails the first two times.
#[derive(Default)]
struct Flaky(Mutex<u32>);

impl Model for Flaky {
    fn stream(&self, _: Request) -> futures::stream::BoxStream<'_, Result<Delta, ModelError>> {
        *self.0.lock().unwrap() += 1;
        let reply = match *self.0.lock().unwrap() {
            2 | 3 => Err(ModelError::Other("busy".into())),
            1 => Ok(Delta::Text("<code>set a</code>".into())),
            _ => Ok(Delta::Text("<code>show\nanswer x</code>".into())),
        };
        futures::stream::iter([reply]).boxed()
    }
}

#[test]
fn retries_carry_on_from_where_the_run_stopped() {
    let check = |retries: u32, expect: Result<&str, &str>| {
        let lines = crate::support::Lines::default();
        let agent = smol_core::CodeAgent::builder(Flaky::default()).executor(lines).build().unwrap();
        let ended = block_on(agent.run("do it").retries(retries).into_future());
        let ended =
            ended.map(|result| result.steps[1].observations.clone()).map_err(|error| error.to_string());
        assert_eq!(ended.as_deref().map_err(String::as_str), expect);
    };
    check(0, Err("busy"));
    check(1, Err("busy"));
    check(2, Ok("Printed output:\n[\"a\"]"));
}

/// Whoever stops a run, or lets its time pass, between its answer and its end gets the answer all the same.
#[test]
fn an_answer_is_not_taken_back() {
    let check = |budget: Option<f64>| {
        let stopped = Arc::new(AtomicBool::new(false));
        let budget = Budget { seconds: budget, ..Budget::default() };
        let agent = coder(&Script::texts(["<code>answer x</code>"])).budget(budget).build().unwrap();
        let seen = stopped.clone();
        let signal = std::future::poll_fn(move |_| match seen.load(Ordering::SeqCst) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        });
        let mut events = agent.run("do it").until(signal).stream();
        let mut last = None;
        while let Some(event) = block_on(events.next()) {
            let event = event.unwrap();
            if matches!(&event, Event::Executed { .. }) {
                stopped.store(budget.seconds.is_none(), Ordering::SeqCst);
                block_on(futures_timer::Delay::new(Duration::from_secs_f64(budget.seconds.unwrap_or(0.0))));
            }
            last = Some(event);
        }
        let Some(Event::Done(result)) = last else { panic!("{last:?}") };
        assert_eq!((result.state, result.text.as_str()), (RunState::Answered, "x"));
    };
    check(None);
    check(Some(0.2));
}
