//! `cargo xtask bench [NAME]`: our figures beside a named peer's, from one run on one machine.

mod steps;

use anyhow::{Context, bail, ensure};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

type Chore = fn() -> anyhow::Result<()>;

/// The benchmarks by name.
const BENCHES: [(&str, Chore); 2] = [("wasm", wasm), ("steps", steps::run)];

/// Runs the benchmark called `name`, or all of them.
pub fn run(name: Option<&str>) -> anyhow::Result<()> {
    let chosen: Vec<_> = BENCHES.iter().filter(|(known, _)| name.is_none_or(|name| name == *known)).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
        bail!("there is no such benchmark\n\nhint: there are `{}`", names.join("`, `"));
    }
    chosen.into_iter().try_for_each(|(name, bench)| bench().with_context(|| format!("`{name}` failed")))
}

fn wasm() -> anyhow::Result<()> {
    run_to_end(&mut Command::new(release_example("bench_wasm")?))
}

/// Builds an example of the facade in release mode.
fn release_example(name: &str) -> anyhow::Result<PathBuf> {
    run_to_end(Command::new("cargo").args(["build", "--release", "-p", "smolagents", "--example", name]))?;
    Ok(target_folder().join("release/examples").join(name))
}

/// A Python environment under the target folder that holds `packages`.
fn python_with(name: &str, packages: &[&str]) -> anyhow::Result<PathBuf> {
    let folder = target_folder().join("peers").join(name);
    let python = folder.join("bin/python3");
    if !python.exists() {
        run_to_end(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    run_to_end(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    Ok(python)
}

fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| Path::new("target").to_owned(), PathBuf::from)
}

fn run_to_end(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("could not run {command:?}"))?;
    ensure!(status.success(), "{command:?} failed");
    Ok(())
}
