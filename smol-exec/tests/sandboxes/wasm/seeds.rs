//! Clock and random: fresh for each session, or fixed by the run.

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

#[tokio::test]
async fn the_clock_can_be_fixed() {
    let spec = || SandboxSpec { clock: Some(1_700_000_000_250), seed: Some(1), ..SandboxSpec::default() };
    for (code, expected) in [
        ("import time\ntime.time_ns()", "1700000000250000000"),
        ("import datetime\nstr(datetime.datetime.now(datetime.UTC))", "'2023-11-14 22:13:20.250000+00:00'"),
        ("import time\ntime.monotonic() < time.monotonic()", "True"),
        ("import time\ntime.sleep(0.001)", ""),
    ] {
        let mut sandbox = with(smol_exec::Wasm::new(), spec()).await;
        assert_eq!(text(&feed(&mut *sandbox, code).await), expected, "{code}");
    }
    let code =
        "import time\n[time.monotonic(), time.perf_counter(), id(object()), hash('a'), {'a', 'b', 'c'}]";
    let mut texts = Vec::new();
    for _ in 0..2 {
        let mut sandbox = with(smol_exec::Wasm::new(), spec()).await;
        texts.push(text(&feed(&mut *sandbox, code).await).to_owned());
    }
    assert_eq!(texts[0], texts[1]);
}

#[tokio::test]
async fn without_a_fixed_clock_time_is_the_hosts() {
    let before =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs_f64();
    let mut sandbox = with(smol_exec::Wasm::new(), SandboxSpec::default()).await;
    let now: f64 = text(&feed(&mut *sandbox, "import time\ntime.time()").await).parse().expect("a number");
    assert!((before..before + 600.0).contains(&now), "{before} {now}");
}
