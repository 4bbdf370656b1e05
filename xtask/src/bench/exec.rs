//! What the executors cost, beside the ways in which others run a model's Python, on one machine one after the other.

use super::{python_with, run_to_end, target_folder};
use std::process::Command;

/// Prints the start, a block, a tool call and a computation of each executor that is there, then those of the original.
pub fn run() -> anyhow::Result<()> {
    run_to_end(
        Command::new("cargo")
            .args(["build", "-q", "--release", "-p", "smol-exec", "--all-features"])
            .args(["--example", "bench_exec"]),
    )?;
    run_to_end(&mut Command::new(target_folder().join("release/examples/bench_exec")))?;
    let python = python_with("smolagents", &["smolagents[openai,docker]==1.26.0"])?;
    run_to_end(Command::new(python).arg("xtask/src/bench/exec.py"))
}
