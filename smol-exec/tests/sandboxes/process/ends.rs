//! How a worker ends, and that nothing of it stays.

use super::{CONFINEMENTS, confined, hasty, sandbox};
use crate::{
    common::{feed, lost, text, tool},
    leftovers,
};
use serde_json::json;
use smol_core::exec::{Executor, Input, Outcome, SandboxSpec};
use smol_exec::{Confinement, Process};
use std::{fs, process::Command, time::Duration};

#[tokio::test]
async fn nothing_is_left_of_a_sandbox_however_it_ends() {
    if !leftovers::is_alone() {
        return;
    }
    for confinement in CONFINEMENTS {
        for code in [
            "1",
            "open('file', 'w').write('x' * 1000)",
            "import os\nos.makedirs('a/b/c')\nos.chmod('a/b', 0)\nos.chmod('a', 0)",
            "import threading, time\nthreading.Thread(target=time.sleep, args=[1000]).start()",
            "import subprocess\ntry:\n    subprocess.Popen(['sleep', '1000'], start_new_session=True)\nexcept OSError: pass",
            "try:\n    while True: pass\nfinally:\n    while True: pass",
            "import os\nos._exit(3)",
            "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
            "import ctypes\nctypes.string_at(0)",
        ] {
            let mut sandbox = hasty(&confined(confinement)).await;
            feed(&mut *sandbox, code).await;
            // What is counted is seen while it is there.
            assert!(code != "1" || !leftovers::processes().is_empty());
            assert!(
                code != "1" || confinement == Confinement::Bubblewrap || !leftovers::folders().is_empty()
            );
            drop(sandbox);
        }
        leftovers::none_remain().await;
    }
}

#[tokio::test]
async fn nothing_is_left_of_one_that_is_dropped_in_the_middle() {
    if !leftovers::is_alone() {
        return;
    }
    for confinement in CONFINEMENTS {
        let executor = confined(confinement);
        for milliseconds in [0, 1, 10, 30, 60, 100] {
            let mut sandbox = sandbox(&executor).await;
            let endless = sandbox.feed(Input::Code("while True: pass".to_owned()));
            let _ = tokio::time::timeout(Duration::from_millis(milliseconds), endless).await;
        }
        let tools = vec![tool("ask", json!({}))];
        let spec = SandboxSpec { tools, ..SandboxSpec::default() };
        let mut asking = executor.open(spec, &|_| ()).await.expect("it opens");
        assert!(matches!(feed(&mut *asking, "ask()").await, Outcome::Call(_)));
        drop(asking);
        leftovers::none_remain().await;
    }
}

/// The last of an executor and its sandboxes waits, so a program may end right after.
#[tokio::test]
async fn nothing_is_left_at_the_moment_that_the_last_is_dropped() {
    if !leftovers::is_alone() {
        return;
    }
    for confinement in CONFINEMENTS {
        let executor = confined(confinement);
        let mut sandbox = sandbox(&executor).await;
        feed(&mut *sandbox, "1").await;
        drop(executor);
        drop(sandbox);
        assert_eq!([leftovers::processes(), leftovers::folders()].concat(), [""; 0], "{confinement:?}");
    }
}

#[tokio::test]
async fn nothing_is_left_of_one_that_does_not_start() {
    if !leftovers::is_alone() {
        return;
    }
    for confinement in CONFINEMENTS {
        // Too little for Python itself.
        let mut sandbox = sandbox(&confined(confinement).memory(1 << 20)).await;
        let error = sandbox.feed(Input::Code("1".to_owned())).await.expect_err("it does not start");
        assert!(error.to_string().starts_with("could not start the `process` sandbox: "), "{error}");
        drop(sandbox);
        leftovers::none_remain().await;
    }
}

#[tokio::test]
async fn a_worker_that_ends_is_told_of_and_the_next_one_works() {
    for confinement in CONFINEMENTS {
        let executor = confined(confinement);
        for (code, reason) in [
            ("import os\nos._exit(7)", "its process ended"),
            ("import os, signal\nprint('last')\nos.kill(os.getpid(), signal.SIGKILL)", ""),
            ("import ctypes\nctypes.string_at(0)", "its process ended"),
            (
                "import os\nfor number in range(3, 20):\n    try:\n        os.close(number)\n    except OSError: pass",
                "",
            ),
        ] {
            let mut sandbox = hasty(&executor).await;
            let outcome = feed(&mut *sandbox, code).await;
            // Under Landlock it may not even kill itself.
            if confinement == Confinement::Bubblewrap || !code.contains("SIGKILL") {
                assert!(lost(&outcome).contains(reason), "{code}: {outcome:?}");
                assert!(sandbox.feed(Input::Code("1".to_owned())).await.is_err());
            }
            assert_eq!(text(&feed(&mut *hasty(&executor).await, "6 * 7").await), "42");
        }
    }
}

#[tokio::test]
async fn who_swallows_the_interrupt_is_lost() {
    for confinement in CONFINEMENTS {
        for code in [
            "while True:\n    try:\n        n = 1\n        while True: n = len('a')\n    except BaseException: pass",
            "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
            "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\nwhile True: pass",
            "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
            "max(iter(int, 1))",
        ] {
            let outcome = feed(&mut *hasty(&confined(confinement)).await, code).await;
            match outcome {
                Outcome::Lost { reason, .. } => assert!(reason.contains("limit 0.5 s"), "{code}: {reason}"),
                // These loops look for signals now and then.
                other => assert!(
                    code.contains("re.match") && format!("{other:?}").contains("TimeoutError"),
                    "{other:?}"
                ),
            }
        }
    }
}

/// Linux kills what is to die with its parent when the thread ends that started it.
#[test]
fn a_worker_outlives_the_thread_that_started_it() {
    for confinement in CONFINEMENTS {
        let build = || {
            tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()
                .expect("a runtime")
        };
        let lasting = build();
        let mut sandbox = std::thread::spawn({
            let handle = lasting.handle().clone();
            move || {
                handle.block_on(async {
                    let mut sandbox = sandbox(&confined(confinement)).await;
                    feed(&mut *sandbox, "x = 6").await;
                    sandbox
                })
            }
        })
        .join()
        .expect("the thread ends");
        lasting.block_on(async {
            let inner = tokio::spawn(async move {
                tokio::task::block_in_place(|| std::thread::sleep(Duration::from_millis(50)));
                text(&feed(&mut *sandbox, "x * 7").await).to_owned()
            });
            assert_eq!(inner.await.expect("it runs"), "42");
        });
    }
}

/// What a process that was killed left is removed by the next one that starts.
#[tokio::test]
async fn leftovers_of_dead_processes_are_removed() {
    // A process looks for them once.
    if !leftovers::is_alone() {
        return;
    }
    let mut dead = Command::new("true").spawn().expect("`true` starts");
    let name = format!("smolagents-{}-0", dead.id());
    dead.wait().expect("it ends");
    let temporary = std::env::temp_dir().join(&name);
    fs::create_dir(&temporary).expect("a folder");
    fs::write(temporary.join("file"), "x").expect("a file");
    let own = fs::read_to_string("/proc/self/cgroup").expect("the groups");
    let pids = own.lines().find_map(|line| line.split_once(":pids:/").map(|(_, path)| path.to_owned()));
    let group = pids.map(|path| std::path::Path::new("/sys/fs/cgroup/pids").join(path).join(&name));
    let group = group.filter(|group| fs::create_dir(group).is_ok());
    feed(&mut *sandbox(&confined(Confinement::Landlock)).await, "1").await;
    assert!(!temporary.exists());
    assert!(group.is_none_or(|group| !group.exists()));
}

/// Each worker has a control group of its own, so one that is full of processes takes nothing from the others.
#[tokio::test]
async fn a_fork_bomb_takes_nothing_from_the_next() {
    if !leftovers::is_alone() {
        return;
    }
    let bomb = "import os\nchildren = 0\ntry:\n    while True:\n        if os.fork() == 0:\n            import time\n            time.sleep(1000)\n        children += 1\nexcept OSError: pass\nchildren";
    for confinement in CONFINEMENTS {
        let executor: Process = confined(confinement).processes(20);
        let mut first = sandbox(&executor).await;
        let children: u32 = text(&feed(&mut *first, bomb).await).parse().expect("a number");
        assert!(children < 20, "{children}");
        assert_eq!(children == 0, confinement == Confinement::Landlock, "it allows no process at all");
        let mut second = sandbox(&executor).await;
        assert_eq!(text(&feed(&mut *second, "6 * 7").await), "42");
        drop(first);
        let mut third = sandbox(&executor).await;
        assert_eq!(text(&feed(&mut *third, "6 * 7").await), "42");
    }
    leftovers::none_remain().await;
}
