//! The server that stands for Blaxel in the tests of smol-exec, beside the vendor's own package.

use crate::bench::{python_with, run_to_end};
use std::process::Command;

/// What the server needs besides is the kernel gateway.
const PACKAGES: &[&str] = &["blaxel==0.4.24", "jupyter_kernel_gateway==3.0.1", "ipykernel==7.4.0"];

/// Runs `blaxel_package.py`.
pub fn run() -> anyhow::Result<()> {
    let python = python_with("blaxel", PACKAGES)?;
    let peers = ["smol-exec/tests/peers/blaxel.py", "smol-exec/tests/peers/gateway.py"];
    run_to_end(Command::new(python).arg("xtask/src/it/blaxel_package.py").args(peers))
}
