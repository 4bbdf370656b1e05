//! Stops a run in the middle of a line of Python, saves it, and finishes it in another process.
//!
//! ```text
//! cargo run --example pause_and_resume -- begin run.json
//! cargo run --example pause_and_resume -- finish run.json
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use anyhow::bail;
use smolagents::{
    Agent, Effect, Live, Run, ToolSpec,
    models::scripted::{ScriptedModel, text},
    prelude::*,
    tools::FunctionTool,
};
use std::{env, fs};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["begin", file] => begin(file).await,
        ["finish", file] => finish(file).await,
        _ => bail!("usage: pause_and_resume begin|finish FILE"),
    }
}

/// Runs until the code asks for the exchange rate, and saves the run before anybody is asked.
async fn begin(file: &str) -> anyhow::Result<()> {
    let agent = agent()?;
    let mut run = agent.run("What are 250 dollars in euros?").start()?;
    {
        let mut live = Live::default();
        let mut events = agent.drive(&mut run, &mut live);
        while let Some(event) = events.next().await {
            if let Event::ToolCall { call, .. } = event? {
                println!("paused at {}({})", call.name, call.arguments);
                break;
            }
        }
    }
    Ok(fs::write(file, serde_json::to_string(&run)?)?)
}

/// Carries the saved run on: its variables are rebuilt, the tool is called now, the code goes on behind the call.
async fn finish(file: &str) -> anyhow::Result<()> {
    let run: Run = serde_json::from_str(&fs::read_to_string(file)?)?;
    let result = agent()?.resume(run).await?;
    println!("{result}");
    Ok(())
}

/// Both processes build the same agent. The model is scripted, so that the example needs no network.
fn agent() -> anyhow::Result<Agent> {
    let first = "Thought: first the amount.\n<code>\ndollars = 250\nprint(dollars)\n</code>";
    let second = "Thought: now the rate.\n<code>\neuros = dollars * exchange_rate('USD', 'EUR')\nfinal_answer(f'{euros:.2f} EUR')\n</code>";
    let model = ScriptedModel::new([text(first), text(second)]);
    let spec = ToolSpec {
        input: serde_json::json!({
            "type": "object",
            "properties": {"from": {"type": "string"}, "to": {"type": "string"}},
            "required": ["from", "to"],
        }),
        effect: Effect::Reads,
        ..ToolSpec::new("exchange_rate", "What one unit of a currency costs in another.")
    };
    let rate = FunctionTool::new(spec, |_| async { Ok(serde_json::json!(0.92)) });
    Ok(CodeAgent::builder(model).tool(rate).build()?)
}
