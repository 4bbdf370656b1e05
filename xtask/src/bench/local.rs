//! Local models beside llama.cpp: the same weights and text, in turns, with one thread and with two.
//!
//! Other work on the machine slows whoever runs at that moment, so each side runs several times and the medians are
//! compared. Memory is the most that each process ever held; what node and the library hold without a model is taken off
//! on their side, nothing on ours.

use super::{field, figures, run_to_end, target_folder};
use anyhow::Context;
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// How often each side runs.
const ROUNDS: usize = 5;

/// Prints the medians of both sides for each model and number of threads, and how they compare.
#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
pub fn run() -> anyhow::Result<()> {
    let bench = build()?;
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
    let files =
        serde_json::from_str::<serde_json::Value>(&figures(Command::new(&bench).arg("files").arg(&folder))?)?;
    for (name, path) in files.as_object().context("the benchmark named no files")? {
        let path = path.as_str().context("a file without a path")?;
        for threads in ["1", "2"] {
            println!("{name}, {threads} thread(s): {}", Comparison::run(&bench, &folder, path, threads)?);
        }
    }
    Ok(())
}

/// The benchmark with nothing but the local models in it.
fn build() -> anyhow::Result<PathBuf> {
    let arguments =
        "build --release -p smol-models --no-default-features --features candle --example bench_local";
    run_to_end(Command::new("cargo").args(arguments.split(' ')))?;
    Ok(target_folder().join("release/examples/bench_local"))
}

/// The lines of figures of both sides.
#[derive(Default)]
struct Comparison {
    ours: Vec<String>,
    theirs: Vec<String>,
}

impl Comparison {
    fn run(bench: &Path, folder: &Path, model: &str, threads: &str) -> anyhow::Result<String> {
        let mut comparison = Self::default();
        for _ in 0..ROUNDS {
            let mut ours = Command::new(bench);
            comparison.ours.push(figures(ours.args(["run", model, threads]))?);
            let mut theirs = Command::new("node");
            theirs.arg(folder.join("llama.mjs")).args([model, threads]).arg(folder.join("prompt.txt"));
            comparison.theirs.push(figures(&mut theirs)?);
        }
        comparison.report()
    }

    fn report(&self) -> anyhow::Result<String> {
        let speed = |name| -> anyhow::Result<String> {
            let (ours, theirs) = (median(&self.ours, name)?, median(&self.theirs, name)?);
            Ok(format!("{name} {ours:.1} to {theirs:.1} ({:.2}x)", ours / theirs))
        };
        let memory = median(&self.ours, "peak_mb")?;
        let peer = median(&self.theirs, "peak_mb")? - median(&self.theirs, "without_model_mb")?;
        let (prompt, decode) = (speed("prompt_tps")?, speed("decode_tps")?);
        let second = median(&self.ours, "second_step_of_first")?;
        let ratio = memory / peer;
        Ok(format!(
            "{prompt}, {decode}, peak_mb {memory:.0} to {peer:.0} ({ratio:.2}x), second_step_of_first {second:.2}"
        ))
    }
}

fn median(lines: &[String], name: &str) -> anyhow::Result<f64> {
    let mut numbers = lines.iter().map(|line| field(line, name)).collect::<anyhow::Result<Vec<_>>>()?;
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().context("no figures")
}
