//! CPython in wasm.

mod answers;
mod artifact;
mod clock;
mod fairness;
mod files;
mod imports;
mod isolation;
mod limits;
mod packages;
mod protocol;
mod seeds;
mod state;
mod threadless;
mod tools;
mod typed;
mod values;

use crate::common;
use smol_core::exec::{Sandbox, SandboxSpec};

async fn sandbox() -> Box<dyn Sandbox> {
    with(smol_exec::Wasm::new(), SandboxSpec::default()).await
}

async fn with(executor: smol_exec::Wasm, spec: SandboxSpec) -> Box<dyn Sandbox> {
    common::use_test_cache();
    common::open(&executor, spec).await
}
