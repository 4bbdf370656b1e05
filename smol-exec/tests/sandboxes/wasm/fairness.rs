//! Blocks that compute without end hold up nobody.

use super::sandbox;
use crate::common::{self, feed, text};
use futures::future::{Either, join_all, select};
use smol_core::exec::{Input, Outcome, SandboxSpec};
use std::{pin::pin, time::Duration};

/// Four endless loops, and fifty runs of a few blocks each that must all end meanwhile.
async fn fifty_runs_beside_four_endless_loops() {
    // The first sandbox compiles; the loops should not run meanwhile.
    feed(&mut *sandbox().await, "1").await;
    let loops: Vec<_> = (0..4)
        .map(|_| {
            tokio::spawn(async { sandbox().await.feed(Input::Code("while True: pass".to_owned())).await })
        })
        .collect();
    let runs = (0..50).map(|number| {
        tokio::spawn(async move {
            let mut sandbox = sandbox().await;
            feed(&mut *sandbox, &format!("x = {number}")).await;
            tokio::task::yield_now().await;
            text(&feed(&mut *sandbox, "x * 2").await).to_owned()
        })
    });
    let texts: Vec<_> = join_all(runs).await.into_iter().map(|text| text.expect("the run ends")).collect();
    assert_eq!(texts, (0..50).map(|number| (number * 2).to_string()).collect::<Vec<_>>());
    for endless in loops {
        assert!(!endless.is_finished(), "the loop is still there");
        endless.abort();
        assert!(endless.await.is_err_and(|error| error.is_cancelled()));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_two_workers() {
    fifty_runs_beside_four_endless_loops().await;
}

#[tokio::test]
async fn on_the_current_thread() {
    fifty_runs_beside_four_endless_loops().await;
}

/// A runtime whose worker computes looks at its timers seldom: fifty of them, one after the other, would outlast the loop.
#[tokio::test]
async fn timers_go_on_beside_an_endless_loop() {
    common::use_test_cache();
    let executor = smol_exec::Wasm::new().time_per_block(Duration::from_secs(5));
    let mut sandbox = common::open(&executor, SandboxSpec::default()).await;
    let endless = pin!(sandbox.feed(Input::Code("while True: pass".to_owned())));
    let timers = pin!(async {
        for _ in 0..50 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    assert!(matches!(select(endless, timers).await, Either::Right(_)));
}

#[tokio::test]
async fn sandboxes_run_at_once_and_apart() {
    let outcomes = join_all((0..8).map(|number| async move {
        let mut sandbox = sandbox().await;
        feed(&mut *sandbox, &format!("x = {number}")).await;
        feed(&mut *sandbox, "x").await
    }))
    .await;
    for (number, outcome) in outcomes.iter().enumerate() {
        assert!(matches!(outcome, Outcome::Value { text, .. } if *text == number.to_string()), "{outcome:?}");
    }
}
