//! CPython in wasm with the libraries for data. Its first use fetches and compiles for minutes, so these tests run only
//! where they are asked for, as by `cargo xtask it wasm-data`.

mod files;
mod libraries;

use crate::{common, conformance, suite};
use smol_core::exec::{Sandbox, SandboxSpec};
use smol_exec::WasmData;

/// Asks for these tests.
const ALL: &str = "SMOLAGENTS_TEST_WASM_DATA";

/// Whether they were asked for.
fn is_wanted() -> bool {
    let is_wanted = std::env::var_os(ALL).is_some();
    if is_wanted {
        common::use_test_cache();
    } else {
        eprintln!("SKIPPED: set {ALL} to fetch 98 MB and compile them, which takes minutes");
    }
    is_wanted
}

async fn sandbox(executor: &WasmData) -> Box<dyn Sandbox> {
    common::open(executor, SandboxSpec::default()).await
}

#[tokio::test]
async fn passes_the_suite() {
    if is_wanted() {
        suite::passes(&WasmData::new()).await;
        suite::bounds_memory(&WasmData::new()).await;
    }
}

#[tokio::test]
async fn passes_every_case() {
    if is_wanted() {
        conformance::passes(&WasmData::new()).await;
    }
}
