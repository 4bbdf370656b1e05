//! Sessions over the wire.

use super::fake::Fake;
use crate::{
    common::{self, feed, feed_with, lost, open, text, tool},
    conformance, suite,
};
use serde_json::json;
use smol_core::exec::{Input, Outcome, SandboxSpec};
use smol_exec::Modal;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn every_case_passes() {
    let fake = Fake::start();
    conformance::passes(&executor(&fake)).await;
    is_empty(&fake).await;
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn programs_do_not_fool_the_host() {
    let fake = Fake::start();
    crate::hostile::is_not_fooled(&executor(&fake)).await;
    is_empty(&fake).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_promises_what_every_sandbox_does() {
    let fake = Fake::start();
    suite::passes(&executor(&fake)).await;
    suite::bounds_memory(&executor(&fake)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_lives_through_calls_that_break_off() {
    let fake = Fake::start();
    let spec = SandboxSpec {
        tools: vec![tool("echo", json!({ "type": "object", "properties": { "x": { "type": "string" } } }))],
        ..SandboxSpec::default()
    };
    for image in ["flaky", "late", "slow", "stale"] {
        let mut sandbox = open(&executor(&fake).image(image), spec.clone()).await;
        let echo = |call: &smol_core::message::ToolCall| Ok(call.arguments["x"].clone());
        for _ in 0..3 {
            let code = "text = 'é0123456789' * 100_000\necho(text) == text";
            assert_eq!(text(&feed_with(&mut *sandbox, code, echo).await), "True", "{image}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_that_runs_too_long_is_interrupted() {
    let fake = Fake::start();
    let executor = executor(&fake).time_per_block(Duration::from_millis(300));
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    feed(&mut *sandbox, "x = 1").await;
    let outcome = feed(&mut *sandbox, "while True: pass").await;
    assert!(matches!(&outcome, Outcome::Raised { kind, .. } if kind == "TimeoutError"), "{outcome:?}");
    assert_eq!(text(&feed(&mut *sandbox, "x").await), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_is_lost_and_its_sandbox_ended() {
    let fake = Fake::start();
    let mut sandbox = open(&executor(&fake), SandboxSpec::default()).await;
    let outcome = feed(&mut *sandbox, "print('before')\nimport os\nos.kill(os.getpid(), 9)").await;
    assert!(lost(&outcome).contains("its process ended (signal 9)"), "{outcome:?}");
    assert_eq!(common::logs(&outcome), "before\n");
    is_empty(&fake).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandbox_that_ends_during_a_block_is_lost() {
    let fake = Fake::start();
    let mut sandbox = open(&executor(&fake), SandboxSpec::default()).await;
    feed(&mut *sandbox, "1").await;
    let (id, ..) = fake.sandboxes().pop().expect("a sandbox");
    let block = sandbox.feed(Input::Code("import time\ntime.sleep(20)".to_owned()));
    let (outcome, ()) = tokio::join!(block, async { fake.expire(&id) });
    let outcome = outcome.expect("an outcome");
    assert!(lost(&outcome).contains("its Modal sandbox is gone: its time was up"), "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dropped_sandbox_leaves_nothing() {
    let fake = Fake::start();
    let mut sandbox = open(&executor(&fake), SandboxSpec::default()).await;
    feed(&mut *sandbox, "1").await;
    assert_eq!(fake.sandboxes().len(), 1);
    drop(sandbox);
    is_empty(&fake).await;
    // Perhaps before there is a sandbox, perhaps while it is made.
    drop(open(&executor(&fake), SandboxSpec::default()).await);
    is_empty(&fake).await;
}

/// An executor of this service.
pub(super) fn executor(fake: &Fake) -> Modal {
    let (id, secret) = super::fake::TOKEN;
    Modal::new().token(id, secret).server(fake.url())
}

/// Waits until no sandbox is left.
pub(super) async fn is_empty(fake: &Fake) {
    let emptied = async {
        while !fake.sandboxes().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), emptied).await.expect("no sandbox is left behind");
}
