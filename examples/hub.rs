//! Agents and tools as files: written down, looked at, loaded and run again. Nothing here needs a network; `load_tool`,
//! `load_agent` and `push_to_hub` do the same with a Space of the Hugging Face Hub (see `docs/hub.md`).

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use smolagents::{
    executors::executor,
    hub::{self, LoadedTool},
    models::scripted::{ScriptedModel, text},
    prelude::*,
};
use std::sync::Arc;

/// A tool as people share it: Python, which runs in a sandbox and never in this program.
const CELSIUS: &str = r#"
from smolagents import tool

@tool
def celsius(fahrenheit: float) -> float:
    """Turns a temperature from Fahrenheit into Celsius.

    Args:
        fahrenheit: The temperature in degrees Fahrenheit.
    """
    return round((fahrenheit - 32) * 5 / 9, 1)
"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandboxes = executor("wasm")?;
    // The source is read, so its name, arguments and words are known, and nothing has run.
    let celsius = LoadedTool::from_code(CELSIUS)?;
    println!("{}", celsius.review());

    let agent = CodeAgent::builder(ScriptedModel::new([]))
        .name("weather_desk")
        .tools([celsius.tool(sandboxes.clone())?])
        .instructions("Answer in Celsius.")
        .build()?;
    let folder = std::env::temp_dir().join(format!("weather_desk-{}", std::process::id()));
    agent.save(&folder)?;

    // The same files are loaded by Python: `CodeAgent.from_folder("weather_desk")`.
    let saved = hub::from_folder(&folder)?;
    println!("{}", saved.review());
    let model = Arc::new(ScriptedModel::new([text("<code>final_answer(celsius(212))</code>")]));
    let agent = saved.builder(model, sandboxes)?.build()?;
    let result = agent.run("How warm is 212 F?").await?;
    println!("{}", result.text);
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
