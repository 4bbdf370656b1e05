//! What holding a small model's replies to the form of code is worth: small tasks with known answers, by a code agent on
//! SmolLM2-135M, with and without. `cargo xtask it small-tasks` runs this.
//!
//! `small_tasks FILE` reads the tasks from a file with one JSON object a line: `kind`, `task` and `answer`, several right
//! answers parted by `|`.

#![expect(clippy::print_stdout, reason = "an experiment prints its figures")]

use anyhow::Context;
use ruff_python_parser::parse_module;
use serde::Deserialize;
use smolagents::{AgentRunResult, RunState, hub, models::local::LocalModel, prelude::*};
use std::{env, fs, path::Path, time::Instant};

/// Steps to a task.
const STEPS: u32 = 3;

#[derive(Deserialize)]
struct Question {
    task: String,
    answer: String,
}

/// The price of an item, in dollars.
///
/// # Arguments
/// * `item` - The name of the item.
#[tool(effect = "pure")]
fn price(item: String) -> Result<i64, String> {
    match item.as_str() {
        "apple" => Ok(3),
        "pear" => Ok(5),
        other => Err(format!("there is no item `{other}`")),
    }
}

/// The temperature in a city, in degrees.
///
/// # Arguments
/// * `city` - The name of the city.
#[tool(effect = "pure")]
fn temperature(city: String) -> Result<i64, String> {
    match city.as_str() {
        "Cairo" => Ok(31),
        "Quito" => Ok(17),
        other => Err(format!("there is no city `{other}`")),
    }
}

#[derive(Default)]
struct Tally {
    replies: usize,
    parsed: usize,
    answered: usize,
    right: usize,
    written: u64,
    seconds: f64,
}

#[tokio::main(flavor = "multi_thread")]
async fn main() -> anyhow::Result<()> {
    let file = env::args().nth(1).context("usage: small_tasks FILE")?;
    let lines = fs::read_to_string(file)?;
    let questions = lines.lines().map(serde_json::from_str).collect::<Result<Vec<Question>, _>>()?;
    let weights = hub::default_model(|_| ()).await?;
    println!(
        "{:28}{:>8}{:>8}{:>10}{:>8}{:>10}{:>9}",
        "", "replies", "parse", "answered", "right", "tokens", "seconds"
    );
    for (name, constrained) in [("any text", false), ("held to the form of code", true)] {
        let tally = ask_all(&weights, constrained, &questions).await?;
        let Tally { replies, parsed, answered, right, written, seconds } = tally;
        println!("{name:28}{replies:>8}{parsed:>8}{answered:>10}{right:>8}{written:>10}{seconds:>9.1}");
    }
    Ok(())
}

async fn ask_all(weights: &Path, constrained: bool, questions: &[Question]) -> anyhow::Result<Tally> {
    let model = LocalModel::load(weights)?.max_new_tokens(256).constrained(constrained);
    let agent = CodeAgent::builder(model).tool(price).tool(temperature).max_steps(STEPS).build()?;
    let mut tally = Tally::default();
    let begun = Instant::now();
    for Question { task, answer } in questions {
        let result = agent.run(task).await?;
        let is_right = answer.split('|').any(|answer| answer == result.text.trim());
        tally.add(&result, is_right);
    }
    tally.seconds = begun.elapsed().as_secs_f64();
    Ok(tally)
}

impl Tally {
    fn add(&mut self, result: &AgentRunResult, is_right: bool) {
        // The last word of a run without steps left is no code.
        let said = result.steps.iter().filter(|step| step.step_number <= STEPS);
        self.replies += said.count();
        let codes = result.steps.iter().filter_map(|step| step.code_action.as_deref());
        self.parsed += codes.filter(|code| parse_module(code).is_ok()).count();
        self.answered += usize::from(result.state == RunState::Answered);
        self.right += usize::from(is_right);
        self.written += result.token_usage.output_tokens;
    }
}
