//! `cargo xtask fuzz SECONDS`: every fuzz target for that long.

use anyhow::{Context, ensure};
use std::{fs, process::Command};

/// Runs each target of `fuzz/` for `seconds`; a crash, a hang or a broken oracle is an error.
pub fn run(seconds: u32) -> anyhow::Result<()> {
    for entry in fs::read_dir("fuzz/fuzz_targets")? {
        let file = entry?.path();
        let target =
            file.file_stem().and_then(|stem| stem.to_str()).context("a target without a name")?.to_owned();
        let limit = format!("-max_total_time={seconds}");
        let arguments =
            ["run", "--release", "--bin", &target, "--", &limit, "-timeout=5", "-rss_limit_mb=1024"];
        let status = Command::new("cargo").current_dir("fuzz").args(arguments).status()?;
        ensure!(status.success(), "the fuzz target `{target}` found something");
    }
    Ok(())
}
