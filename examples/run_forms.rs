//! The forms of a run: its answer, its full result, its steps as they happen.
//!
//! ```text
//! cargo run --example run_forms
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use smolagents::{
    MemoryStep,
    models::scripted::{FunctionModel, text},
    prelude::*,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    // One step looks, the next answers.
    let model = FunctionModel::new(|request| match request.messages.len() {
        2 => text("Thought: multiply.\n<code>\nproduct = 15 * 12\nprint(product)\n</code>"),
        _ => text("Thought: that is it.\n<code>\nfinal_answer(product)\n</code>"),
    });
    let agent = CodeAgent::builder(model).build()?;

    // The answer as text.
    println!("answer: {}", agent.run("Calculate 15 * 12").await?);

    // The result with all there is to know. The answer keeps its type: here, a number.
    let result = agent.run("Calculate 15 * 12").await?;
    println!("output: {:?}, success: {}", result.output, result.success);
    println!("steps: {}, tokens written: {}", result.total_steps, result.token_usage.output_tokens);
    println!("took time: {}, errors: {:?}", result.execution_time > 0.0, result.errors);

    // Step by step.
    let mut events = agent.run("Calculate 15 * 12").stream();
    while let Some(event) = events.next().await {
        let Event::Step(step) = event? else { continue };
        match *step {
            MemoryStep::Action(step) => {
                println!("step {}: {:?}", step.step_number, step.code_action.unwrap_or_default());
                println!("  observed: {:?}", step.observations);
            }
            MemoryStep::FinalAnswer(answer) => println!("final: {}", answer.output),
            _ => {}
        }
    }
    Ok(())
}
