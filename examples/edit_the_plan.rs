//! A plan that a person, or code in a person's place, edits before the agent acts on it.
//!
//! ```text
//! cargo run --example edit_the_plan
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use smolagents::{
    MemoryStep, StepKind,
    models::scripted::{ScriptedModel, text},
    prelude::*,
};

/// A callback is given the memory, the new entry last. What it changes is what the model is shown.
fn edit(memory: &mut [MemoryStep]) -> Result<(), String> {
    if let Some(MemoryStep::Planning(step)) = memory.last_mut() {
        println!("the model's plan:\n{}\n", step.plan);
        step.plan = step.plan.replace("the web", "the archive") + "\n3. Give the source.";
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let model = ScriptedModel::new([
        text("1. Search the web.\n2. Answer.\n<end_plan>"),
        text(
            "Thought: the plan is clear.\n<code>\nfinal_answer('It was in 1969, says the archive.')\n</code>",
        ),
    ]);
    let agent = CodeAgent::builder(model).planning_interval(5).on_step(StepKind::Planning, edit).build()?;
    let mut session = agent.session();
    let result = session.run("When was the first landing on the Moon?").await?;
    let plans =
        session.history().map(|run| run.memory()).unwrap_or_default().iter().filter_map(|step| match step {
            MemoryStep::Planning(step) => Some(&step.plan),
            _ => None,
        });
    for plan in plans {
        println!("the plan it was shown:\n{plan}\n");
    }
    println!("{result}");
    Ok(())
}
