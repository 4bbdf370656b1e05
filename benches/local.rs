//! A local model's speed on one thread: prompt and decode, and what the second step of a run costs.
//! `cargo xtask bench local` runs this and llama.cpp on the same weights, one after the other.
//!
//! `local TEXT_FILE` writes the text of its prompt there, for the peer.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use anyhow::Context;
use futures::StreamExt;
use serde_json::json;
use smolagents::{
    Model, hub,
    message::{Message, Role},
    model::{Delta, Request},
    models::local::LocalModel,
};
use std::{env, fs, time::Instant};

/// Tokens to write.
const DECODED: usize = 128;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let file = env::args().nth(1).context("usage: local TEXT_FILE")?;
    let path = hub::default_model(|_| ()).await?;
    let prompt = prompt();
    fs::write(file, &prompt)?;
    let model = LocalModel::load(&path)?.threads(1).max_new_tokens(DECODED);
    let asked = vec![Message::new(Role::User, prompt)];
    let first = reply(&model, asked.clone()).await?;
    let said = Message::new(Role::Assistant, &first.text);
    let observed = Message::new(Role::User, "Observation:\nPrinted output:\n84\nGo on with the next part.");
    let second = reply(&model, asked.into_iter().chain([said, observed]).collect()).await?;
    let figures = json!({
        "prompt_tokens": first.tokens,
        "prompt_tps": first.tokens as f64 / first.prompt_seconds,
        "decode_tps": first.decode_tps,
        "second_step_of_first": second.prompt_seconds / first.prompt_seconds,
        "weights": path,
    });
    println!("{figures}");
    Ok(())
}

struct Timed {
    text: String,
    tokens: u64,
    prompt_seconds: f64,
    decode_tps: f64,
}

async fn reply(model: &LocalModel, messages: Vec<Message>) -> anyhow::Result<Timed> {
    let mut request = Request::new(messages);
    request.stop = Vec::new();
    let started = Instant::now();
    let mut deltas = model.stream(request);
    let (mut first, mut last) = (None, Instant::now());
    let mut timed = Timed { text: String::new(), tokens: 0, prompt_seconds: 0.0, decode_tps: 0.0 };
    let mut written = 0;
    while let Some(delta) = deltas.next().await {
        match delta? {
            Delta::Text(text) => {
                first.get_or_insert_with(Instant::now);
                last = Instant::now();
                timed.text.push_str(&text);
            }
            Delta::Usage(usage) => (timed.tokens, written) = (usage.input_tokens, usage.output_tokens),
            _ => {}
        }
    }
    let first = first.context("the model said nothing")?;
    timed.prompt_seconds = (first - started).as_secs_f64();
    timed.decode_tps = written.saturating_sub(1) as f64 / (last - first).as_secs_f64();
    Ok(timed)
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
