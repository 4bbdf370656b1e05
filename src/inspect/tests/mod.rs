//! Code as models write it, and as nobody should.

mod arguments;
mod calls;
mod names;
mod size;

use super::{Inspection, Inspector, PythonInspector, Session};
use crate::{Effect, ToolSpec};
use serde_json::{Value, json};

/// Tools whose schemas differ in all that matters to a call.
fn tools() -> Vec<ToolSpec> {
    let tool = |name: &str, input: Value| ToolSpec { input, ..ToolSpec::new(name, "A tool.") };
    vec![
        tool(
            "web_search",
            json!({
                "properties": {"query": {"type": "string"}, "max-results": {"type": "integer"}},
                "required": ["query"],
            }),
        ),
        tool("visit", json!({"properties": {"url": {"type": "string"}}, "required": ["url"]})),
        ToolSpec {
            effect: Effect::Writes,
            ..tool(
                "send",
                json!({"properties": {"from": {}, "to": {}, "text": {"default": ""}}, "required": ["from", "to", "text"]}),
            )
        },
        tool("log", json!({"properties": {"message": {}}, "additionalProperties": true})),
        tool("store", json!({"properties": {"key": {}}, "additionalProperties": {}})),
        tool("now", json!({"properties": {}})),
        ToolSpec::new("final_answer", "Ends the run."),
    ]
}

fn inspect(code: &str, earlier: &[&str]) -> Inspection {
    let tools = tools();
    let session = Session { earlier, variables: &["given", "pages"], tools: &tools };
    PythonInspector.inspect(code, &session)
}
