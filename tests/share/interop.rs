//! This crate's part in `cargo xtask it interop`: it runs what the original saved and shared, and saves and shares in turn.
//! `interop THEIRS OURS`, with a Hub in the environment.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a chore may fail this way and talks to whoever runs it"
)]

use serde_json::json;
use smolagents::{
    CodeAgent, Executor, Model, ToolCallingAgent,
    executors::executor,
    hub::{self, LoadedAgent, LoadedTool, Pushing, ShareAgent},
    models::scripted::{ScriptedModel, text},
    tools::WebSearch,
};
use std::{path::Path, sync::Arc};

const SHOUT: &str = r#"from smolagents import tool


@tool
def shout(text: str, mark: str = "!") -> str:
    """Says it louder.

    Args:
        text: What to say.
        mark: How to end.
    """
    return text.upper() + mark
"#;

/// Sandboxes as this build has them.
fn sandboxes() -> Arc<dyn Executor> {
    executor(if cfg!(feature = "wasm") { "wasm" } else { "process" }).unwrap()
}

fn scripted<const N: usize>(replies: [&str; N]) -> Arc<dyn Model> {
    Arc::new(ScriptedModel::new(replies.map(text)))
}

#[tokio::main]
async fn main() {
    let mut folders = std::env::args().skip(1);
    let (theirs, ours) = (folders.next().unwrap(), folders.next().unwrap());
    run_desk(hub::from_folder(Path::new(&theirs).join("weather_desk")).unwrap()).await;
    run_desk(hub::load_agent("me/weather-desk").await.unwrap()).await;
    let celsius = hub::load_tool("me/celsius").await.unwrap();
    assert!(!celsius.review().to_string().is_empty());
    let counter = hub::load_tool("me/word-count").await.unwrap();
    println!("this crate runs what the original saved and shared");
    save(celsius, counter, Path::new(&ours)).await;
    println!("this crate saved and shared");
}

/// The agent of `definitions.py`, at work with all it manages.
async fn run_desk(desk: LoadedAgent) {
    let model = scripted([
        "1. Ask. <end_plan>",
        "<code>\nprint(scribe(task='Count: a b b'))\n</code>",
        r#"{"name": "word_count", "arguments": {"text": "a b b", "unique": true}}"#,
        r#"{"name": "final_answer", "arguments": {"answer": "two"}}"#,
        "<code>final_answer(celsius(212))</code>",
    ]);
    let agent = desk.builder(model, sandboxes()).unwrap().build().unwrap();
    let result = agent.run("How warm?").await.unwrap();
    assert_eq!(result.output, json!(100.0));
    assert!(result.steps.iter().any(|step| step.observations.contains("two")), "{:?}", result.steps);
}

async fn save(celsius: LoadedTool, counter: LoadedTool, folder: &Path) {
    let shout = LoadedTool::from_code(SHOUT).unwrap();
    let scribe = ToolCallingAgent::builder(scripted([]))
        .name("scribe")
        .description("Counts words.")
        .tools([counter.tool(sandboxes()).unwrap()]);
    let desk = CodeAgent::builder(scripted([]))
        .executor(sandboxes())
        .name("desk")
        .tools([celsius.tool(sandboxes()).unwrap(), shout.tool(sandboxes()).unwrap()])
        .tool(WebSearch::new())
        .managed_agent(scribe.build().unwrap())
        .max_steps(5)
        .planning_interval(2)
        .instructions("Be brief: {{ always }}.")
        .build()
        .unwrap();
    desk.save(folder.join("desk")).unwrap();
    shout.save(folder.join("shout")).unwrap();
    let pushing = Pushing::default();
    desk.push_to_hub("me/ours-desk", &pushing).await.unwrap();
    shout.push_to_hub("me/ours-shout", &pushing).await.unwrap();
}
