//! What each sandbox of this build costs: its start, a block, a tool call, a computation. `cargo xtask bench exec` runs it;
//! the names of executors may be given, also with options: `docker={"image": "python:3.13"}`.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use serde_json::json;
use smol_core::{
    exec::{Executor, Input, Outcome, Sandbox, SandboxSpec},
    tool::ToolSpec,
};
use smol_exec::ExecutorKind;
use std::{error::Error, time::Instant};

const FIB: &str = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\nfib(24)";

#[tokio::main]
async fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let all = || ExecutorKind::all().map(|kind| kind.name().to_owned()).collect();
    for asked in if asked.is_empty() { all() } else { asked } {
        let (name, options) = asked.split_once('=').unwrap_or((&asked, "{}"));
        match measure(name, options).await {
            Ok(figures) => println!("{name:28}{figures}"),
            Err(error) => {
                println!("{name:28}not here: {}", error.to_string().lines().next().unwrap_or_default())
            }
        }
    }
}

async fn measure(name: &str, options: &str) -> Result<String, Box<dyn Error>> {
    let executor = name.parse::<ExecutorKind>()?.executor_with(&serde_json::from_str(options)?)?;
    // The first one finds or compiles what all need.
    ended(&mut *open(&*executor).await?, "1").await?;
    let mut starts = Vec::new();
    for _ in 0..10 {
        let started = Instant::now();
        ended(&mut *open(&*executor).await?, "print('hello')").await?;
        starts.push(started.elapsed().as_secs_f64() * 1e3);
    }
    let mut sandbox = open(&*executor).await?;
    ended(&mut *sandbox, "x = 0").await?;
    let block = each(&mut *sandbox, "x += 1", 200).await?;
    let fib = each(&mut *sandbox, FIB, 5).await?;
    let started = Instant::now();
    ended(&mut *sandbox, "for _ in range(300): add(1)").await?;
    let call = started.elapsed().as_secs_f64() * 1e3 / 300.0;
    let start = median(starts);
    Ok(format!(
        "start {start:9.2} ms   block {block:8.3} ms   tool call {call:8.3} ms   fib(24) {fib:9.2} ms"
    ))
}

async fn open(executor: &dyn Executor) -> Result<Box<dyn Sandbox>, Box<dyn Error>> {
    let add = ToolSpec {
        input: json!({"properties": {"a": {"type": "integer"}}}),
        ..ToolSpec::new("add", "Adds.")
    };
    Ok(executor.open(SandboxSpec { tools: vec![add], ..SandboxSpec::default() }, &|_| ()).await?)
}

/// The median of milliseconds that a block takes.
async fn each(sandbox: &mut dyn Sandbox, code: &str, times: usize) -> Result<f64, Box<dyn Error>> {
    let mut taken = Vec::new();
    for _ in 0..times {
        let started = Instant::now();
        ended(sandbox, code).await?;
        taken.push(started.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(taken))
}

/// Runs a block to its end.
async fn ended(sandbox: &mut dyn Sandbox, code: &str) -> Result<(), Box<dyn Error>> {
    let mut outcome = sandbox.feed(Input::Code(code.to_owned())).await?;
    while let Outcome::Call(call) = outcome {
        outcome = sandbox.feed(Input::ToolReply { id: call.id, reply: Ok(json!(2)) }).await?;
    }
    match outcome {
        Outcome::Value { .. } => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}
