//! Containers of a real engine. One engine serves all of these tests, so they are one test.

mod engine;
mod hostile;
mod images;
mod isolation;
mod leftovers;
mod limits;
mod printed;
mod unreachable;

use crate::{
    common::{feed, open, text},
    conformance, suite,
};
use engine::Engine;
use serde_json::json;
use smol_core::exec::{Outcome, SandboxSpec};
use std::env;

/// Of the cases of conformance, one in so many: a container takes a good part of a second to start, and its Python is the
/// one that passes all of them as a process. Where all tests must run, every case does.
const SAMPLE: usize = 20;

#[tokio::test]
async fn containers_are_sandboxes() {
    let Some(mut engine) = Engine::docker().await else { return };
    images::all(&engine).await;
    let executor = engine.executor();
    suite::passes(&executor).await;
    suite::bounds_memory(&executor).await;
    match env::var_os("SMOLAGENTS_TEST_ALL") {
        Some(_) => conformance::passes(&executor).await,
        None => conformance::passes_sample(&executor, SAMPLE).await,
    }
    isolation::all(&engine).await;
    limits::all(&engine).await;
    printed::comes_with_its_block(&engine).await;
    fresh_blocks_share_nothing(&engine).await;
    gvisor_serves_where_it_is_known(&engine).await;
    hostile::all(&engine).await;
    crate::hostile::contains_slowly(&executor).await;
    engine.is_empty().await;
    leftovers::all(&engine).await;
    hostile::the_engine_may_end(&mut engine).await;
}

#[tokio::test]
async fn podman_serves_too() {
    let Some(engine) = Engine::podman().await else { return };
    let executor = engine.executor();
    isolation::all(&engine).await;
    printed::comes_with_its_block(&engine).await;
    suite::bounds_memory(&executor).await;
    hostile::all(&engine).await;
    leftovers::all(&engine).await;
}

async fn fresh_blocks_share_nothing(engine: &Engine) {
    let tools = vec![crate::common::tool("ask", json!({}))];
    let spec = SandboxSpec { tools, ..SandboxSpec::default() };
    let mut sandbox = open(&engine.executor().fresh(true), spec).await;
    let write = "import os\nx = 1\nopen(os.path.join('/work', 'left'), 'w').write('x')\nprint('written')";
    let outcome = feed(&mut *sandbox, write).await;
    assert!(matches!(&outcome, Outcome::Value { logs, .. } if logs == "written\n"), "{outcome:?}");
    let look = "import os\n'x' in globals(), os.path.exists(os.path.join('/work', 'left'))";
    assert_eq!(text(&feed(&mut *sandbox, look).await), "(False, False)");
    let outcome = crate::common::feed_with(&mut *sandbox, "ask() + ask()", |_| Ok(json!(21))).await;
    assert_eq!(text(&outcome), "42");
    drop(sandbox);
    engine.is_empty().await;
}

async fn gvisor_serves_where_it_is_known(engine: &Engine) {
    let runtimes = engine.client.info().await.unwrap().runtimes.unwrap_or_default();
    if !runtimes.contains_key("runsc") {
        eprintln!("SKIPPED: the tests of gVisor: the engine does not know the runtime `runsc`");
        return;
    }
    let mut sandbox = open(&engine.executor().runtime("runsc"), SandboxSpec::default()).await;
    assert_eq!(text(&feed(&mut *sandbox, "6 * 7").await), "42");
}
