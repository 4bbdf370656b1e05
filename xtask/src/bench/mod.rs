//! `cargo xtask bench [NAME]`: our figures beside a named peer's, from one run on one machine.

#[cfg(unix)]
mod engine;
#[cfg(unix)]
mod exec;
mod local;
mod mcp;
mod remote;
mod served;
mod steps;
mod tools;
mod transcription;

use crate::Chore;
use anyhow::{Context, ensure};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// The benchmarks by name.
pub const BENCHES: &[Chore] = &[
    ("wasm", wasm),
    #[cfg(unix)]
    ("exec", exec::run),
    ("steps", steps::run),
    ("runs", runs),
    ("local", local::run),
    ("remote", remote::run),
    ("tools", tools::run),
];

fn wasm() -> anyhow::Result<()> {
    run_to_end(&mut Command::new(release_example("bench_wasm", &[])?))
}

fn runs() -> anyhow::Result<()> {
    run_to_end(&mut Command::new(release_example("bench_runs", &[])?))
}

/// Builds an example of the facade in release mode.
pub fn release_example(name: &str, features: &[&str]) -> anyhow::Result<PathBuf> {
    let build = ["build", "--release", "-p", "smolagents", "--example", name];
    run_to_end(Command::new("cargo").args(build).args(features))?;
    Ok(target_folder().join("release/examples").join(name))
}

/// A Python environment under the target folder that holds `packages`.
pub fn python_with(name: &str, packages: &[&str]) -> anyhow::Result<PathBuf> {
    let folder = target_folder().join("peers").join(name);
    let python = folder.join("bin/python3");
    if !python.exists() {
        run_to_end(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    }
    run_to_end(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    Ok(python)
}

/// Where this build puts what it makes.
pub fn target_folder() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| Path::new("target").to_owned(), PathBuf::from)
}

/// Runs it; that it ends badly is an error.
pub fn run_to_end(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("could not run {command:?}"))?;
    ensure!(status.success(), "{command:?} failed");
    Ok(())
}

/// The line of figures that a benchmark prints.
fn figures(command: &mut Command) -> anyhow::Result<String> {
    let output = command.stderr(std::process::Stdio::inherit()).output()?;
    ensure!(output.status.success(), "{command:?} failed");
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// A number of a flat JSON object.
fn field(line: &str, name: &str) -> anyhow::Result<f64> {
    let (_, rest) =
        line.split_once(&format!("\"{name}\":")).with_context(|| format!("no `{name}` in {line}"))?;
    let number = rest.split([',', '}']).next().unwrap_or_default();
    number.trim().parse().with_context(|| format!("`{name}` in {line}"))
}
