//! Tests of sandboxes: what all executors share, and what each promises for itself.

#[cfg(all(test, feature = "blaxel"))]
mod blaxel;
#[cfg(test)]
mod common;
#[cfg(test)]
mod conformance;
#[cfg(all(test, target_os = "linux", feature = "docker"))]
mod docker;
#[cfg(all(test, feature = "e2b"))]
mod e2b;
#[cfg(all(test, target_os = "linux"))]
mod hostile;
#[cfg(all(test, feature = "jupyter"))]
mod jupyter;
#[cfg(all(test, target_os = "linux"))]
mod leftovers;
#[cfg(all(test, feature = "modal"))]
mod modal;
#[cfg(all(test, target_os = "linux", feature = "process"))]
mod process;
#[cfg(test)]
mod suite;
#[cfg(all(test, feature = "wasm"))]
mod wasm;
