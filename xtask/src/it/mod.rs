//! `cargo xtask it [NAME]`: checks against real peers that are too slow or too rarely there for every test run.

mod blaxel;
mod clouds;
mod interop;
mod llmock;
mod mcp_conformance;
mod peer;
mod phoenix;
mod requests;

use crate::{
    Chore,
    bench::{python_with, release_example, run_to_end, target_folder},
};
use anyhow::{Context, ensure};
pub use clouds::live;
use std::{fs, path::PathBuf, process::Command};

/// The checks by name.
pub const CHECKS: &[Chore] = &[
    ("blaxel", blaxel::run),
    ("cases", cases),
    ("features", crate::features::exactly),
    ("hostile", hostile),
    ("langchain", langchain),
    ("e2b", clouds::e2b),
    ("interop", interop::run),
    ("llmock", llmock::run),
    ("mcp-conformance", mcp_conformance::run),
    ("modal", clouds::modal),
    ("phoenix", phoenix::run),
    ("requests", requests::run),
    ("small-tasks", small_tasks),
    ("soak", soak),
    ("wasm-data", wasm_data),
];

/// The conformance cases print, on this machine's own `python3`, what they are expected to print.
#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
fn cases() -> anyhow::Result<()> {
    let mut count = 0;
    for entry in fs::read_dir("smol-exec/cases")? {
        let file = entry?.path();
        if file.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let output = Command::new("python3").args(["-I", "-X", "utf8"]).arg(&file).output();
        let output = output.context("could not run `python3`")?;
        let expected = fs::read(file.with_extension("out"))?;
        ensure!(output.stdout == expected, "`{}` prints something else", file.display());
        count += 1;
    }
    ensure!(count >= 150, "only {count} cases were found");
    println!("{count} cases print on `python3` what they are expected to print");
    Ok(())
}

/// Every program of `smol-exec/hostile` on every executor that can be had without a service; those that are after the host
/// also on the stand-ins for services.
fn hostile() -> anyhow::Result<()> {
    let features = "process,docker,jupyter,e2b,modal";
    let test = ["test", "-p", "smol-exec", "--features", features, "--test", "sandboxes", "--"];
    // One at a time: each counts what its process has left.
    let chosen =
        ["hostile::", "containers_are_sandboxes", "programs_do_not_fool_the_host", "--test-threads", "1"];
    run_to_end(Command::new("cargo").args(test).args(chosen).env("SMOLAGENTS_TEST_HOSTILE", "1"))
}

/// The Python with libraries for data: what every sandbox promises, every case, and what its libraries give.
fn wasm_data() -> anyhow::Result<()> {
    let features = ["--no-default-features", "--features", "wasm-data", "--test", "sandboxes", "data::"];
    let test = ["test", "-p", "smol-exec"].into_iter().chain(features);
    run_to_end(Command::new("cargo").args(test).env("SMOLAGENTS_TEST_WASM_DATA", "1"))
}

/// A tool of LangChain's own, behind an agent of ours.
fn langchain() -> anyhow::Result<()> {
    let python = python_with("langchain", &["langchain-core==1.7.2"])?;
    let output = Command::new(test_example("langchain_tool")?).arg(python).output()?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let expected = "count_letter: Counts how often a letter is in a word.\n3\n";
    ensure!(printed == expected, "it printed {printed:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

/// Builds an example as the tests are built, so that it has their dependencies.
fn test_example(name: &str) -> anyhow::Result<PathBuf> {
    run_to_end(Command::new("cargo").args(["build", "-q", "--workspace", "--example", name]))?;
    Ok(target_folder().join("debug/examples").join(name))
}

/// Ten thousand blocks over 64 sessions of workers at once.
fn soak() -> anyhow::Result<()> {
    let example = ["--no-default-features", "--features", "process", "--example", "soak"];
    run_to_end(Command::new("cargo").args(["run", "-q", "--release", "-p", "smol-exec"]).args(example))
}

/// What a small model makes of small tasks when it may write anything, and when its replies are held to their form.
fn small_tasks() -> anyhow::Result<()> {
    let example = release_example("small_tasks", &["--features", "candle,hub"])?;
    run_to_end(Command::new(example).arg("benches/small_tasks.jsonl"))
}
