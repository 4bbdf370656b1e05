//! Random numbers: fresh for each session, or fixed by the run.

use crate::common::{feed, open, text};
use smol_core::exec::{Executor, SandboxSpec};

async fn draw(executor: &dyn Executor, seed: Option<u64>) -> String {
    let mut sandbox = open(executor, SandboxSpec { seed, ..SandboxSpec::default() }).await;
    text(&feed(&mut *sandbox, "import random\n[random.random(), random.sample(range(1000), 9)]").await)
        .to_owned()
}

pub(super) async fn a_seed_fixes_what_is_drawn(executor: &dyn Executor) {
    let first = draw(executor, Some(7)).await;
    assert_eq!(first, draw(executor, Some(7)).await);
    assert_ne!(first, draw(executor, Some(8)).await);
}

pub(super) async fn sessions_without_a_seed_differ(executor: &dyn Executor) {
    assert_ne!(draw(executor, None).await, draw(executor, None).await);
}
