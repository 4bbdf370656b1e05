//! Tests of sandboxes: what all executors share, and what each promises for itself.

mod common;
mod conformance;
#[cfg(feature = "wasm")]
mod wasm;
