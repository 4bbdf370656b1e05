//! Tests of sandboxes: what all executors share, and what each promises for itself.
#![cfg(any(feature = "wasm", feature = "process"))]

#[cfg(test)]
mod common;
#[cfg(test)]
mod conformance;
#[cfg(feature = "wasm")]
#[cfg(test)]
mod wasm;
