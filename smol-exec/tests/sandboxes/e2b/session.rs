//! Sessions over the wire.

use super::fake::Fake;
use crate::{
    common::{self, feed, feed_with, lost, open, text, tool},
    conformance, suite,
};
use serde_json::json;
use smol_core::exec::{Input, Outcome, SandboxSpec};
use std::time::Duration;

#[tokio::test]
async fn every_case_passes() {
    let fake = Fake::start();
    conformance::passes(&fake.executor()).await;
    fake.is_empty().await;
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn programs_do_not_fool_the_host() {
    let fake = Fake::start();
    crate::hostile::is_not_fooled(&fake.executor()).await;
    fake.is_empty().await;
}

#[tokio::test]
async fn it_promises_what_every_sandbox_does() {
    let fake = Fake::start();
    suite::passes(&fake.executor()).await;
    suite::bounds_memory(&fake.executor()).await;
}

#[tokio::test]
async fn tools_of_the_host_are_called() {
    let fake = Fake::start();
    let spec = SandboxSpec {
        tools: vec![tool(
            "double",
            json!({ "type": "object", "properties": { "x": { "type": "integer" } } }),
        )],
        ..SandboxSpec::default()
    };
    let mut sandbox = open(&fake.executor(), spec).await;
    let double =
        |call: &smol_core::message::ToolCall| Ok(json!(call.arguments["x"].as_i64().unwrap_or_default() * 2));
    let outcome = feed_with(&mut *sandbox, "x = double(4)\ndouble(x=x) + 1", double).await;
    assert_eq!(text(&outcome), "17");
    assert_eq!(text(&feed(&mut *sandbox, "x").await), "8", "variables stay");
}

#[tokio::test]
async fn large_values_pass_both_ways() {
    let fake = Fake::start();
    let spec = SandboxSpec {
        tools: vec![tool("echo", json!({ "type": "object", "properties": { "x": { "type": "string" } } }))],
        ..SandboxSpec::default()
    };
    let mut sandbox = open(&fake.executor(), spec).await;
    let echo = |call: &smol_core::message::ToolCall| Ok(call.arguments["x"].clone());
    let code = "text = 'é0123456789' * 300_000\necho(text) == text";
    assert_eq!(text(&feed_with(&mut *sandbox, code, echo).await), "True");
}

#[tokio::test]
async fn what_other_processes_print_is_in_the_logs() {
    let fake = Fake::start();
    let mut sandbox = open(&fake.executor(), SandboxSpec::default()).await;
    let code = "import subprocess\nprint('one')\nsubprocess.run(['echo', 'two'])\nNone";
    let outcome = feed(&mut *sandbox, code).await;
    assert!(common::logs(&outcome).contains("one\n"), "{outcome:?}");
    // A service sends it apart from what the worker says, so it may come after the block's end: then the next block has it.
    let later = feed(&mut *sandbox, "import time\ntime.sleep(0.5)").await;
    let logs = [common::logs(&outcome), common::logs(&later)].concat();
    assert!(logs.contains("two\n"), "{logs:?}");
}

#[tokio::test]
async fn a_block_that_runs_too_long_is_interrupted() {
    let fake = Fake::start();
    let executor = fake.executor().time_per_block(Duration::from_millis(300));
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    feed(&mut *sandbox, "x = 1").await;
    let outcome = feed(&mut *sandbox, "while True: pass").await;
    assert!(matches!(&outcome, Outcome::Raised { kind, .. } if kind == "TimeoutError"), "{outcome:?}");
    assert_eq!(text(&feed(&mut *sandbox, "x").await), "1");
}

#[tokio::test]
async fn a_worker_that_dies_is_lost_and_its_machine_ended() {
    let fake = Fake::start();
    let mut sandbox = open(&fake.executor(), SandboxSpec::default()).await;
    let outcome = feed(&mut *sandbox, "print('before')\nimport os\nos.kill(os.getpid(), 9)").await;
    assert!(lost(&outcome).contains("its process ended (signal: killed)"), "{outcome:?}");
    assert_eq!(common::logs(&outcome), "before\n");
    fake.is_empty().await;
}

#[tokio::test]
async fn a_machine_that_ends_during_a_block_is_lost() {
    let fake = Fake::start();
    let mut sandbox = open(&fake.executor(), SandboxSpec::default()).await;
    feed(&mut *sandbox, "1").await;
    let id = fake.machines().await.keys().next().expect("a machine").clone();
    let block = sandbox.feed(Input::Code("import time\ntime.sleep(20)".to_owned()));
    let (outcome, ()) = tokio::join!(block, fake.end(&id));
    let outcome = outcome.expect("an outcome");
    assert!(lost(&outcome).contains("its E2B machine is gone"), "{outcome:?}");
}

#[tokio::test]
async fn a_machine_that_ended_between_blocks_is_lost() {
    let fake = Fake::start();
    let mut sandbox = open(&fake.executor(), SandboxSpec::default()).await;
    feed(&mut *sandbox, "1").await;
    let id = fake.machines().await.keys().next().expect("a machine").clone();
    fake.end(&id).await;
    let outcome = feed(&mut *sandbox, "2").await;
    assert!(lost(&outcome).contains("its E2B machine is gone"), "{outcome:?}");
}

#[tokio::test]
async fn a_dropped_sandbox_leaves_nothing() {
    let fake = Fake::start();
    let mut sandbox = open(&fake.executor(), SandboxSpec::default()).await;
    feed(&mut *sandbox, "1").await;
    assert_eq!(fake.machines().await.len(), 1);
    drop(sandbox);
    fake.is_empty().await;
    let sandbox = open(&fake.executor(), SandboxSpec::default()).await;
    // Perhaps before there is a machine, perhaps while it is made.
    drop(sandbox);
    fake.is_empty().await;
}
