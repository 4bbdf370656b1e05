//! Memory, time and output.

use super::next_block_runs;
use crate::common::{error, feed, logs, open, text, tool};
use futures::future::join_all;
use serde_json::json;
use smol_core::exec::{Executor, Input, Outcome, Sandbox, SandboxSpec};
use std::time::Duration;

/// Long enough for a sandbox on the far side of a network to begin.
const LIMIT: Duration = Duration::from_secs(1);

async fn limited(executor: &dyn Executor) -> Box<dyn Sandbox> {
    let tools = vec![tool("wait", json!({}))];
    open(executor, SandboxSpec { tools, time_per_block: Some(LIMIT), ..SandboxSpec::default() }).await
}

pub(super) async fn a_block_that_runs_too_long_is_stopped(executor: &dyn Executor) {
    let codes = [
        "while True: pass",
        "import time\ntime.sleep(1000)",
        "try:\n    while True: pass\nexcept ValueError: print('no')",
        "try:\n    while True: pass\nfinally:\n    while True: pass",
        "sum(range(10**12))",
        "import re\nre.match('(a+)+$', 'a' * 40 + 'b')",
    ];
    join_all(codes.map(|code| stopped(executor, code))).await;
}

async fn stopped(executor: &dyn Executor, code: &str) {
    let mut sandbox = limited(executor).await;
    feed(&mut *sandbox, "kept = 6").await;
    let outcome = feed(&mut *sandbox, &format!("print('before')\n{code}")).await;
    assert_eq!(logs(&outcome), "before\n", "{code}");
    match outcome {
        Outcome::Raised { kind, error, .. } => {
            assert_eq!(kind, "TimeoutError", "{code}: {error}");
            assert!(error.contains("limit 1 s"), "{code}: {error}");
            assert_eq!(text(&feed(&mut *sandbox, "kept * 7").await), "42", "{code}");
        }
        Outcome::Lost { reason, .. } => {
            assert!(reason.contains("limit 1 s"), "{code}: {reason}");
            assert!(sandbox.feed(Input::Code("1".to_owned())).await.is_err(), "it is gone: {code}");
        }
        other => panic!("{code}: {other:?}"),
    }
}

pub(super) async fn time_spent_waiting_for_a_tool_does_not_count(executor: &dyn Executor) {
    let mut sandbox = limited(executor).await;
    for (code, goes_on) in [("wait()", true), ("wait()\nwhile True: pass", false)] {
        let outcome = feed(&mut *sandbox, code).await;
        let Outcome::Call(call) = outcome else { panic!("{outcome:?}") };
        tokio::time::sleep(LIMIT + LIMIT / 4).await;
        let reply = Input::ToolReply { id: call.id, reply: Ok(json!(1)) };
        let outcome = sandbox.feed(reply).await.expect("a reply");
        assert_eq!(matches!(outcome, Outcome::Value { .. }), goes_on, "{code}: {outcome:?}");
    }
}

/// The executor's own limit is 50,000 characters unless it is set.
pub(super) async fn output_is_cut_in_the_middle(executor: &dyn Executor) {
    let mut sandbox = open(executor, SandboxSpec::default()).await;
    for (code, size) in
        [("for i in range(100_000): print(i)", 588_890), ("print('x' * 5_000_000)", 5_000_001)]
    {
        let outcome = feed(&mut *sandbox, code).await;
        let (kept, notice) = (logs(&outcome), format!("\n[{} characters left out]\n", size - 50_000));
        assert!(kept.contains(&notice), "{code}: no `{notice}`");
        assert_eq!(kept.chars().count(), 50_000 + notice.chars().count(), "{code}");
    }
    for code in ["'y' * 300_000", "raise ValueError('z' * 300_000)"] {
        let outcome = feed(&mut *sandbox, code).await;
        let shown = match &outcome {
            Outcome::Value { text, .. } => text,
            other => error(other),
        };
        assert!(shown.contains("characters left out]") && shown.len() < 51_000, "{code}: {}", shown.len());
    }
}

/// Fails unless what takes too much memory meets a `MemoryError` or loses the sandbox, and the next block runs.
pub(crate) async fn bounds_memory(executor: &dyn Executor) {
    let spec = SandboxSpec { memory: Some(512 << 20), ..SandboxSpec::default() };
    let mut sandbox = open(executor, spec.clone()).await;
    for code in
        ["bytearray(1 << 30)", "'a' * (1 << 30)", "a = []\nwhile True:\n    a.append(bytearray(1 << 20))"]
    {
        match feed(&mut *sandbox, code).await {
            Outcome::Lost { .. } => sandbox = open(executor, spec.clone()).await,
            outcome => assert!(error(&outcome).contains("MemoryError"), "{code}: {outcome:?}"),
        }
        feed(&mut *sandbox, "a = None").await;
        next_block_runs(&mut *sandbox).await;
    }
}
