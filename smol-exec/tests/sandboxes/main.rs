//! Tests of sandboxes: what all executors share, and what each promises for itself.
#![cfg(any(feature = "e2b", feature = "modal", feature = "process", feature = "wasm"))]

#[cfg(test)]
mod common;
#[cfg(test)]
mod conformance;
#[cfg(all(test, unix, feature = "e2b"))]
mod e2b;
#[cfg(all(test, unix, feature = "modal"))]
mod modal;
#[cfg(all(test, target_os = "linux", feature = "process"))]
mod process;
#[cfg(test)]
mod suite;
#[cfg(all(test, feature = "wasm"))]
mod wasm;
