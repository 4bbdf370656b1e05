//! What the model says while it says it, what the tools do while they do it.
//!
//! ```text
//! cargo run --example streaming
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use smolagents::{
    model::Delta,
    models::scripted::{ScriptedModel, text},
    prelude::*,
};

/// The temperature in a city, in degrees.
#[tool(effect = "reads")]
fn temperature(city: String) -> f64 {
    if city == "Oslo" { 3.5 } else { 17.25 }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let model = ScriptedModel::new([
        text(
            "Thought: both cities.\n<code>\ndegrees = {city: temperature(city) for city in ['Oslo', 'Rome']}\nprint(degrees)\n</code>",
        ),
        text("Thought: Rome.\n<code>\nfinal_answer(max(degrees, key=degrees.get))\n</code>"),
    ]);
    let agent = CodeAgent::builder(model).tool(temperature).build()?;
    let mut events = agent.run("Which is warmer, Oslo or Rome?").stream();
    while let Some(event) = events.next().await {
        match event? {
            Event::Ask { step, .. } => println!("[step {step}]"),
            // A piece of text, of a few letters.
            Event::Delta(Delta::Text(text)) => print!("{text}"),
            Event::Said { .. } => println!(),
            Event::ToolCall { call, .. } => println!("  calls {}({})", call.name, call.arguments),
            Event::ToolReply { reply, .. } => println!("  and gets {reply:?}"),
            Event::Done(result) => println!("[answer] {result}"),
            _ => {}
        }
    }
    Ok(())
}
