//! A local model's speed and memory: prompt and decode, and what the second step of a run costs.
//! `cargo xtask bench local` runs this and llama.cpp on the same weights, in turns.
//!
//! - `bench_local files FOLDER` writes what both sides read there: the prompt's text, and a model of 0.6 billion random
//!   weights. Prints the paths of the models.
//! - `bench_local run MODEL THREADS` prints the figures of one model.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod random_model;

use anyhow::Context;
use futures::StreamExt;
use serde_json::json;
use smol_core::{
    message::{Message, Role, TokenUsage},
    model::{Delta, Model, Request},
};
use smol_models::local::LocalModel;
use std::{env, fs, path::Path, time::Instant};

/// Tokens to write.
const DECODED: usize = 128;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = env::args().skip(1).collect::<Vec<_>>();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["files", folder] => files(Path::new(folder)).await,
        ["run", model, threads] => run(Path::new(model), threads.parse()?).await,
        _ => anyhow::bail!("usage: bench_local files FOLDER | run MODEL THREADS"),
    }
}

async fn files(folder: &Path) -> anyhow::Result<()> {
    fs::write(folder.join("prompt.txt"), prompt())?;
    let shipped = smol_hub::default_model(|_| ()).await?;
    let random = folder.join("random-0.6B.Q4_K_M.gguf");
    if !random.exists() {
        random_model::write(&shipped, &random)?;
    }
    println!("{}", json!({ "shipped": shipped, "random": random }));
    Ok(())
}

async fn run(path: &Path, threads: usize) -> anyhow::Result<()> {
    let started = Instant::now();
    // Each token is worked out by itself, whatever it is: that is what both sides are compared in.
    let model = LocalModel::load(path)?.speculative(false).constrained(false);
    let model = model.threads(threads).max_new_tokens(1);
    let load_seconds = started.elapsed().as_secs_f64();
    // The first reply sets things up; it is not part of the figures.
    reply(&model, vec![Message::new(Role::User, "Hello")]).await?;
    let asked = vec![Message::new(Role::User, prompt())];
    let first = reply(&model, asked.clone()).await?;
    let one = reply(&model, asked.clone()).await?;
    let model = model.max_new_tokens(DECODED + 1);
    let many = reply(&model, asked.clone()).await?;
    let model = model.max_new_tokens(1);
    let said = Message::new(Role::Assistant, &many.text);
    let observed = Message::new(Role::User, "Observation:\nPrinted output:\n84\nGo on with the next part.");
    let second = reply(&model, asked.into_iter().chain([said, observed]).collect()).await?;
    let decoded = many.usage.output_tokens - 1;
    let figures = json!({
        "prompt_tokens": first.usage.input_tokens,
        "decoded_tokens": decoded,
        "prompt_tps": first.usage.input_tokens as f64 / first.seconds,
        "decode_tps": decoded as f64 / (many.seconds - one.seconds),
        "second_step_of_first": second.seconds / first.seconds,
        "load_seconds": load_seconds,
        "peak_mb": peak_megabytes(),
    });
    println!("{figures}");
    Ok(())
}

struct Timed {
    text: String,
    usage: TokenUsage,
    seconds: f64,
}

async fn reply(model: &LocalModel, messages: Vec<Message>) -> anyhow::Result<Timed> {
    let mut request = Request::new(messages);
    request.stop = Vec::new();
    let started = Instant::now();
    let mut deltas = model.stream(request);
    let (mut text, mut usage) = (String::new(), None);
    while let Some(delta) = deltas.next().await {
        match delta? {
            Delta::Text(piece) => text.push_str(&piece),
            Delta::Usage(spent) => usage = Some(spent),
            _ => {}
        }
    }
    let usage = usage.context("the model counted no tokens")?;
    Ok(Timed { text, usage, seconds: started.elapsed().as_secs_f64() })
}

/// The most memory this process ever held, where the system tells.
fn peak_megabytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<f64>().ok()? / 1024.0)
}

/// About 500 tokens of what an agent's conversation is made of.
fn prompt() -> String {
    let step = |number: usize| {
        format!(
            "Thought: part {number} needs the total of the list, so I add the numbers up and print them.\n<code>\nvalues = [{number}, 12, 7]\ntotal_{number} = sum(values)\nprint('total', total_{number})\n</code>\nObservation:\nPrinted output:\ntotal {}\n",
            number + 19
        )
    };
    let steps: String = (1..=6).map(step).collect();
    format!(
        "Write a long story about a lighthouse keeper who counts ships. These are the notes so far:\n{steps}"
    )
}
