//! The smallest agent: a model, a task, an answer.
//!
//! ```text
//! cargo run --example first_agent
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use smolagents::{
    models::scripted::{ScriptedModel, text},
    prelude::*,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    // In the place of a real one: `smolagents::models::provider::model("openai/gpt-4o", Default::default())?`.
    let model = ScriptedModel::new([text(
        "Thought: I know this.\n<code>\nfinal_answer('The capital of France is Paris.')\n</code>",
    )]);
    let agent = CodeAgent::builder(model).build()?;
    let result = agent.run("What is the capital of France?").await?;
    println!("{result}");
    Ok(())
}
