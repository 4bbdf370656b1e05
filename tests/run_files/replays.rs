//! A recorded run replays as it was; one whose record was changed does not.

use crate::team::{folder, recorded, speaks, tools};
use futures::TryStreamExt;
use serde_json::Value;
use smolagents::{
    CodeAgent, Event, Failure, MemoryStep,
    executors::Wasm,
    runs::{Header, Recorder, ReplayError, RunFile, TeeError, replay},
};
use std::sync::Arc;
use tokio::sync::Notify;

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

/// A task that is interrupted inside its code and given up for another is on record as it was, too.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_with_a_step_that_was_given_up_replays() {
    let (folder, stop) = (folder("given-up"), Arc::new(Notify::new()));
    let [put, _] = tools(&folder, {
        let stop = stop.clone();
        move |_| stop.notify_one()
    });
    let model = speaks(&[
        "Thought: kept.\n<code>\nkept = 'kept'\n</code>",
        "Thought: endless.\n<code>\nlost = put('x')\nwhile True: pass\n</code>",
        "Thought: again.\n<code>\nfinal_answer([kept, 'lost' in globals()])\n</code>",
    ]);
    let agent = CodeAgent::builder(model).tools([put]).build().unwrap();
    let mut recorder = Recorder::create(folder.join("runs"), Header::new(Value::Null)).unwrap();
    let mut session = agent.session();
    let first = recorder.tee(session.run("first").until(stop.notified()).stream());
    let cut = first.try_collect::<Vec<Event>>().await.unwrap_err();
    assert!(matches!(cut, TeeError::Run(error) if error.failure == Failure::Interrupted));
    let second = recorder.tee(session.run("second").max_steps(3).stream());
    second.try_collect::<Vec<Event>>().await.unwrap();
    let file = RunFile::load(recorder.path()).unwrap();
    assert_eq!((Some(&file.run), file.run.result().text.as_str()), (session.history(), "['kept', False]"));
    replay(&file, &Wasm::new()).await.unwrap();
}
