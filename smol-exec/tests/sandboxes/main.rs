//! Tests of sandboxes: what all executors share, and what each promises for itself.

#[cfg(feature = "blaxel")]
#[cfg(test)]
mod blaxel;
#[cfg(test)]
mod common;
#[cfg(test)]
mod conformance;
#[cfg(feature = "wasm-data")]
#[cfg(test)]
mod data;
#[cfg(all(target_os = "linux", feature = "docker"))]
#[cfg(test)]
mod docker;
#[cfg(all(unix, feature = "e2b"))]
#[cfg(test)]
mod e2b;
#[cfg(target_os = "linux")]
#[cfg(test)]
mod hostile;
#[cfg(feature = "jupyter")]
#[cfg(test)]
mod jupyter;
#[cfg(target_os = "linux")]
#[cfg(test)]
mod leftovers;
#[cfg(all(unix, feature = "modal"))]
#[cfg(test)]
mod modal;
#[cfg(all(target_os = "linux", feature = "process"))]
#[cfg(test)]
mod process;
#[cfg(test)]
mod suite;
#[cfg(feature = "wasm")]
#[cfg(test)]
mod wasm;
