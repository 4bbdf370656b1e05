//! What the `wasm` sandbox costs: a fresh session, a block, a tool call, memory. `cargo xtask bench wasm` runs it.

#![expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark prints its figures, of its own data"
)]

use anyhow::{Context, bail};
use serde_json::json;
use smolagents::{
    Executor, ToolSpec,
    exec::{Input, Outcome, Sandbox, SandboxSpec},
    executors::Wasm,
};
use std::time::Instant;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let executor = Wasm::default();
    drop(session(&executor).await?); // The first one compiles or loads the engine.
    let mut fresh = Vec::new();
    for _ in 0..50 {
        let started = Instant::now();
        let mut sandbox = session(&executor).await?;
        value(&mut *sandbox, "print('hello')").await?;
        fresh.push(started.elapsed().as_secs_f64() * 1e3);
    }
    let mut sandbox = session(&executor).await?;
    value(&mut *sandbox, "x = 0").await?;
    let mut blocks = Vec::new();
    for _ in 0..500 {
        let started = Instant::now();
        value(&mut *sandbox, "x += 1").await?;
        blocks.push(started.elapsed().as_secs_f64() * 1e3);
    }
    let tool = tool_call(&mut *sandbox, 2_000).await?;
    let before = resident()?;
    let mut live = Vec::new();
    for _ in 0..40 {
        let mut sandbox = session(&executor).await?;
        value(&mut *sandbox, "x = 1").await?;
        live.push(sandbox);
    }
    let each = (resident()? - before) / live.len() as f64;
    println!("fresh session to first output  {:8.2} ms", median(fresh));
    println!("block                          {:8.3} ms", median(blocks));
    println!("tool round trip                {tool:8.1} us");
    println!("memory of a live session       {each:8.1} MB");
    Ok(())
}

async fn session(executor: &Wasm) -> anyhow::Result<Box<dyn Sandbox>> {
    let add = ToolSpec {
        input: json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}}),
        ..ToolSpec::new("add", "Adds.")
    };
    Ok(executor.open(SandboxSpec { tools: vec![add], ..SandboxSpec::default() }, &|_| ()).await?)
}

async fn value(sandbox: &mut dyn Sandbox, code: &str) -> anyhow::Result<()> {
    match sandbox.feed(Input::Code(code.to_owned())).await? {
        Outcome::Value { .. } => Ok(()),
        other => bail!("{code:?} gave {other:?}"),
    }
}

/// Microseconds of one of `count` calls that a loop in Python makes.
async fn tool_call(sandbox: &mut dyn Sandbox, count: u32) -> anyhow::Result<f64> {
    let started = Instant::now();
    let mut outcome = sandbox.feed(Input::Code(format!("for i in range({count}): add(i, 1)"))).await?;
    while let Outcome::Call(call) = outcome {
        let sum = call.arguments["a"].as_i64().zip(call.arguments["b"].as_i64()).map(|(a, b)| a + b);
        outcome = sandbox.feed(Input::ToolReply { id: call.id, reply: Ok(json!(sum)) }).await?;
    }
    Ok(started.elapsed().as_secs_f64() * 1e6 / f64::from(count))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Memory that this process shares with none, in MB: pages of the engine's file are mapped once for all sessions.
fn resident() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).context("no RssAnon")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}
