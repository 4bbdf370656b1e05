//! What it costs to call a tool, wherever the tool is.

use super::{mcp, release_example, run_to_end, transcription};
use std::process::Command;

/// Prints the figures of each kind of tool.
pub fn run() -> anyhow::Result<()> {
    native()?;
    mcp::run()?;
    transcription::run()
}

/// Tools of this process; the aim is 60 us through the `wasm` sandbox.
fn native() -> anyhow::Result<()> {
    run_to_end(&mut Command::new(release_example("bench_tools", &[])?))
}
