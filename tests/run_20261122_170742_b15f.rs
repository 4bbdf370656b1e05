//! The run `20261122-170742-b15f`, recorded 2026-11-22T17:07:42Z: its code must still do what it did then.
//! Written by `smolagent runs test`.

use smolagents::{
    executors::Wasm,
    runs::{RunFile, replay},
};

#[tokio::test]
async fn the_run_goes_as_it_did() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runs/20261122-170742-b15f.jsonl");
    let run = RunFile::load(file).unwrap_or_else(|error| panic!("{error}"));
    replay(&run, &Wasm::new()).await.unwrap_or_else(|error| panic!("{error}"));
}
