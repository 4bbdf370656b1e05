//! Sandboxes for smolagents: where the Python that a model writes is run.
//!
//! Every sandbox speaks through the traits of [`smol_core::exec`]: it returns the tool calls that code makes and never
//! makes one itself, so secrets and tools stay with the host. [`executor`] finds one by name.

#[cfg(feature = "blaxel")]
mod blaxel;
mod choose;
#[cfg(feature = "cloud")]
mod cloud;
#[cfg(feature = "docker")]
mod docker;
#[cfg(feature = "e2b")]
mod e2b;
#[cfg(any(feature = "cloud", feature = "docker", feature = "jupyter"))]
mod farewell;
#[cfg(any(feature = "wasm", all(unix, feature = "process")))]
mod folder;
#[cfg(any(feature = "wasm", feature = "worker"))]
mod guest;
#[cfg(feature = "jupyter")]
mod jupyter;
#[cfg(all(unix, feature = "process"))]
mod keeper;
mod kind;
#[cfg(any(feature = "wasm", feature = "worker"))]
mod limits;
#[cfg(any(feature = "wasm", feature = "worker"))]
mod logs;
#[cfg(feature = "modal")]
mod modal;
#[cfg(any(feature = "wasm", feature = "worker"))]
mod options;
#[cfg(all(unix, feature = "process"))]
mod process;
#[cfg(any(feature = "wasm", feature = "worker"))]
mod session;
#[cfg(feature = "wasm")]
mod wasm;
#[cfg(feature = "worker")]
mod worker;

#[cfg(feature = "blaxel")]
pub use blaxel::Blaxel;
pub use choose::{Location, Requirements, Scale, Spending, Stage, Trust, choose_sandbox};
#[cfg(feature = "docker")]
pub use docker::Docker;
#[cfg(feature = "e2b")]
pub use e2b::E2B;
#[cfg(feature = "jupyter")]
pub use jupyter::Jupyter;
pub use kind::{ExecutorKind, executor};
#[cfg(feature = "modal")]
pub use modal::Modal;
#[cfg(all(unix, feature = "process"))]
pub use process::{Confinement, Process};
#[cfg(feature = "wasm")]
pub use wasm::Wasm;
#[cfg(feature = "wasm-data")]
pub use wasm::WasmData;
