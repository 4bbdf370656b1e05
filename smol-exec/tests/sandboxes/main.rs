//! Tests of sandboxes: what all executors share, and what each promises for itself.
#![cfg(any(feature = "wasm", feature = "process", feature = "jupyter"))]

#[cfg(feature = "blaxel")]
#[cfg(test)]
mod blaxel;
#[cfg(test)]
mod common;
#[cfg(test)]
mod conformance;
#[cfg(feature = "jupyter")]
#[cfg(test)]
mod jupyter;
#[cfg(all(test, target_os = "linux", feature = "process"))]
mod leftovers;
#[cfg(all(test, target_os = "linux", feature = "process"))]
mod process;
#[cfg(test)]
mod suite;
#[cfg(all(test, feature = "wasm"))]
mod wasm;
