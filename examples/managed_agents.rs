//! A manager that gives tasks to agents of its own, each with its model and tools.
//!
//! ```text
//! cargo run --example managed_agents
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use smolagents::{
    Agent, BuildError, MemoryStep,
    models::scripted::{ScriptedModel, text},
    prelude::*,
};

const MANAGER: &str = "Thought: first the trends, then what they mean, then the words.
<code>
trends = researcher('Research current trends of the AI market')
growth = analyst('How much is that after 3 years?', additional_args={'trends': trends})
final_answer(writer(f'Write an executive summary of: {trends}; {growth}'))
</code>";

/// Searches the web.
#[tool(effect = "reads")]
fn web_search(query: String) -> String {
    format!("it grows by 25 percent a year ({query})")
}

/// A specialist that says this.
fn specialist(name: &str, reply: &str) -> Result<Agent, BuildError> {
    let builder = CodeAgent::builder(ScriptedModel::new([text(format!("<code>\n{reply}\n</code>"))]));
    let builder = if name == "researcher" { builder.tool(web_search) } else { builder };
    builder.name(name).build()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let manager = CodeAgent::builder(ScriptedModel::new([text(MANAGER)]))
        .name("project manager")
        .managed_agent(specialist("researcher", "final_answer(web_search('AI market'))")?)
        .managed_agent(specialist(
            "analyst",
            "rate = int(trends.split()[3])\nfinal_answer(f'{(1 + rate / 100) ** 3:.2f} times as much')",
        )?)
        .managed_agent(specialist("writer", "final_answer('The AI market will about double.')")?)
        .build()?;
    println!("{}\n", manager.visualize());

    // What the managed agents do is told with what the manager does.
    let mut events = manager.run("Create a market analysis with an executive summary").stream();
    while let Some(event) = events.next().await {
        let event = event?;
        let (path, event) = event.leaf();
        // The path of the manager's own events is empty.
        let who = if path.is_empty() { manager.name() } else { path };
        match event {
            Event::ToolCall { call, .. } => println!("{who:28} calls {}", call.name),
            Event::Step(step) => {
                if let MemoryStep::FinalAnswer(answer) = &**step {
                    println!("{who:28} answers {:?}", answer.text);
                }
            }
            _ => {}
        }
    }
    Ok(())
}
