//! A recorded run replays as it was; one whose record was changed does not.

use crate::team::recorded;
use serde_json::Value;
use smolagents::{
    Event, MemoryStep,
    executors::Wasm,
    runs::{ReplayError, RunFile, replay},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_run_replays_as_it_was() {
    let file = recorded("replayed").await;
    replay(&file, &Wasm::new()).await.unwrap();
}

/// Where the replay of a changed record stops, as the kind of event that is on record and of the one that comes.
async fn check(file: &RunFile, change: impl FnOnce(&mut Vec<Event>), expect: (&str, &str)) {
    let mut changed = file.clone();
    change(&mut changed.events);
    let error = replay(&changed, &Wasm::new()).await.unwrap_err();
    let ReplayError::Diverged(divergence) = &error else { panic!("{error}") };
    let kind = |event: &Event| {
        let event = serde_json::to_value(event.leaf().1).unwrap();
        event["type"].as_str().unwrap().to_owned()
    };
    assert_eq!((kind(&divergence.recorded).as_str(), kind(&divergence.new).as_str()), expect, "{error}");
    assert_eq!(changed.events[divergence.index], divergence.recorded);
    let shown = error.to_string();
    assert!(
        shown.contains("recorded: ") && shown.contains("now:      ") && shown.contains("hint: "),
        "{shown}"
    );
}

fn at(events: &[Event], is_it: impl Fn(&Event) -> bool) -> usize {
    events.iter().position(|event| is_it(event.leaf().1)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_record_is_found_out() {
    let file = recorded("changed").await;
    let set_reply = |events: &mut Vec<Event>| {
        let at = at(events, |event| matches!(event, Event::ToolReply { .. }));
        let Event::ToolReply { reply, .. } = &mut events[at] else { panic!() };
        // The code makes nothing of it in its step, but the step has the reply.
        *reply = Ok(Value::from(0.5));
    };
    check(&file, set_reply, ("step", "step")).await;
    let set_code = |events: &mut Vec<Event>| {
        let said =
            at(events, |event| matches!(event, Event::Said { reply, .. } if reply.text.contains("lucky")));
        let Event::Said { reply, .. } = &mut events[said] else { panic!() };
        reply.text = reply.text.replace("print(start, now)", "print(start)");
    };
    check(&file, set_code, ("code", "code")).await;
    let drop_step = |events: &mut Vec<Event>| {
        let step =
            at(events, |event| matches!(event, Event::Step(step) if matches!(**step, MemoryStep::Action(_))));
        events.remove(step);
    };
    check(&file, drop_step, ("ask", "step")).await;
    let nested = |events: &mut Vec<Event>| {
        let inside = |event: &&mut Event| matches!(event, Event::Nested { .. });
        let mut nested = events.iter_mut().filter(inside);
        let Some(Event::Nested { event, .. }) =
            nested.find(|event| matches!(event.leaf().1, Event::Executed { .. }))
        else {
            panic!()
        };
        **event =
            serde_json::from_str(&serde_json::to_string(event).unwrap().replace("\"deep\"", "\"deeper\""))
                .unwrap();
    };
    check(&file, nested, ("executed", "executed")).await;
    let change_answer = |events: &mut Vec<Event>| {
        let Some(Event::Done(result)) = events.last_mut() else { panic!() };
        result.text.push('!');
    };
    check(&file, change_answer, ("done", "done")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_run_replays_as_far_as_it_went() {
    let file = recorded("cut-replay").await;
    for length in (1..file.events.len()).step_by(7) {
        let cut = RunFile { events: file.events[..length].to_vec(), ..file.clone() };
        replay(&cut, &Wasm::new()).await.unwrap();
    }
}
