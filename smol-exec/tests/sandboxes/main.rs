//! Tests of sandboxes: what all executors share, and what each promises for itself.
#![cfg(any(feature = "wasm", feature = "process"))]

#[cfg(test)]
mod common;
#[cfg(test)]
mod conformance;
#[cfg(target_os = "linux")]
#[cfg(test)]
mod hostile;
#[cfg(target_os = "linux")]
#[cfg(test)]
mod leftovers;
#[cfg(all(target_os = "linux", feature = "process"))]
#[cfg(test)]
mod process;
#[cfg(test)]
mod suite;
#[cfg(feature = "wasm")]
#[cfg(test)]
mod wasm;
