//! Tests of sandboxes: what all executors share, and what each promises for itself.
#![cfg(any(feature = "wasm", feature = "process", feature = "jupyter"))]

#[cfg(all(test, feature = "blaxel"))]
mod blaxel;
#[cfg(test)]
mod common;
#[cfg(test)]
mod conformance;
#[cfg(all(test, feature = "jupyter"))]
mod jupyter;
#[cfg(all(test, target_os = "linux", feature = "process"))]
mod leftovers;
#[cfg(all(test, target_os = "linux", feature = "process"))]
mod process;
#[cfg(test)]
mod suite;
#[cfg(all(test, feature = "wasm"))]
mod wasm;
