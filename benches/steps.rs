//! What one step of an agent costs beside its model: a scripted run of ten steps against an OpenAI-compatible server
//! on the loopback. `cargo xtask bench steps` runs this and the original on the same script, one after the other.
//!
//! `steps serve` is the server (it prints its address), `steps run URL RUNS CONCURRENCY` the client.

#![expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark prints its figures, of its own data"
)]

mod script;

use anyhow::{Context, bail};
use axum::{
    Json, Router,
    response::{IntoResponse, Response},
    routing::post,
};
use futures::{StreamExt, stream};
use script::STEPS;
use serde_json::{Value, json};
use smolagents::{
    Agent, CodeAgent,
    models::provider::{self, Options},
};
use std::{env, sync::Arc, time::Instant};

fn answer(number: u64) -> u64 {
    (0..50).map(|i| number * i % 97 * 3).filter(|value| *value > 30).sum()
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => serve().await,
        ["run", url, runs, concurrency] => measure(url, runs.parse()?, concurrency.parse()?).await,
        _ => bail!("usage: steps serve | steps run URL RUNS CONCURRENCY"),
    }
}

async fn serve() -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/v1", listener.local_addr()?);
    let app = Router::new().route("/v1/chat/completions", post(complete));
    Ok(axum::serve(listener, app).await?)
}

/// Replies with the block that the conversation has come to.
async fn complete(Json(request): Json<Value>) -> Response {
    let messages = request["messages"].as_array().cloned().unwrap_or_default();
    let step = messages.iter().filter(|message| message["role"] == "assistant").count();
    let task = messages
        .iter()
        .find(|message| message["role"] == "user")
        .map(|message| message["content"].to_string());
    let digits: String = task.unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    let code = script::block(step, &digits);
    let text = format!("Thought: the next block.\n<code>\n{code}\n</code>");
    let usage = json!({"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120});
    if request["stream"] == true {
        let delta = json!({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [{"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": "stop"}]});
        let end = json!({"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "scripted", "choices": [], "usage": usage});
        let body = format!("data: {delta}\n\ndata: {end}\n\ndata: [DONE]\n\n");
        return ([("content-type", "text/event-stream")], body).into_response();
    }
    let choice =
        json!({"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"});
    Json(json!({"id": "1", "object": "chat.completion", "created": 1, "model": "scripted", "choices": [choice], "usage": usage}))
        .into_response()
}

async fn measure(url: &str, runs: u64, concurrency: usize) -> anyhow::Result<()> {
    let options = Options { api_base: Some(url.to_owned()), ..Options::default() };
    let agent = Arc::new(CodeAgent::builder(provider::model("scripted", options)?).build()?);
    one_run(&agent, 0).await?; // The first run compiles, loads and connects.
    let started = Instant::now();
    let each = |number| {
        let agent = agent.clone();
        async move { tokio::spawn(async move { one_run(&agent, number).await }).await? }
    };
    let mut times: Vec<f64> = stream::iter(1..=runs)
        .map(each)
        .buffer_unordered(concurrency)
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .collect::<anyhow::Result<_>>()?;
    let total = started.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2] * 1e3 / STEPS as f64;
    println!("{}", json!({"ms_per_step": median, "seconds": total, "peak_mb": peak_memory()?}));
    Ok(())
}

/// Seconds of a run, whose answer must be right.
async fn one_run(agent: &Agent, number: u64) -> anyhow::Result<f64> {
    let started = Instant::now();
    let result = agent.run(format!("Task {number}")).await?;
    anyhow::ensure!(result.output == answer(number), "run {number} gave {result}: {:?}", result.errors);
    anyhow::ensure!(result.total_steps == STEPS, "run {number} took {} steps", result.total_steps);
    Ok(started.elapsed().as_secs_f64())
}

/// The most memory this process has had, in MB.
fn peak_memory() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? / 1024.0)
}
