//! What a sandbox may be fed, and when it stops.

use super::with;
use crate::common::{feed, text, tool};
use serde_json::json;
use smol_core::exec::{ExecError, Input, Outcome, Sandbox, SandboxSpec};
use std::time::Duration;

async fn sandbox() -> Box<dyn Sandbox> {
    with(
        smol_exec::Wasm::new(),
        SandboxSpec { tools: vec![tool("ask", json!({}))], ..SandboxSpec::default() },
    )
    .await
}

fn reply(id: &str) -> Input {
    Input::ToolReply { id: id.to_owned(), reply: Ok(json!(5)) }
}

async fn refused(sandbox: &mut dyn Sandbox, input: Input) -> String {
    match sandbox.feed(input).await {
        Err(ExecError::Protocol { cause, .. }) => cause,
        other => panic!("it was taken: {other:?}"),
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_harms_nothing() {
    let mut sandbox = sandbox().await;
    assert_eq!(
        refused(&mut *sandbox, reply("call_1")).await,
        "it got a reply to `call_1` but waits for none"
    );
    let outcome = feed(&mut *sandbox, "x = ask()\nx + ask()").await;
    assert!(
        matches!(&outcome, Outcome::Call(call) if call.id == "call_1" && call.name == "ask"),
        "{outcome:?}"
    );
    let cause = refused(&mut *sandbox, Input::Code("1".to_owned())).await;
    assert_eq!(cause, "it waits for the reply to `call_1`, not for code");
    assert_eq!(
        refused(&mut *sandbox, reply("call_9")).await,
        "it waits for the reply to `call_1`, not to `call_9`"
    );
    let outcome = sandbox.feed(reply("call_1")).await.expect("the first reply");
    assert!(matches!(&outcome, Outcome::Call(call) if call.id == "call_2"), "{outcome:?}");
    assert_eq!(text(&sandbox.feed(reply("call_2")).await.expect("the second reply")), "10");
}

#[tokio::test]
async fn frames_forged_by_code_lose_the_sandbox_or_are_plain_calls() {
    for frame in ["", "{", "null", r#"{"name": 1}"#, r#"{"name": "ask", "arguments": [1]}"#] {
        let mut sandbox = sandbox().await;
        let outcome = feed(&mut *sandbox, &format!("import wit_world\nwit_world.call({frame:?})")).await;
        assert!(matches!(outcome, Outcome::Lost { .. }), "{frame}: {outcome:?}");
        assert_eq!(refused(&mut *sandbox, Input::Code("1".to_owned())).await, "it is gone, open a new one");
    }
}

#[tokio::test]
async fn dropping_the_feed_stops_the_code() {
    let mut sandbox = sandbox().await;
    let endless = sandbox.feed(Input::Code("while True: pass".to_owned()));
    assert!(tokio::time::timeout(Duration::from_millis(50), endless).await.is_err());
    assert_eq!(refused(&mut *sandbox, Input::Code("1".to_owned())).await, "it is gone, open a new one");
}

#[tokio::test]
async fn a_sandbox_can_be_dropped_at_any_moment() {
    drop(sandbox().await);
    let mut idle = sandbox().await;
    feed(&mut *idle, "1").await;
    drop(idle);
    let mut asking = sandbox().await;
    feed(&mut *asking, "ask()").await;
    drop(asking);
    assert_eq!(text(&feed(&mut *sandbox().await, "1").await), "1");
}
