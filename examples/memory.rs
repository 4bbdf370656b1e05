//! What a run remembers: edited by a callback, told again, and taken out as code.
//!
//! ```text
//! cargo run --example memory
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use smolagents::{
    ActionStep, Detail, MemoryStep, StepKind,
    message::{Media, Message, Part},
    models::scripted::{ScriptedModel, text},
    prelude::*,
};
use std::sync::Arc;

fn action(step: &mut MemoryStep) -> Option<&mut ActionStep> {
    match step {
        MemoryStep::Action(step) => Some(step),
        _ => None,
    }
}

/// Adds a screenshot to the step that just ended, and drops those of earlier ones, which would only cost tokens.
fn screenshot(memory: &mut [MemoryStep]) -> Result<(), String> {
    let mut newest_first = memory.iter_mut().rev().filter_map(action);
    if let Some(step) = newest_first.next() {
        step.observation_images = vec![Media::bytes("image/png", b"what a browser shows")];
    }
    newest_first.for_each(|step| step.observation_images.clear());
    Ok(())
}

fn pictures(messages: &[Message]) -> usize {
    let parts = messages.iter().flat_map(|message| &message.content);
    parts.filter(|part| matches!(part, Part::Image(_))).count()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let model = Arc::new(ScriptedModel::new([
        text("Thought: open it.\n<code>\npage = 'https://example.com'\nprint('opened', page)\n</code>"),
        text("Thought: scroll.\n<code>\nprint('scrolled')\n</code>"),
        text("Thought: seen enough.\n<code>\nfinal_answer(f'{page} is short')\n</code>"),
    ]));
    let agent = CodeAgent::builder(model.clone()).on_step(StepKind::Action, screenshot).build()?;
    let mut session = agent.session();
    session.run("Look at the page").await?;
    for (number, request) in (1..).zip(model.requests()) {
        println!("request {number} has {} picture(s)", pictures(&request.messages));
    }
    if let Some(run) = session.history() {
        println!("\n{}", run.replay(Detail::Succinct));
        println!("\nall code:\n{}", run.full_code());
        // For programs that read the original's results.
        let told = run.to_original(Detail::Succinct);
        if let Some(calls) = told.pointer("/steps/1/tool_calls") {
            println!("\ncalls of step 1, as the original has them: {calls}");
        }
    }
    Ok(())
}
