//! Tasks one after another, where each finds what those before it left.
//!
//! ```text
//! cargo run --example session
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
    let model = ScriptedModel::new([
        text("Thought: noted.\n<code>\nnumbers = [4, 8, 15]\nfinal_answer(sum(numbers))\n</code>"),
        text("Thought: the variable is still there.\n<code>\nfinal_answer(max(numbers))\n</code>"),
        text("Thought: which numbers?\n<code>\nfinal_answer('numbers' in globals())\n</code>"),
    ]);
    let agent = CodeAgent::builder(model).build()?;

    // The model is shown the first task again with the second, and the code has its variables.
    let mut session = agent.session();
    println!("{}", session.run("Add up 4, 8 and 15.").await?);
    println!("{}", session.run("Which of them is the largest?").await?);

    // Without a session each run is fresh, and so is a session that was reset.
    session.reset();
    println!("remembers: {}", session.run("Do you remember the numbers?").await?);
    Ok(())
}
