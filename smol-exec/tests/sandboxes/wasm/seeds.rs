//! Random: fresh for each session, or fixed by the run.

use super::with;
use crate::common::{feed, text};
use smol_core::exec::SandboxSpec;

const DRAW: &str = "import random, uuid, os, secrets\n\
    (random.random(), str(uuid.uuid4()), os.urandom(8), secrets.token_hex(4), random.SystemRandom().random(), random.Random().random())";

async fn draw(seed: Option<u64>) -> Vec<String> {
    let mut sandbox = with(smol_exec::Wasm::new(), SandboxSpec { seed, ..SandboxSpec::default() }).await;
    let parts = feed(&mut *sandbox, DRAW).await;
    text(&parts).split(", ").map(str::to_owned).collect()
}

#[tokio::test]
async fn a_seed_fixes_every_source_of_random() {
    let (first, second, other) = (draw(Some(7)).await, draw(Some(7)).await, draw(Some(8)).await);
    assert_eq!(first, second);
    assert!(first.iter().zip(&other).all(|(one, other)| one != other), "{first:?} {other:?}");
}

#[tokio::test]
async fn sessions_without_a_seed_differ_in_every_source_of_random() {
    let (first, second) = (draw(None).await, draw(None).await);
    assert!(first.iter().zip(&second).all(|(one, other)| one != other), "{first:?} {second:?}");
}
