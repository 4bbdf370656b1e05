//! How machines are asked for, and why there is none.

use super::fake::{Fake, KEY};
use crate::common::{feed, open, text};
use serde_json::json;
use smol_core::exec::{Executor, Input, SandboxSpec};
use smol_exec::E2B;

/// The message of an executor that gives no sandbox.
async fn refusal(executor: &E2B) -> String {
    match executor.open(SandboxSpec::default(), &|_| ()).await {
        Err(error) => error.to_string(),
        Ok(mut sandbox) => {
            sandbox.feed(Input::Code("1".to_owned())).await.expect_err("no sandbox").to_string()
        }
    }
}

#[tokio::test]
async fn what_a_machine_is_made_of_is_asked_for() {
    let fake = Fake::start();
    let executor = fake.executor().template("base").network(true);
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    feed(&mut *sandbox, "1").await;
    let machines = fake.machines().await;
    let order = &machines.values().next().expect("a machine")["order"];
    assert_eq!(order["templateID"], json!("base"));
    assert_eq!(order["allow_internet_access"], json!(true));
    assert_eq!(order["timeout"], json!(300));
}

#[tokio::test]
async fn a_busy_service_is_asked_again() {
    let fake = Fake::start();
    let mut sandbox = open(&fake.executor().template("busy"), SandboxSpec::default()).await;
    assert_eq!(text(&feed(&mut *sandbox, "1").await), "1");
}

#[tokio::test]
async fn refusals_say_what_may_be_done() {
    let fake = Fake::start();
    let start = "could not start the `e2b` sandbox: ";
    for (executor, cause, hint) in [
        (
            fake.executor().key("e2b_wrong"),
            "E2B answered 401 Unauthorized: Invalid API key: [hidden]",
            "check the key",
        ),
        (fake.executor().key("e2b\n"), "the key for E2B holds characters that no key has", ""),
        (
            fake.executor().template("missing"),
            "E2B answered 404 Not Found: template 'missing' not found",
            "is there a template `missing`",
        ),
        (
            fake.executor().template("full"),
            "E2B answered 429 Too Many Requests: you have reached",
            "the account's limit is reached",
        ),
        (fake.executor().template("broken"), "error starting process", "does the template `broken` hold"),
        (
            fake.executor().api_url("http://127.0.0.1:1"),
            "E2B does not answer at `http://127.0.0.1:1`",
            "check the network",
        ),
    ] {
        let message = refusal(&executor).await;
        assert!(message.starts_with(start) && message.contains(cause) && message.contains(hint), "{message}");
        assert!(!message.contains("e2b_wrong") && !message.contains(KEY), "{message}");
    }
    fake.is_empty().await;
}

#[test]
fn the_key_is_not_shown() {
    let shown = format!("{:?}", E2B::new().key(KEY));
    assert!(!shown.contains(KEY), "{shown}");
}
