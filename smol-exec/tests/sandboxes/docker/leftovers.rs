//! Nothing is left behind, however it ends.

use super::Engine;
use crate::common::{feed, open, text, tool};
use serde_json::json;
use smol_core::exec::{Executor, Input, SandboxSpec};
use smol_exec::Docker;
use std::{
    env,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    time::Duration,
};

/// Tells [`is_killed_by_another_test`] the engine, the image, and what to do.
const ORDER: &str = "SMOLAGENTS_TEST_TO_BE_KILLED";

pub(super) async fn all(engine: &Engine) {
    a_dropped_sandbox_leaves_nothing(engine).await;
    a_dropped_runtime_leaves_nothing(engine).await;
    a_killed_process_leaves_nothing(engine).await;
}

async fn a_dropped_sandbox_leaves_nothing(engine: &Engine) {
    let executor = engine.executor();
    // Before it has begun, while it begins, and when it waits for code.
    drop(open(&executor, SandboxSpec::default()).await);
    for milliseconds in [30, 100, 300] {
        let sandbox = open(&executor, SandboxSpec::default()).await;
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        drop(sandbox);
    }
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    assert_eq!(text(&feed(&mut *sandbox, "1").await), "1");
    drop(sandbox);
    engine.is_empty().await;
}

async fn a_dropped_runtime_leaves_nothing(engine: &Engine) {
    let executor = engine.executor();
    let in_another = move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let sandbox = runtime.block_on(async {
            let mut sandbox = open(&executor, SandboxSpec::default()).await;
            assert_eq!(text(&feed(&mut *sandbox, "1").await), "1");
            sandbox
        });
        drop(runtime);
        drop(sandbox);
    };
    tokio::task::spawn_blocking(in_another).await.unwrap();
    engine.is_empty().await;
}

async fn a_killed_process_leaves_nothing(engine: &Engine) {
    // A worker that can hears that its host has gone, and ends.
    kill_one(engine, "ask()\nwhile True: pass");
    engine.is_empty().await;
    // One that cannot is ended by the next process that starts.
    kill_one(engine, "ask()\nsum(range(10**15))");
    let mut sandbox = open(&engine.executor(), SandboxSpec::default()).await;
    assert_eq!(text(&feed(&mut *sandbox, "1").await), "1");
    drop(sandbox);
    engine.is_empty().await;
}

/// Kills a process of ours that runs `code` in a container.
fn kill_one(engine: &Engine, code: &str) {
    let image = engine.root_file_system();
    let order = json!([engine.address(), image, code]).to_string();
    let mut process = Command::new(env::current_exe().unwrap())
        .args(["docker::leftovers::is_killed_by_another_test", "--exact", "--nocapture"])
        .env(ORDER, order)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let is_running = lines.map_while(Result::ok).any(|line| line.contains("it runs"));
    assert!(is_running);
    // The reply is on its way.
    std::thread::sleep(Duration::from_millis(300));
    process.kill().unwrap();
    process.wait().unwrap();
}

/// Runs for ever, but only if it is told what; by itself it does nothing.
#[tokio::test]
async fn is_killed_by_another_test() {
    let Ok(order) = env::var(ORDER) else { return };
    let (address, image, code): (String, String, String) = serde_json::from_str(&order).unwrap();
    let tools = vec![tool("ask", json!({}))];
    let executor =
        Docker::new().engine(address).root_file_system(image).time_per_block(Duration::from_secs(1000));
    let mut sandbox = executor.open(SandboxSpec { tools, ..SandboxSpec::default() }, &|_| ()).await.unwrap();
    sandbox.feed(Input::Code(code)).await.unwrap();
    println!("it runs");
    let reply = Input::ToolReply { id: "call_1".to_owned(), reply: Ok(json!(null)) };
    let outcome = sandbox.feed(reply).await;
    panic!("it was not killed: {outcome:?}");
}
