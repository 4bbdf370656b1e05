//! What the executors cost, beside the ways in which others run a model's Python, on one machine one after the other.

use super::{
    engine::{Engine, Gateway},
    python_with, run_to_end, target_folder,
};
use std::{fs, process::Command};

/// Prints the start, a block, a tool call and a computation of each executor that is there, then those of the peers.
pub fn run() -> anyhow::Result<()> {
    ours()?;
    let python = python_with("smolagents", &["smolagents[openai,docker]==1.26.0"])?;
    run_to_end(Command::new(python).arg("xtask/src/bench/exec.py"))?;
    pyodide()
}

/// Our executors; a container engine and a kernel gateway are started for them.
fn ours() -> anyhow::Result<()> {
    let build = ["build", "-q", "--release", "-p", "smol-exec", "--all-features", "--example", "bench_exec"];
    run_to_end(Command::new("cargo").args(build))?;
    let (engine, gateway) = (Engine::start()?, Gateway::start()?);
    let mut bench = Command::new(target_folder().join("release/examples/bench_exec"));
    bench.args(["wasm", "wasm-data", "process"]).arg(format!("docker={}", engine.options()));
    run_to_end(bench.arg(format!("jupyter={}", gateway.options())))
}

/// Pyodide in Deno, in which the original ran code up to its version 1.25.
fn pyodide() -> anyhow::Result<()> {
    let folder = target_folder().join("peers/pyodide");
    fs::create_dir_all(&folder)?;
    let install = ["install", "--silent", "--ignore-scripts", "deno@2.9.6", "pyodide@314.0.7", "--prefix"];
    run_to_end(Command::new("npm").args(install).arg(&folder))?;
    fs::copy("xtask/src/bench/exec.mjs", folder.join("exec.mjs"))?;
    let deno = folder.join("node_modules/.bin/deno");
    run_to_end(Command::new(deno).args(["run", "--allow-read", "--allow-env"]).arg(folder.join("exec.mjs")))
}
