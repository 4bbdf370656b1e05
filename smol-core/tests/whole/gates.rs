//! Gates: what is decided about a call, when, and what becomes of it.

use crate::{
    coder, events,
    support::{Lines, Logged, Script},
};
use async_trait::async_trait;
use futures::executor::block_on;
use serde_json::json;
use smol_core::{
    CodeAgent, ToolCallingAgent,
    event::{Event, Failure},
    gate::{Ask, Decision, Gate},
    inspect::{Inspection, Inspector, PossibleCall, Session},
    run::Run,
    tool::Effect,
};
use std::sync::{Arc, Mutex};

/// Decides every call alike, and remembers what it was asked.
#[derive(Clone)]
struct Always(Option<Decision>, Arc<Mutex<Vec<String>>>);

impl Always {
    fn say(decision: impl Into<Option<Decision>>) -> Self {
        Self(decision.into(), Arc::default())
    }
}

#[async_trait]
impl Gate for Always {
    async fn decide(&self, ask: Ask<'_>) -> Option<Decision> {
        let Ask { path, call, may_have_happened, possible, .. } = ask;
        let asked = format!("{path} {} {} {may_have_happened} {}", call.name, call.arguments, possible.len());
        self.1.lock().unwrap().push(asked);
        assert!(call.name != "broken", "the gate's own fault");
        self.0.clone()
    }
}

/// Finds that every block may call one tool.
struct One;

impl Inspector for One {
    fn inspect(&self, code: &str, _: &Session<'_>) -> Inspection {
        let calls = vec![PossibleCall { tool: "look".into(), effect: Effect::Reads, lines: vec![1] }];
        let faults = if code.contains("wrong") { vec!["line 1: no such thing".into()] } else { Vec::new() };
        Inspection { calls, faults }
    }
}

#[test]
fn what_becomes_of_a_call() {
    let check = |decision: Option<Decision>, expect: &str, called: usize| {
        let (log, gate) = (Arc::default(), Always::say(decision.clone()));
        let model = Script::texts([r#"<code>ask look {"n":1}</code>"#, "<code>answer x</code>"]);
        let agent =
            coder(&model).tool(Logged::tool("look", Effect::Reads, &log)).gate(gate.clone()).inspector(One);
        events(&agent.name("me").build().unwrap());
        assert_eq!(model.asked()[1].last().unwrap(), &format!("Observation:\nPrinted output:\n{expect}"));
        assert_eq!(log.lock().unwrap().len(), called, "{decision:?}");
        assert_eq!(*gate.1.lock().unwrap(), [r#"me look {"n":1} false 1"#]);
    };
    check(None, "1", 2);
    check(Some(Decision::Approve), "1", 2);
    check(Some(Decision::Edit(json!({"n": 2}))), "2", 2);
    check(
        Some(Decision::Edit(json!({"m": 2}))),
        "wrong arguments for `look`: Additional properties are not allowed ('m' was unexpected); it takes {\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}},\"additionalProperties\":false}",
        0,
    );
    check(Some(Decision::Refuse("too dear".into())), "the call was refused: too dear", 0);
    check(Some(Decision::Answer(json!(7))), "7", 0);
}

#[test]
fn the_first_gate_that_minds_decides_and_a_broken_one_refuses() {
    let gates =
        [Always::say(None), Always::say(Decision::Answer(json!("first"))), Always::say(Decision::Approve)];
    let model = Script::texts(["<code>call look\ncall broken</code>", "<code>answer x</code>"]);
    let tools = ["look", "broken"].map(|name| Logged::tool(name, Effect::Reads, &Arc::default()));
    let agent = gates.iter().fold(coder(&model).tools(tools), |agent, gate| agent.gate(gate.clone()));
    events(&agent.build().unwrap());
    let read = model.asked()[1].last().unwrap().clone();
    assert!(read.contains("\"first\"\nthe call was refused: whoever decides about calls crashed"), "{read}");
    assert!(gates[2].1.lock().unwrap().is_empty());
}

fn waiting(agent: &smol_core::agent::Agent) -> (Vec<smol_core::event::Waiting>, Run) {
    let error = block_on(agent.run("do it").into_future()).unwrap_err();
    let Failure::Waiting(calls) = error.failure else { panic!("{}", error.failure) };
    let run = serde_json::from_str(&serde_json::to_string(&error.run).unwrap()).unwrap();
    (calls, run)
}

/// Nobody holds a thread for a call that waits: the run is data, and goes on when somebody has decided.
#[test]
fn a_run_waits_for_a_decision_in_the_middle_of_code() {
    let log = Arc::default();
    let agent = |replies: &[&str]| {
        let tool = Logged::tool("pay", Effect::Writes, &log);
        coder(&Script::texts(replies.iter().copied()))
            .tool(tool)
            .gate(Always::say(Decision::Wait))
            .build()
            .unwrap()
    };
    let (calls, mut run) = waiting(&agent(&["<code>set a\nask pay {\"n\":3}\nshow\nanswer done</code>"]));
    assert_eq!((calls.len(), calls[0].id.as_str(), calls[0].may_have_happened), (1, "call_1", false));
    assert!(log.lock().unwrap().is_empty());
    run.decide("call_1", Decision::Edit(json!({"n": 4})));
    let result = block_on(agent(&[]).resume(run)).unwrap();
    assert_eq!(*log.lock().unwrap(), ["begin 4", "end 4"]);
    assert_eq!(result.steps[0].observations, "Printed output:\n4\n[\"a\"]");
    assert_eq!(result.steps[0].tool_calls[0].arguments, json!({"n": 4}));
}

#[test]
fn calls_inside_managed_agents_are_decided_by_those_above_and_named_by_all_calls() {
    let log = Arc::default();
    let agent = |outer: &[&str], inner: &[&str]| {
        let tool = Logged::tool("pay", Effect::Writes, &log);
        let clerk = coder(&Script::texts(inner.iter().copied())).name("clerk").tool(tool).build().unwrap();
        let model = Script::texts(outer.iter().copied());
        ToolCallingAgent::builder(model).name("boss").managed_agent(clerk).gate(OnlyPay).build().unwrap()
    };
    let two = r#"{"name":"clerk","arguments":{"task":"pay"}}{"name":"clerk","arguments":{"task":"pay"}}"#;
    let end = r#"{"name":"final_answer","arguments":{"answer":"paid"}}"#;
    let pay = "<code>ask pay {\"n\":5}\nanswer ok</code>";
    let (calls, mut run) = waiting(&agent(&[two], &[pay, pay]));
    let mut ids: Vec<&str> = calls.iter().map(|call| call.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids.len(), 1, "an agent that writes has no other beside it: {ids:?}");
    assert_eq!(calls[0].path, "boss/clerk");
    run.decide(ids[0], Decision::Approve);
    let error = block_on(agent(&[end], &[pay]).resume(run)).unwrap_err();
    let (Failure::Waiting(calls), Some(mut run)) = (error.failure, error.run) else {
        panic!("no second call")
    };
    assert_ne!(calls[0].id, ids[0]);
    run.decide(&calls[0].id, Decision::Refuse("once is enough".into()));
    let result = block_on(agent(&[end], &["<code>answer no</code>"]).resume(*run)).unwrap();
    assert_eq!(result.text, "paid");
    assert_eq!(*log.lock().unwrap(), ["begin 5", "end 5"]);
}

/// Has people decide about payments.
struct OnlyPay;

#[async_trait]
impl Gate for OnlyPay {
    async fn decide(&self, ask: Ask<'_>) -> Option<Decision> {
        assert_eq!(ask.is_agent, ask.call.name == "clerk");
        (ask.call.name == "pay").then_some(Decision::Wait)
    }
}

#[test]
fn code_that_cannot_work_is_not_run() {
    let model = Script::texts(["<code>wrong\nset a</code>", "<code>show\nanswer x</code>"]);
    let lines = Lines::default();
    let agent = CodeAgent::builder(model.clone()).executor(lines).inspector(One).build().unwrap();
    let happened = events(&agent);
    assert_eq!(happened.iter().filter(|event| matches!(event, Event::Executed { .. })).count(), 1);
    let read = model.asked()[1].last().unwrap().clone();
    assert!(
        read.contains("Nothing of this code was run, because it cannot work:\nline 1: no such thing"),
        "{read}"
    );
}
