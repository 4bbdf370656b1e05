//! Machines of Blaxel's: what its interface answers is ours, in `tests/peers/blaxel.py`, and the kernel gateway in the
//! machines is real. That the vendor's own package takes those answers for Blaxel's is checked by `cargo xtask it blaxel`.

use crate::{
    common::{feed, lost, open, text},
    conformance,
    jupyter::gateway::{self, Peer},
    suite,
};
use serde_json::Value;
use smol_core::exec::{Executor, Input, SandboxSpec};
use smol_exec::Blaxel;
use std::time::Duration;

const KEY: &str = "a key of this test";

/// Blaxel, and the gateway in its machines.
fn start() -> Option<(Peer, Peer)> {
    start_with(&[])
}

fn start_with(options: &[&str]) -> Option<(Peer, Peer)> {
    let gateway = gateway::start()?;
    let blaxel = Peer::start("blaxel.py", &[&[&*gateway.port.to_string()], options].concat(), &[])?;
    Some((gateway, blaxel))
}

fn executor(blaxel: &Peer) -> Blaxel {
    Blaxel::new().base_url(blaxel.url()).key(KEY).workspace("tests")
}

async fn look(blaxel: &Peer, path: &str) -> Vec<Value> {
    let request = reqwest::Client::new().get(format!("{}{path}", blaxel.url()));
    let request = request.header("x-blaxel-authorization", format!("Bearer {KEY}"));
    let response = request.header("x-blaxel-workspace", "tests").send().await.expect("an answer");
    serde_json::from_slice(&response.bytes().await.expect("a body")).expect("a list")
}

#[tokio::test]
async fn a_machine_is_made_and_deleted() {
    let Some((gateway, blaxel)) = start() else { return };
    let executor =
        executor(&blaxel).image("ours:1").machine_memory(2048).delete_after_idle(Duration::from_secs(600));
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    feed(&mut *sandbox, "x = 41").await;
    assert_eq!(text(&feed(&mut *sandbox, "x + 1").await), "42");
    let [machine] = &look(&blaxel, "/sandboxes").await[..] else { panic!("one machine") };
    let runtime = &machine["spec"]["runtime"];
    let ordered = (&runtime["image"], &runtime["memory"], &runtime["ports"][0]["target"]);
    assert_eq!(ordered, (&"ours:1".into(), &2048.into(), &8888.into()));
    assert_eq!(machine["spec"]["lifecycle"]["expirationPolicies"][0]["value"], "600s");
    assert_eq!(gateway::kernels(&gateway.url()).await, 1);

    let outcome = feed(&mut *sandbox, "import os\nos._exit(1)").await;
    assert!(lost(&outcome).contains("its kernel died"), "{outcome:?}");
    // Dropped while they open, also before they are ready.
    for wait in [0, 20, 700] {
        let sandbox = open(&executor, SandboxSpec::default()).await;
        tokio::time::sleep(Duration::from_millis(wait)).await;
        drop(sandbox);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop((sandbox, executor));
    assert_eq!(look(&blaxel, "/sandboxes").await, Vec::<Value>::new(), "nothing is left");
}

#[tokio::test]
async fn it_is_a_sandbox_like_any_other() {
    // Its machines are ready when they are first looked at.
    let Some((_gateway, blaxel)) = start_with(&["1"]) else { return };
    let executor = executor(&blaxel);
    suite::passes(&executor).await;
    // Its kernels are those of `jupyter`, which passes all cases.
    conformance::passes_sample(&executor, 20).await;
    // Only an executor that is dropped waits for its machines to go.
    drop(executor);
    assert_eq!(look(&blaxel, "/sandboxes").await.len(), 0, "nothing is left");
}

#[tokio::test]
async fn what_it_refuses_is_told_without_the_key() {
    let Some((_gateway, blaxel)) = start() else { return };
    for (executor, cause, hint) in [
        (executor(&blaxel).key("a wrong key"), "answered 401", "BL_API_KEY"),
        (executor(&blaxel).workspace("another"), "the key is not valid", "BL_WORKSPACE"),
        (executor(&blaxel).key("a\nkey"), "holds what no header may", "BL_API_KEY"),
        (executor(&blaxel).image("broken"), "its machine is `FAILED`", ""),
        (executor(&blaxel).base_url("http://127.0.0.1:1"), "cannot be reached", "the server runs"),
    ] {
        let failed = match executor.open(SandboxSpec::default(), &|_| ()).await {
            Ok(mut sandbox) => sandbox.feed(Input::Code("1".to_owned())).await.err(),
            Err(error) => Some(error),
        };
        let said = failed.expect("it does not start").to_string();
        assert!(said.contains(cause) && said.contains(hint), "{said}");
        let shown = format!("{said}{executor:?}");
        assert!(!shown.contains(KEY) && !shown.contains("a wrong key"), "{shown}");
    }
    assert_eq!(look(&blaxel, "/sandboxes").await, Vec::<Value>::new(), "nothing is left");
}
