//! Tests of sandboxes: what all executors share, and what each promises for itself.
#![cfg(feature = "wasm")]

#[cfg(test)]
mod common;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod wasm;
