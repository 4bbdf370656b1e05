//! All that can be set when an agent is made, and the agent as a tree.
//!
//! ```text
//! cargo run --example parameters
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use smolagents::{
    Budget,
    models::scripted::{ScriptedModel, text},
    prelude::*,
};
use std::time::Duration;

/// The headlines of today on some topic.
#[tool(effect = "reads")]
fn headlines(topic: String, #[default(3)] limit: usize) -> Vec<String> {
    (1..=limit).map(|number| format!("{topic}, story {number}")).collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let model = ScriptedModel::new([
        text("1. Look at the headlines.\n2. Answer with the first.\n<end_plan>"),
        text("Thought: the plan says how.\n<code>\nfinal_answer(headlines('AI')[0])\n</code>"),
    ]);
    let agent = CodeAgent::builder(model)
        .tool(headlines)
        // Steps before it must answer; a plan before every so many of them.
        .max_steps(15)
        .planning_interval(5)
        // Any name: a manager calls this agent `Research_Assistant`.
        .name("Research Assistant")
        .description("Finds out what is new")
        .instructions("Answer in one line.")
        // Of the code: how long one block may run, what it may use, what it may import.
        .timeout(Duration::from_secs(60))
        .authorized_imports(["json", "math"])
        // Of a session: how many earlier tasks the model is shown.
        .memory_size(10)
        // Of the whole run, its managed agents included.
        .budget(Budget {
            dollars: Some(0.5),
            tool_calls: Some(100),
            sandbox_memory: Some(256 << 20),
            ..Budget::default()
        })
        .final_answer_check(|answer, _| match answer.as_str() {
            Some(text) if !text.contains('\n') => Ok(()),
            _ => Err("the answer must be one line of text".to_owned()),
        })
        .build()?;
    println!("{}\n", agent.visualize());
    let result = agent.run("Find the latest news about artificial intelligence").await?;
    println!("{result}");
    Ok(())
}
