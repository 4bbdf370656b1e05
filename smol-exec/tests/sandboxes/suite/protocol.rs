//! What a sandbox may be fed, and when it stops.

use super::next_block_runs;
use crate::common::{feed, open, text, tool};
use futures::future::join_all;
use serde_json::json;
use smol_core::exec::{ExecError, Executor, Input, Outcome, Sandbox, SandboxSpec};
use std::time::Duration;

async fn sandbox(executor: &dyn Executor) -> Box<dyn Sandbox> {
    open(executor, SandboxSpec { tools: vec![tool("ask", json!({}))], ..SandboxSpec::default() }).await
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

pub(super) async fn what_does_not_fit_is_refused_and_harms_nothing(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    let cause = refused(&mut *sandbox, reply("call_1")).await;
    assert_eq!(cause, "it got a reply to `call_1` but waits for none");
    let outcome = feed(&mut *sandbox, "x = ask()\nx + ask()").await;
    let is_first = |call: &smol_core::message::ToolCall| call.id == "call_1" && call.name == "ask";
    assert!(matches!(&outcome, Outcome::Call(call) if is_first(call)), "{outcome:?}");
    let cause = refused(&mut *sandbox, Input::Code("1".to_owned())).await;
    assert_eq!(cause, "it waits for the reply to `call_1`, not for code");
    let cause = refused(&mut *sandbox, reply("call_9")).await;
    assert_eq!(cause, "it waits for the reply to `call_1`, not to `call_9`");
    let outcome = sandbox.feed(reply("call_1")).await.expect("the first reply");
    assert!(matches!(&outcome, Outcome::Call(call) if call.id == "call_2"), "{outcome:?}");
    assert_eq!(text(&sandbox.feed(reply("call_2")).await.expect("the second reply")), "10");
}

pub(super) async fn ids_of_calls_begin_anew_with_each_block(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    for _ in 0..3 {
        let outcome = feed(&mut *sandbox, "ask()").await;
        assert!(matches!(&outcome, Outcome::Call(call) if call.id == "call_1"), "{outcome:?}");
        assert_eq!(text(&sandbox.feed(reply("call_1")).await.expect("a reply")), "5");
    }
}

pub(super) async fn dropping_the_feed_stops_the_code(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    next_block_runs(&mut *sandbox).await;
    let endless = sandbox.feed(Input::Code("while True: pass".to_owned()));
    assert!(tokio::time::timeout(Duration::from_millis(50), endless).await.is_err());
    assert_eq!(refused(&mut *sandbox, Input::Code("1".to_owned())).await, "it is gone, open a new one");
}

pub(super) async fn a_sandbox_can_be_dropped_at_any_moment(executor: &dyn Executor) {
    drop(sandbox(executor).await);
    for last in ["1", "ask()"] {
        let mut sandbox = sandbox(executor).await;
        feed(&mut *sandbox, last).await;
    }
    next_block_runs(&mut *sandbox(executor).await).await;
}

pub(super) async fn sandboxes_run_at_once_and_apart(executor: &dyn Executor) {
    let texts = join_all((0..4).map(|number| async move {
        let mut sandbox = sandbox(executor).await;
        feed(&mut *sandbox, &format!("x = {number}")).await;
        text(&feed(&mut *sandbox, "x").await).to_owned()
    }));
    assert_eq!(texts.await, ["0", "1", "2", "3"]);
}
