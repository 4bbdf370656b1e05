//! Sends the trace of a run to Phoenix, or whatever takes OpenTelemetry over HTTP.
//!
//! ```text
//! pip install arize-phoenix && phoenix serve
//! OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:6006 cargo run --features otel --example traces
//! ```
//!
//! The models are scripted, so that the example needs no model and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use serde_json::json;
use smolagents::{
    models::scripted::{ScriptedModel, calls},
    otel::Exporter,
    prelude::*,
};

/// Degrees in a city now.
#[tool(effect = "reads")]
fn temperature(city: String) -> anyhow::Result<f64> {
    match city.as_str() {
        "Oslo" => Ok(3.5),
        "Rome" => Ok(17.25),
        _ => anyhow::bail!("no such city"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let looks_up = ScriptedModel::new([
        calls([("temperature", json!({"city": "Oslo"})), ("temperature", json!({"city": "Rome"}))]),
        calls([("temperature", json!({"city": "Atlantis"}))]),
        calls([("final_answer", json!({"answer": "Oslo 3.5, Rome 17.25, Atlantis unknown"}))]),
    ]);
    let asks = ScriptedModel::new([
        calls([("meteorologist", json!({"task": "How warm is it in Oslo, Rome and Atlantis?"}))]),
        calls([("final_answer", json!({"answer": "Rome"}))]),
    ]);
    let meteorologist =
        ToolCallingAgent::builder(looks_up).name("meteorologist").tool(temperature).build()?;
    let agent = ToolCallingAgent::builder(asks).name("traveller").managed_agent(meteorologist).build()?;

    let exporter = Exporter::from_env()?;
    let mut events = exporter.watch(agent.run("Where is it warmest?").stream());
    while let Some(event) = events.next().await {
        if let Event::Done(result) = event? {
            println!("{result}");
        }
    }
    exporter.flush().await?;
    Ok(())
}
