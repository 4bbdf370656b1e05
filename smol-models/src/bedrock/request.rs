//! What is sent: a conversation as the body of a Converse request.

use super::{WIRE, blocks};
use crate::{
    dialect::Settings,
    turns::{Conversation, worth_saying},
};
use serde_json::{Map, Value, json};
use smol_core::{
    model::{ModelError, Request, ToolChoice},
    tool::ToolSpec,
};

/// Fields of the body itself; whatever else a request may carry is the model's own.
const FIELDS: [&str; 11] = [
    "messages",
    "system",
    "toolConfig",
    "guardrailConfig",
    "additionalModelRequestFields",
    "additionalModelResponseFieldPaths",
    "promptVariables",
    "requestMetadata",
    "performanceConfig",
    "serviceTier",
    "outputConfig",
];
/// Makers whose models refuse stop sequences. Replies are cut at them all the same.
const WITHOUT_STOPS: [&str; 2] = ["meta.llama", "openai.gpt-oss"];

/// The body that asks for `request`. It is the same for a stream, which has an address of its own.
pub(super) fn request(request: &Request, settings: &Settings) -> Result<Value, ModelError> {
    let offers = offered(request);
    let conversation = Conversation::of(&request.messages, WIRE);
    let turns = conversation.turns.iter().map(|turn| blocks::turn(turn, !offers.is_empty()));
    let (settings, mut more) = settings.split(&FIELDS);
    let mut body = Map::new();
    let mut set = |name: &str, value: Value| body.insert(name.to_owned(), value);
    set("messages", turns.collect::<Result<Vec<_>, _>>()?.into());
    if !conversation.system.is_empty() {
        set("system", json!([{"text": conversation.system}]));
    }
    set("inferenceConfig", or_null(limits(request, &settings, more.remove("inferenceConfig"))));
    if !offers.is_empty() {
        let tools: Vec<Value> = offers.into_iter().map(tool).collect();
        set("toolConfig", json!({"tools": tools, "toolChoice": tool_choice(&request.tool_choice)}));
    }
    if let Some(schema) = &request.schema {
        // The schema goes as a text.
        let schema = json!({"name": "reply", "schema": schema.to_string()});
        let format = json!({"type": "json_schema", "structure": {"jsonSchema": schema}});
        set("outputConfig", json!({ "textFormat": format }));
    }
    set("additionalModelRequestFields", or_null(more.into()));
    Ok(settings.complete(body))
}

/// An empty list or object says nothing, and some are refused.
fn or_null(value: Value) -> Value {
    if value == json!([]) || value == json!({}) { Value::Null } else { value }
}

/// The wire cannot forbid tools, so where none may be called none are shown, and earlier calls are told as text.
fn offered(request: &Request) -> Vec<&ToolSpec> {
    if request.tool_choice == ToolChoice::None { Vec::new() } else { request.tools.iter().collect() }
}

fn tool(tool: &ToolSpec) -> Value {
    // An empty description is refused.
    let description = if tool.description.is_empty() { &tool.name } else { &tool.description };
    json!({"toolSpec": {"name": tool.name, "description": description, "inputSchema": {"json": tool.input}}})
}

fn tool_choice(choice: &ToolChoice) -> Value {
    match choice {
        ToolChoice::Required => json!({"any": {}}),
        ToolChoice::Tool(name) => json!({"tool": {"name": name}}),
        _ => json!({"auto": {}}),
    }
}

/// The limits of the reply, with what was given for their field.
fn limits(request: &Request, settings: &Settings, more: Option<Value>) -> Value {
    let mut limits = Map::new();
    let mut set = |name: &str, value: Value| limits.insert(name.to_owned(), value);
    if let Some(limit) = settings.max_tokens {
        set("maxTokens", limit.into());
    }
    if let Some(temperature) = settings.temperature {
        set("temperature", temperature.into());
    }
    let stops: Vec<&String> = request.stop.iter().filter(|stop| worth_saying(stop).is_some()).collect();
    if !stops.is_empty() && !WITHOUT_STOPS.iter().any(|maker| settings.model.contains(maker)) {
        set("stopSequences", json!(stops));
    }
    if let Some(Value::Object(more)) = more {
        limits.extend(more);
    }
    limits.retain(|_, value| !value.is_null());
    limits.into()
}
