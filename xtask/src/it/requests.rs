//! Our request bodies beside those of the original, for the same calls: what differs is printed with its reason.

use crate::bench::{python_with, run_to_end, target_folder};
use std::process::Command;

/// Runs `bodies.py` with the example `requests` of smol-models.
pub fn run() -> anyhow::Result<()> {
    let python = python_with("smolagents", &["smolagents[openai]==1.26.0"])?;
    let example =
        ["-p", "smol-models", "--no-default-features", "--features", "openai", "--example", "requests"];
    run_to_end(Command::new("cargo").args(["build", "-q"]).args(example))?;
    let client = target_folder().join("debug/examples/requests");
    run_to_end(Command::new(python).arg("xtask/src/it/bodies.py").arg(client))
}
