//! A benchmark's own server, in a process of its own.

use anyhow::Context;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// Stops the server when dropped.
pub struct Served {
    process: Child,
    /// Where it listens.
    pub url: String,
}

impl Served {
    /// Starts `bench serve`, which prints where it listens.
    pub fn start(bench: &Path) -> anyhow::Result<Self> {
        let mut process = Command::new(bench).arg("serve").stdout(Stdio::piped()).spawn()?;
        let stdout = process.stdout.take().context("no output")?;
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url)?;
        Ok(Self { process, url: url.trim().to_owned() })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
