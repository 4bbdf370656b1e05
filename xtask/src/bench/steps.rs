//! One step of an agent, beside the original's: the same script, server and machine, one after the other.

use super::{field, figures, python_with, release_example, served::Served};
use std::process::Command;

const RUNS: &str = "30";

/// Prints both sides' time a step and memory, and a thousand runs of ours at once.
#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
pub fn run() -> anyhow::Result<()> {
    let bench = release_example("bench_steps", &[])?;
    let python = python_with("smolagents", &["smolagents[openai]==1.26.0"])?;
    let server = Served::start(&bench)?;
    let url = server.url.as_str();
    let ours = figures(Command::new(&bench).args(["run", url, RUNS, "1"]))?;
    let theirs = figures(Command::new(python).args(["-", url, RUNS]).stdin(script()?))?;
    let many = figures(Command::new(&bench).args(["run", url, "1000", "64"]))?;
    println!("ours                        {ours}");
    println!("Python smolagents 1.26      {theirs}");
    println!("ours, 1000 runs, 64 at once {many}");
    let step = |line: &str| field(line, "ms_per_step");
    println!("a step costs {:.1} times less", step(&theirs)? / step(&ours)?);
    Ok(())
}

/// The original's side, for `python3 -`.
fn script() -> anyhow::Result<std::fs::File> {
    Ok(std::fs::File::open("xtask/src/bench/steps.py")?)
}
