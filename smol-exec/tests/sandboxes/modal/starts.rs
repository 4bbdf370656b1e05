//! How sandboxes are asked for, and why there is none.

use super::{
    fake::{Fake, ROUTER_TOKEN, TOKEN},
    session::{executor, is_empty},
};
use crate::common::{feed, open};
use smol_core::exec::{Executor, Input, SandboxSpec};
use smol_exec::Modal;
use std::{sync::Mutex, time::Duration};

/// The message of an executor that gives no sandbox.
async fn refusal(executor: &Modal) -> String {
    match executor.open(SandboxSpec::default(), &|_| ()).await {
        Err(error) => error.to_string(),
        Ok(mut sandbox) => {
            sandbox.feed(Input::Code("1".to_owned())).await.expect_err("no sandbox").to_string()
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_sandbox_is_made_of_is_asked_for() {
    let fake = Fake::start();
    let executor = executor(&fake).network(true).lifetime(Duration::from_secs(90));
    let mut sandbox = open(&executor, SandboxSpec::default()).await;
    feed(&mut *sandbox, "1").await;
    let (_, arguments, seconds, network) = fake.sandboxes().pop().expect("a sandbox");
    assert_eq!((arguments, seconds, network), (vec!["sleep".to_owned(), "90".to_owned()], 90, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_has_to_be_made_is_told_of() {
    let fake = Fake::start();
    let told = Mutex::new(Vec::new());
    let progress = |line| told.lock().expect("a lock").push(line);
    let executor = executor(&fake).image("slow");
    for _ in 0..2 {
        executor.open(SandboxSpec::default(), &progress).await.expect("it opens");
    }
    assert_eq!(*told.lock().expect("a lock"), ["Modal makes an image of `slow`"], "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_say_what_may_be_done() {
    let fake = Fake::start();
    let start = "could not start the `modal` sandbox: ";
    let wrong = executor(&fake).token("ak-wrong", "as-wrong");
    for (executor, cause, hint) in [
        (wrong, "Modal refused the token: Token ID [hidden] is malformed", "check `MODAL_TOKEN_ID`"),
        (executor(&fake).token("ak\n", "as"), "a token holds characters that no token has", ""),
        (
            executor(&fake).image("missing"),
            "no image could be made of `missing`: no such image",
            "is there such an image",
        ),
        (
            executor(&fake).image("full"),
            "Modal refused: you have too many sandboxes",
            "the account's limit is reached",
        ),
        (
            executor(&fake).server("http://127.0.0.1:1"),
            "Modal does not answer at `http://127.0.0.1:1`",
            "check the network",
        ),
        (executor(&fake).server("no address"), "`no address`", "check `MODAL_SERVER_URL`"),
    ] {
        let message = refusal(&executor).await;
        assert!(message.starts_with(start) && message.contains(cause) && message.contains(hint), "{message}");
        for secret in ["wrong", TOKEN.0, TOKEN.1, ROUTER_TOKEN] {
            assert!(!message.contains(secret), "{message}");
        }
    }
    is_empty(&fake).await;
}

#[test]
fn the_token_is_not_shown() {
    let shown = format!("{:?}", Modal::new().token(TOKEN.0, TOKEN.1));
    assert!(!shown.contains(TOKEN.0) && !shown.contains(TOKEN.1), "{shown}");
}
