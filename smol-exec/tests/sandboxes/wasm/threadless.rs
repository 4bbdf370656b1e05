//! Code written for threads and for asyncio, in an interpreter that has neither threads nor sockets.

use super::sandbox;
use crate::common::{error, feed, text};

const SLEEPERS: &str = "import asyncio\nasync def nap(n):\n    await asyncio.sleep(n / 1000)\n    return n\n\
    async def main():\n    return await asyncio.gather(nap(20), nap(10))\nasyncio.run(main())";

#[tokio::test]
async fn pools_and_loops_give_their_results() {
    let mut sandbox = sandbox().await;
    for (code, expected) in [
        (SLEEPERS, "[20, 10]"),
        ("asyncio.run(asyncio.to_thread(sum, [1, 2]))", "3"),
        (
            "async def slow():\n    await asyncio.sleep(60)\ntry:\n    asyncio.run(asyncio.wait_for(slow(), 0.01))\n\
             except TimeoutError:\n    caught = 1\ncaught",
            "1",
        ),
        (
            "from concurrent.futures import ThreadPoolExecutor, as_completed\nwith ThreadPoolExecutor(4) as pool:\n    \
             squares = list(pool.map(lambda n: n * n, range(4)))\nsquares",
            "[0, 1, 4, 9]",
        ),
        (
            "with ThreadPoolExecutor() as pool:\n    tasks = [pool.submit(int, 'x')]\n[type(t.exception()).__name__ for t in as_completed(tasks)]",
            "['ValueError']",
        ),
    ] {
        assert_eq!(text(&feed(&mut *sandbox, code).await), expected, "{code}");
    }
    let deadlock = "async def never():\n    await asyncio.Event().wait()\nasyncio.run(never())";
    assert!(
        error(&feed(&mut *sandbox, deadlock).await)
            .ends_with("RuntimeError: deadlock: every task waits for another")
    );
}

#[tokio::test]
async fn timers_move_a_told_clock() {
    let mut sandbox = sandbox().await;
    sandbox.set_clock(0);
    let code = format!("import time\n{SLEEPERS}, round(time.time(), 3)");
    assert_eq!(text(&feed(&mut *sandbox, &code).await), "([20, 10], 0.02)");
}
