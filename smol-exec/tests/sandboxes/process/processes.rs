//! Threads and processes of a block.

use super::{CONFINEMENTS, confined, hasty, sandbox};
use crate::common::{self, feed, feed_with, logs, text, tool};
use serde_json::json;
use smol_core::exec::{Outcome, SandboxSpec};
use smol_exec::Confinement;

#[tokio::test]
async fn threads_and_asyncio_work() {
    for confinement in CONFINEMENTS {
        let mut sandbox = sandbox(&confined(confinement)).await;
        for (code, expected) in [
            (
                "from concurrent.futures import ThreadPoolExecutor\nlist(ThreadPoolExecutor(8).map(lambda n: n * n, range(4)))",
                "[0, 1, 4, 9]",
            ),
            (
                "import asyncio\nasync def nap(n):\n    await asyncio.sleep(n / 1000)\n    return n\nasync def all():\n    return await asyncio.gather(nap(9), nap(3))\nasyncio.run(all())",
                "[9, 3]",
            ),
            ("asyncio.run(asyncio.to_thread(sum, [1, 2]))", "3"),
        ] {
            let outcome = feed(&mut *sandbox, code).await;
            // The event loop wakes itself by a pair of sockets, which Landlock's filter of calls forbids only between
            // machines.
            assert_eq!(text(&outcome), expected, "{confinement:?} {code}");
        }
    }
}

#[tokio::test]
async fn other_processes_run_under_bubblewrap_and_not_under_landlock() {
    let codes = [
        "import subprocess\nsubprocess.run(['echo', 'from outside'], check=True)\nprint('from inside')",
        "import os\nif os.fork() == 0:\n    print('from outside', flush=True)\n    os._exit(0)\nos.wait()\nprint('from inside')",
        "import os\nos.system('echo from outside')\nprint('from inside')",
    ];
    for code in codes {
        let mut inside = sandbox(&confined(Confinement::Bubblewrap)).await;
        let outcome = feed(&mut *inside, code).await;
        assert!(matches!(outcome, Outcome::Value { .. }), "{code}: {outcome:?}");
        let mut lines: Vec<&str> = logs(&outcome).lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, ["from inside", "from outside"], "{code}");
        assert_eq!(text(&feed(&mut *inside, "6 * 7").await), "42");
        let mut inside = sandbox(&confined(Confinement::Landlock)).await;
        let outcome = feed(&mut *inside, code).await;
        assert!(!logs(&outcome).contains("from outside"), "{code}: {outcome:?}");
        assert_eq!(text(&feed(&mut *inside, "6 * 7").await), "42");
    }
}

#[tokio::test]
async fn threads_call_tools_one_at_a_time() {
    for confinement in CONFINEMENTS {
        let tools = vec![tool("double", json!({"properties": {"n": {}}}))];
        let mut sandbox =
            common::open(&confined(confinement), SandboxSpec { tools, ..SandboxSpec::default() }).await;
        let double = |call: &smol_core::message::ToolCall| {
            Ok(json!(call.arguments.get("n").and_then(|n| n.as_u64()).unwrap_or(0) * 2))
        };
        let code = "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(8) as pool:\n    doubled = list(pool.map(double, range(20)))\ndoubled == [2 * n for n in range(20)]";
        assert_eq!(text(&feed_with(&mut *sandbox, code, double).await), "True");
        // One that calls after the block has ended meets an error and asks nobody.
        let late = "import threading, time\nfailed = []\ndef call_late():\n    time.sleep(0.1)\n    try:\n        double(1)\n    except RuntimeError as error:\n        failed.append(str(error))\nlate = threading.Thread(target=call_late)\nlate.start()";
        assert!(matches!(feed_with(&mut *sandbox, late, double).await, Outcome::Value { .. }));
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        let outcome = feed_with(&mut *sandbox, "late.join()\nfailed", double).await;
        assert_eq!(text(&outcome), "['`double` can be called only while a block runs']");
    }
}

#[tokio::test]
async fn a_forked_child_calls_no_tool_and_ends_with_the_sandbox() {
    let tools = vec![tool("ask", json!({}))];
    let spec = SandboxSpec { tools, ..SandboxSpec::default() };
    let mut sandbox = common::open(&confined(Confinement::Bubblewrap), spec).await;
    let code = "import os\nread, write = os.pipe()\nif os.fork() == 0:\n    try:\n        ask()\n    except RuntimeError as error:\n        os.write(write, str(error).encode())\n    os._exit(0)\nos.wait()\nos.read(read, 100)";
    let expected = "b'`ask` can be called only by the process that runs the block'";
    assert_eq!(text(&feed(&mut *sandbox, code).await), expected);
}

/// A child that lives on after its block, and goes on printing, harms nothing.
#[tokio::test]
async fn a_child_that_outlives_its_block_is_harmless() {
    let mut sandbox = hasty(&confined(Confinement::Bubblewrap)).await;
    feed(&mut *sandbox, "import subprocess\nflood = subprocess.Popen(['yes'])").await;
    for _ in 0..3 {
        assert_eq!(text(&feed(&mut *sandbox, "6 * 7").await), "42");
    }
}
