//! Sandboxes for smolagents: where the Python that a model writes is run.
//!
//! Every sandbox speaks through the traits of [`smol_core::exec`]: it returns the tool calls that code makes and never
//! makes one itself, so secrets and tools stay with the host. [`executor`] finds one by name.

#[cfg(any(feature = "wasm", all(unix, feature = "process")))]
mod folder;
#[cfg(any(feature = "wasm", feature = "worker"))]
mod guest;
#[cfg(all(unix, feature = "process"))]
mod keeper;
#[cfg(any(feature = "wasm", feature = "worker"))]
mod limits;
#[cfg(any(feature = "wasm", feature = "worker"))]
mod logs;
mod names;
#[cfg(all(unix, feature = "process"))]
mod process;
#[cfg(any(feature = "wasm", feature = "worker"))]
mod session;
#[cfg(feature = "wasm")]
mod wasm;
#[cfg(feature = "worker")]
mod worker;

pub use names::{NAMES, executor};
#[cfg(all(unix, feature = "process"))]
pub use process::{Confinement, Process};
#[cfg(feature = "wasm")]
pub use wasm::Wasm;
