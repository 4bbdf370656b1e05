//! What a call of a native tool costs, from the code in the sandbox to the tool and back. `cargo xtask bench tools` runs it.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use anyhow::ensure;
use serde_json::json;
use smolagents::{
    CodeAgent, Tool,
    attempt::attempt,
    models::scripted::{ScriptedModel, text},
    tool,
};
use std::time::Instant;

/// Calls in one block of code.
const CALLS: u32 = 500;

/// Runs of which the median is told.
const RUNS: usize = 9;

/// Adds two numbers.
#[tool(effect = "pure")]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

/// Adds two numbers on a thread of its own, as a tool that waits would.
#[tool(effect = "reads")]
fn add_elsewhere(a: i64, b: i64) -> i64 {
    a + b
}

/// Adds two numbers unless it knows the sum.
#[tool(effect = "pure", cache = 128)]
fn add_cached(a: i64, b: i64) -> i64 {
    a + b
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    run("pass").await?; // The first one compiles or loads the engine.
    let empty = median(&mut samples("pass").await?);
    for name in ["add", "add_elsewhere", "add_cached"] {
        let code = format!("for i in range({CALLS}): {name}(i % 7, 1)");
        let each = (median(&mut samples(&code).await?) - empty) / f64::from(CALLS);
        println!("{name:14} through the sandbox {each:7.1} us a call");
    }
    for tool in [&add as &dyn Tool, &add_elsewhere, &add_cached] {
        println!("{:14} from the host     {:7.1} us a call", tool.spec().name, from_host(tool).await?);
    }
    Ok(())
}

async fn samples(code: &str) -> anyhow::Result<Vec<f64>> {
    let mut samples = Vec::new();
    for _ in 0..RUNS {
        samples.push(run(code).await?);
    }
    Ok(samples)
}

/// Microseconds of a whole run whose code is this, by an agent with all its checks and records.
async fn run(code: &str) -> anyhow::Result<f64> {
    let model = ScriptedModel::new([text(format!("<code>\n{code}\nfinal_answer(1)\n</code>"))]);
    let agent = CodeAgent::builder(model).tool(add).tool(add_elsewhere).tool(add_cached).build()?;
    let started = Instant::now();
    let result = agent.run("Add").await?;
    ensure!(result.text == "1", "the run failed: {result:?}");
    Ok(started.elapsed().as_secs_f64() * 1e6)
}

/// Microseconds of a call without a sandbox.
async fn from_host(tool: &dyn Tool) -> anyhow::Result<f64> {
    let started = Instant::now();
    for _ in 0..CALLS {
        attempt(tool, json!({"a": 1, "b": 2})).await?;
    }
    Ok(started.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
