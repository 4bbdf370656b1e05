//! A local model beside llama.cpp: the same weights and text, one thread, one after the other.

use super::{field, figures, release_example, run_to_end, target_folder};
use anyhow::Context;
use std::{fs, process::Command};

/// Prints both sides' prompt and decode speed, and what a second step costs of the first.
#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
pub fn run() -> anyhow::Result<()> {
    let bench = release_example("bench_local", &["--features", "candle,hub"])?;
    let folder = target_folder().join("peers/llama");
    fs::create_dir_all(&folder)?;
    let packages = ["node-llama-cpp@3.22.1", "@node-llama-cpp/linux-x64@3.22.1"];
    run_to_end(
        Command::new("npm")
            .args(["install", "--silent", "--ignore-scripts", "--prefix"])
            .arg(&folder)
            .args(packages),
    )?;
    fs::copy("xtask/src/bench/llama.mjs", folder.join("llama.mjs"))?;
    let text = folder.join("prompt.txt");
    let ours = figures(Command::new(bench).arg(&text))?;
    let weights =
        ours.split("\"weights\":\"").nth(1).and_then(|rest| rest.split('"').next()).context("no weights")?;
    let theirs = figures(Command::new("node").arg(folder.join("llama.mjs")).arg(weights).arg(&text))?;
    println!("ours       {ours}\nllama.cpp  {theirs}");
    for name in ["prompt_tps", "decode_tps"] {
        println!("{name}: {:.2} of llama.cpp's", field(&ours, name)? / field(&theirs, name)?);
    }
    Ok(())
}
