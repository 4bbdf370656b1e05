//! CPython in wasm.

mod artifact;
mod clock;
mod fairness;
mod files;
mod isolation;
mod limits;
mod packages;
mod protocol;
mod seeds;
mod threadless;
mod tracebacks;
mod typed;

use crate::{common, suite};
use smol_core::exec::{Sandbox, SandboxSpec};

async fn sandbox() -> Box<dyn Sandbox> {
    with(smol_exec::Wasm::new(), SandboxSpec::default()).await
}

async fn with(executor: smol_exec::Wasm, spec: SandboxSpec) -> Box<dyn Sandbox> {
    common::use_test_cache();
    common::open(&executor, spec).await
}

#[tokio::test]
async fn passes_the_suite() {
    common::use_test_cache();
    suite::passes(&smol_exec::Wasm::new()).await;
    suite::bounds_memory(&smol_exec::Wasm::new()).await;
}
