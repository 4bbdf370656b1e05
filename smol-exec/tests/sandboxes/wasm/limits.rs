//! Memory, time and output.

use super::with;
use crate::common::{error, feed, logs, lost, text, tool};
use serde_json::json;
use smol_core::exec::{Input, Outcome, Sandbox, SandboxSpec};
use smol_exec::Wasm;
use std::time::Duration;

async fn limited(executor: Wasm) -> Box<dyn Sandbox> {
    with(executor, SandboxSpec { tools: vec![tool("wait", json!({}))], ..SandboxSpec::default() }).await
}

#[tokio::test]
async fn too_much_memory_is_a_memory_error_and_the_session_lives_on() {
    let mut sandbox = limited(Wasm::new().memory(128 << 20)).await;
    feed(&mut *sandbox, "x = 'kept'").await;
    for code in
        ["bytearray(1 << 30)", "'a' * (1 << 29)", "a = []\nwhile True:\n    a.append(bytearray(1 << 20))"]
    {
        let outcome = feed(&mut *sandbox, code).await;
        assert!(error(&outcome).contains("MemoryError"), "{code}: {outcome:?}");
        feed(&mut *sandbox, "a = None").await;
    }
    assert_eq!(text(&feed(&mut *sandbox, "x").await), "'kept'");
}

#[tokio::test]
async fn a_block_that_runs_too_long_is_stopped() {
    for code in [
        "while True: pass",
        "import time\ntime.sleep(1000)",
        "try:\n    while True: pass\nexcept BaseException: print('swallowed')",
        "sum(range(10**12))",
        "import re\nre.match('(a+)+$', 'a' * 40 + 'b')",
    ] {
        let mut sandbox = limited(Wasm::new().time_per_block(Duration::from_millis(300))).await;
        let outcome = feed(&mut *sandbox, &format!("print('before')\n{code}")).await;
        assert!(lost(&outcome).contains("limit 0.3 s"), "{code}: {outcome:?}");
        assert_eq!(logs(&outcome), "before\n", "{code}");
        assert!(sandbox.feed(Input::Code("1".to_owned())).await.is_err(), "it is gone");
    }
}

#[tokio::test]
async fn a_sleep_is_stopped_also_where_a_time_was_told() {
    let mut sandbox = limited(Wasm::new().time_per_block(Duration::from_millis(300))).await;
    sandbox.set_clock(0);
    let outcome = feed(&mut *sandbox, "import time\ntime.sleep(1000)").await;
    assert!(lost(&outcome).contains("limit 0.3 s"), "{outcome:?}");
}

#[tokio::test]
async fn the_spec_of_a_sandbox_comes_before_the_executors_limit() {
    for (of_spec, expected) in [(Some(Duration::from_millis(200)), "limit 0.2 s"), (None, "limit 0.3 s")] {
        let executor = Wasm::new().time_per_block(Duration::from_millis(300));
        let mut sandbox =
            with(executor, SandboxSpec { time_per_block: of_spec, ..SandboxSpec::default() }).await;
        let outcome = feed(&mut *sandbox, "while True: pass").await;
        assert!(lost(&outcome).contains(expected), "{outcome:?}");
    }
    for (of_spec, fits) in [(Some(64 << 20), false), (None, true)] {
        let spec = SandboxSpec { memory: of_spec, ..SandboxSpec::default() };
        let mut sandbox = with(Wasm::new().memory(256 << 20), spec).await;
        let outcome = feed(&mut *sandbox, "len(bytearray(100 << 20))").await;
        assert_eq!(matches!(outcome, Outcome::Value { .. }), fits, "{outcome:?}");
    }
}

#[tokio::test]
async fn output_is_cut_in_the_middle() {
    let mut sandbox = limited(Wasm::new().output(20)).await;
    for (code, expected) in [
        ("print('0123456789' * 2, end='')", "01234567890123456789"),
        ("print('0123456789x0123456789', end='')", "0123456789\n[1 characters left out]\n0123456789"),
        ("for i in range(100_000): print(i)", "0\n1\n2\n3\n4\n\n[588870 characters left out]\n998\n99999\n"),
        ("print('x' * 50_000_000)", "xxxxxxxxxx\n[49999981 characters left out]\nxxxxxxxxx\n"),
    ] {
        assert_eq!(logs(&feed(&mut *sandbox, code).await), expected, "{code}");
    }
    assert_eq!(
        text(&feed(&mut *sandbox, "'y' * 30").await),
        "'yyyyyyyyy\n[12 characters left out]\nyyyyyyyyy'"
    );
    assert!(error(&feed(&mut *sandbox, "raise ValueError('z' * 10_000)").await).len() < 100);
}
