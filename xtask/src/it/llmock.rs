//! Our wires against llmock, which breaks replies as services do and judges how a client takes it.

use super::peer::Peer;
use crate::bench::{python_with, run_to_end};
use std::process::Command;

/// Runs the example `llmock` of smol-models against a server of its own.
pub fn run() -> anyhow::Result<()> {
    let python = python_with("llmock", &["llmock==0.2.2"])?;
    let server = Peer::start("llmock", |port| {
        let mut command = Command::new(&python);
        let port = port.to_string();
        command.args([
            "-m",
            "llmock.cli",
            "serve",
            "--host",
            "127.0.0.1",
            "--port",
            &port,
            "--log-level",
            "error",
        ]);
        Ok(command)
    })?;
    let example = ["run", "-q", "-p", "smol-models", "--no-default-features", "--features", "openai"];
    run_to_end(Command::new("cargo").args(example).args(["--example", "llmock", "--", &server.url()]))
}
