//! The host's clocks, or those that a run tells a time.

use super::{sandbox, with};
use crate::common::{feed, feed_with, text, tool};
use serde_json::json;
use smol_core::exec::{Input, Outcome, Sandbox, SandboxSpec};

/// 2023-11-14 22:13:20.25 UTC, in milliseconds since 1970.
const TOLD: u64 = 1_700_000_000_250;

async fn told(sandbox: &mut dyn Sandbox, milliseconds: u64, code: &str) -> String {
    sandbox.set_clock(milliseconds);
    text(&feed(sandbox, code).await).to_owned()
}

#[tokio::test]
async fn a_block_begins_at_the_time_told_and_goes_on_by_what_it_does() {
    for (code, expected) in [
        ("time.time_ns()", "1700000000250000000"),
        ("str(datetime.datetime.now(datetime.UTC))", "'2023-11-14 22:13:20.250000+00:00'"),
        ("[time.time_ns() % 10**9 for _ in range(3)]", "[250000000, 250001000, 250002000]"),
        ("[time.monotonic_ns() for _ in range(3)]", "[0, 1000, 2000]"),
        ("time.perf_counter_ns(), time.time_ns() % 10**9", "(0, 250001000)"),
        // A sleep reads the clock once, to know when it ends.
        ("time.sleep(0.02)\ntime.time_ns() % 10**9", "270000000"),
        ("time.time()\ntime.sleep(0.02)\ntime.monotonic_ns()", "20001000"),
        ("import select\nselect.select([], [], [], 0.02)\ntime.time_ns() % 10**9 >= 270000000", "True"),
        (
            "import sqlite3\nsqlite3.connect(':memory:').execute(\"select datetime('now')\").fetchone()",
            "('2023-11-14 22:13:20',)",
        ),
        ("while time.time_ns() % 10**9 < 251000000: pass\ntime.time_ns() % 10**9", "251001000"),
        ("datetime.datetime.now() - datetime.datetime.now() < datetime.timedelta(0)", "True"),
    ] {
        let mut sandbox = sandbox().await;
        let code = format!("import time, datetime\n{code}");
        assert_eq!(told(&mut *sandbox, TOLD, &code).await, expected, "{code}");
    }
}

#[tokio::test]
async fn each_block_may_be_told_a_time_and_goes_on_where_it_is_not() {
    let mut sandbox = sandbox().await;
    for (milliseconds, expected) in [
        (Some(2_000), "(2000000000, 1000)"),
        (None, "(2000002000, 3000)"),
        // Forwards, both clocks; backwards, only the one that may.
        (Some(5_000), "(5000000000, 3000001000)"),
        (Some(1_000), "(1000000000, 3000003000)"),
        (Some(0), "(0, 3000005000)"),
    ] {
        if let Some(milliseconds) = milliseconds {
            sandbox.set_clock(milliseconds);
        }
        let outcome = feed(&mut *sandbox, "import time\ntime.time_ns(), time.monotonic_ns()").await;
        assert_eq!(text(&outcome), expected, "{milliseconds:?}");
    }
}

#[tokio::test]
async fn a_time_told_in_the_middle_of_a_block_is_the_next_blocks() {
    let spec = SandboxSpec { tools: vec![tool("wait", json!({}))], ..SandboxSpec::default() };
    let mut sandbox = with(smol_exec::Wasm::new(), spec).await;
    sandbox.set_clock(1_000);
    let code = "import time\nbefore = time.time_ns()\nwait()\n(before, time.time_ns())";
    let outcome = feed(&mut *sandbox, code).await;
    let Outcome::Call(call) = outcome else { panic!("{outcome:?}") };
    sandbox.set_clock(9_000);
    let outcome = sandbox.feed(Input::ToolReply { id: call.id, reply: Ok(json!(1)) }).await.expect("a reply");
    assert_eq!(text(&outcome), "(1000000000, 1000001000)");
    assert_eq!(text(&feed(&mut *sandbox, "time.time_ns()").await), "9000000000");
}

/// All that code can see of time, and what could hang on it.
const WATCH: &str = "import time, datetime, asyncio, random, uuid\n\
    async def nap(n):\n    await asyncio.sleep(n / 1000)\n    return time.time_ns()\n\
    async def naps():\n    return await asyncio.gather(nap(7), nap(3))\n\
    seen = [str(datetime.datetime.now()), time.time_ns(), wait(), time.time_ns(), asyncio.run(naps())]\n\
    time.sleep(0.005)\nsum(range(100_000))\n\
    seen + [time.localtime(), random.random(), id(object()), hash('a'), {'a', 'b', 'c'}, time.time_ns()]";

#[tokio::test]
async fn a_block_run_again_reads_the_same_times() {
    async fn watch(sandbox: &mut dyn Sandbox, more: &str) -> String {
        sandbox.set_clock(TOLD);
        let outcome = feed_with(sandbox, &format!("{WATCH}{more}"), |_| Ok(json!(null))).await;
        text(&outcome).to_owned()
    }
    let open = || {
        let tools = vec![tool("wait", json!({}))];
        with(smol_exec::Wasm::new(), SandboxSpec { tools, seed: Some(1), ..SandboxSpec::default() })
    };
    const MONOTONIC: &str =
        " + [time.monotonic(), time.perf_counter(), time.process_time(), str(uuid.uuid1())]";
    let (mut one, mut other) = (open().await, open().await);
    assert_eq!(watch(&mut *one, MONOTONIC).await, watch(&mut *other, MONOTONIC).await);
    let times = "[time.time_ns(), str(datetime.datetime.now()), time.sleep(0.01), time.time_ns()]";
    let first = told(&mut *one, TOLD + 1, times).await;
    assert_eq!(told(&mut *one, TOLD + 1, times).await, first, "in the same session");
    assert_eq!(told(&mut *other, TOLD + 1, times).await, first, "in another one");
}

#[tokio::test]
async fn a_session_that_was_never_told_a_time_has_the_hosts_clocks() {
    let host = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
    let mut sandbox = sandbox().await;
    let before = host().as_secs_f64();
    let code = "import time\nstart = time.monotonic(), time.perf_counter()\ntime.sleep(0.05)\n\
        assert time.monotonic() - start[0] >= 0.05 and time.perf_counter() - start[1] >= 0.05\ntime.time()";
    let now: f64 = text(&feed(&mut *sandbox, code).await).parse().expect("a number");
    assert!((before + 0.05..=host().as_secs_f64()).contains(&now), "{before} {now}");
    // Told later, the monotonic clock goes on from there.
    let later = told(&mut *sandbox, 0, "time.monotonic() >= start[0] + 0.05, time.time_ns()").await;
    assert_eq!(later, "(True, 1000)");
}
