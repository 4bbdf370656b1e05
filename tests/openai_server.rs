//! Whole runs against an OpenAI-compatible server that others wrote, streamed, with tools called from inside code.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail this way"
)]

#[path = "peers/aimock.rs"]
mod peer;

use peer::Aimock;
use serde_json::{Value, json};
use smolagents::{
    Agent, AgentBuilder, Event, ToolSpec,
    models::provider::{self, Options},
    prelude::*,
    tools::FunctionTool,
};
use std::sync::{Arc, Mutex};

fn said(asked: &str, text: &str) -> Value {
    // Small chunks, so that tags and words arrive in pieces.
    json!({"match": {"userMessage": asked}, "response": {"content": text}, "chunkSize": 5})
}

fn model(server: &Aimock) -> Arc<dyn Model> {
    let options = Options { api_base: Some(server.url.clone()), ..Options::default() };
    Arc::new(provider::model("gpt-4o", options).unwrap())
}

/// A tool that says what it was asked, and the list it writes that to.
fn weather() -> (FunctionTool, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = asked.clone();
    let spec = ToolSpec {
        input: json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}),
        ..ToolSpec::new("temperature", "Degrees in a city now.")
    };
    let tool = FunctionTool::new(spec, move |arguments: Value| {
        let city = arguments["city"].as_str().unwrap_or_default().to_owned();
        log.lock().unwrap().push(city.clone());
        async move { Ok(json!(if city == "Oslo" { 3.5 } else { 17.25 })) }
    });
    (tool, asked)
}

async fn run(builder: AgentBuilder, task: &str) -> (smolagents::AgentRunResult, Vec<Event>) {
    let agent: Agent = builder.build().unwrap();
    let events: Vec<Event> = agent.run(task).stream().map(Result::unwrap).collect().await;
    let Some(Event::Done(result)) = events.last() else { panic!("{events:?}") };
    ((**result).clone(), events.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn code_calls_a_tool_in_a_loop() {
    let first = "Thought: both cities.\n<code>\nwarm = {}\nfor city in ['Oslo', 'Rome']:\n    warm[city] = temperature(city)\nprint(warm)\n</code>";
    let second = "Thought: done.\n<code>\nfinal_answer(max(warm, key=warm.get))\n</code>";
    let server = Aimock::start(&json!([said("Observation", second), said("warmer", first)]));
    let (tool, asked) = weather();
    let (result, events) = run(CodeAgent::builder(model(&server)).tool(tool), "Which city is warmer?").await;
    assert_eq!(result.output, "Rome", "{result:#?}");
    assert_eq!(*asked.lock().unwrap(), ["Oslo", "Rome"]);
    assert_eq!(result.steps[0].observations, "Printed output:\n{'Oslo': 3.5, 'Rome': 17.25}");
    let deltas = events.iter().filter(|event| matches!(event, Event::Delta(_))).count();
    assert!(deltas > 20, "the replies came in {deltas} pieces");
    assert!(result.token_usage.output_tokens > 0, "{result:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn tools_are_called_by_the_native_wire() {
    let calls = json!({"toolCalls": [
        {"id": "call_a", "name": "temperature", "arguments": {"city": "Oslo"}},
        {"id": "call_b", "name": "temperature", "arguments": {"city": "Rome"}},
    ]});
    let answer =
        json!({"toolCalls": [{"id": "call_c", "name": "final_answer", "arguments": {"answer": "Rome"}}]});
    let server = Aimock::start(&json!([
        {"match": {"userMessage": "warmer", "hasToolResult": false}, "response": calls},
        {"match": {"toolCallId": "call_b"}, "response": answer},
    ]));
    let (tool, asked) = weather();
    let (result, _) =
        run(ToolCallingAgent::builder(model(&server)).tool(tool), "Which city is warmer?").await;
    assert_eq!((result.text.as_str(), result.total_steps), ("Rome", 2), "{result:#?}");
    assert_eq!(*asked.lock().unwrap(), ["Oslo", "Rome"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_tool_is_an_exception_the_code_can_catch() {
    let code = "<code>\ntry:\n    temperature('Atlantis')\nexcept Exception as error:\n    final_answer(f'caught: {error}')\n</code>";
    let server = Aimock::start(&json!([said("try", code)]));
    let spec = ToolSpec {
        input: json!({"type": "object", "properties": {"city": {"type": "string"}}}),
        ..ToolSpec::new("temperature", "Degrees in a city now.")
    };
    let tool = FunctionTool::new(spec, |_| async { Err(smolagents::ToolError("no such city".into())) });
    let (result, _) = run(CodeAgent::builder(model(&server)).tool(tool), "try it").await;
    assert_eq!(result.text, "caught: `temperature` failed: no such city", "{result:#?}");
}
