//! Ways to make a tool: of a function that checks what it is given, of one that waits, of a closure with a state.
//!
//! ```text
//! cargo run --example defining_tools
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use schemars::JsonSchema;
use serde::Deserialize;
use smolagents::{
    ToolError, ToolSpec,
    models::scripted::{ScriptedModel, text},
    prelude::*,
    tools::FunctionTool,
};
use std::{fs, path::PathBuf};

/// The price after a discount. What the error says, the model reads.
///
/// # Arguments
/// * `original_price` - In dollars.
/// * `discount_percent` - From 0 to 100.
#[tool(effect = "pure")]
fn calculate_discount(original_price: f64, discount_percent: f64) -> Result<f64, String> {
    if !(0.0..=100.0).contains(&discount_percent) {
        return Err(format!("a discount is from 0 to 100, not {discount_percent}"));
    }
    Ok(original_price * (1.0 - discount_percent / 100.0))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Unit {
    Celsius,
    Fahrenheit,
}

/// The weather in a city.
#[tool(name = "get_weather", effect = "reads")]
async fn weather(city: String, unit: Option<Unit>) -> String {
    // Here one would wait for a service.
    tokio::task::yield_now().await;
    format!("{city}: 21 degrees {:?}", unit.unwrap_or(Unit::Celsius))
}

/// A tool that reads the files of one directory, and no others.
fn read_file(directory: PathBuf) -> FunctionTool {
    let spec = ToolSpec {
        input: serde_json::json!({
            "type": "object",
            "properties": {"filename": {"type": "string", "description": "A name without separators."}},
            "required": ["filename"],
        }),
        output: serde_json::json!({"type": "string"}),
        ..ToolSpec::new("read_file", "Reads a text file of the safe directory.")
    };
    FunctionTool::new(spec, move |arguments| {
        let name = arguments.get("filename").and_then(|name| name.as_str()).unwrap_or_default().to_owned();
        let is_inside = !name.contains(['/', '\\']) && !name.contains("..");
        let path = directory.join(&name);
        async move {
            let text = if is_inside { fs::read_to_string(path).ok() } else { None };
            text.map(Into::into)
                .ok_or_else(|| ToolError(format!("`{name}` is no file of the safe directory")))
        }
    })
}

const CODE: &str = "<code>
print(calculate_discount(80, 25))
print(get_weather('Paris'), get_weather('Oslo', unit='fahrenheit'))
print(read_file('first_agent.rs').splitlines()[0])
for mistake in [lambda: calculate_discount(80, 250), lambda: read_file('../Cargo.toml')]:
    try:
        mistake()
    except ToolError as error:
        print(error)
final_answer('done')
</code>";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let safe = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples");
    let agent = CodeAgent::builder(ScriptedModel::new([text(CODE)]))
        .tool(calculate_discount)
        .tool(weather)
        .tool(read_file(safe))
        .build()?;
    println!("{}\n", agent.visualize());
    let result = agent.run("Try the tools").await?;
    result.steps.iter().for_each(|step| println!("{}", step.observations));
    Ok(())
}
