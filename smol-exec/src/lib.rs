//! Sandboxes for smolagents: where the Python that a model writes is run.
//!
//! Every sandbox speaks through the traits of [`smol_core::exec`]: it returns the tool calls that code makes and never
//! makes one itself, so secrets and tools stay with the host. [`executor`] finds one by name.

#[cfg(feature = "wasm")]
mod guest;
#[cfg(feature = "wasm")]
mod logs;
mod names;
#[cfg(feature = "wasm")]
mod wasm;

pub use names::{NAMES, executor};
#[cfg(feature = "wasm")]
pub use wasm::Wasm;
