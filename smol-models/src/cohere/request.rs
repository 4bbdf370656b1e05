//! What is sent: a conversation as the body of a chat request.

use super::WIRE;
use crate::dialect::Settings;
use serde_json::{Map, Value, json};
use smol_core::{
    message::{Media, Message, Part, Role, ToolCall},
    model::{Request, ToolChoice},
    tool::ToolSpec,
};

/// The service takes no more stop sequences; the rest are looked for in the reply.
const MOST_STOPS: usize = 5;

/// The body that asks for `request`, in one piece or as a stream.
pub(super) fn request(request: &Request, settings: &Settings, stream: bool) -> Value {
    let mut body = Map::new();
    let mut set = |name: &str, value: Value| body.insert(name.to_owned(), value);
    set("model", settings.model.as_str().into());
    set("messages", request.messages.iter().map(message).collect());
    set("stream", stream.into());
    let stops: Vec<_> = request.stop.iter().take(MOST_STOPS).collect();
    if !stops.is_empty() {
        set("stop_sequences", json!(stops));
    }
    if let Some(schema) = &request.schema {
        set("response_format", json!({"type": "json_object", "json_schema": schema}));
    }
    let tools: Vec<Value> = request.tools.iter().filter(|tool| is_offered(tool, request)).map(tool).collect();
    if !tools.is_empty() {
        set("tools", tools.into());
        set("tool_choice", tool_choice(&request.tool_choice));
    }
    if let Some(temperature) = settings.temperature {
        set("temperature", temperature.into());
    }
    if let Some(limit) = settings.max_tokens {
        set("max_tokens", limit.into());
    }
    settings.complete(body)
}

/// Null, and so left out, where the model may choose.
fn tool_choice(choice: &ToolChoice) -> Value {
    match choice {
        ToolChoice::Required | ToolChoice::Tool(_) => "REQUIRED".into(),
        ToolChoice::None => "NONE".into(),
        _ => Value::Null,
    }
}

/// One tool cannot be asked for by its name, so then it is the only one shown.
fn is_offered(tool: &ToolSpec, request: &Request) -> bool {
    !matches!(&request.tool_choice, ToolChoice::Tool(name) if tool.name != *name)
}

fn tool(tool: &ToolSpec) -> Value {
    let function = json!({"name": tool.name, "description": tool.description, "parameters": tool.input});
    json!({"type": "function", "function": function})
}

fn message(message: &Message) -> Value {
    match message.role {
        Role::System => json!({"role": "system", "content": message.text()}),
        Role::User => json!({"role": "user", "content": content(message)}),
        Role::Assistant => assistant(message),
        // A bare string would have to be a JSON object.
        Role::Tool => json!({
            "role": "tool", "tool_call_id": message.tool_call_id,
            "content": [{"type": "text", "text": message.text()}],
        }),
    }
}

/// Plain text stays a string; what the wire has no place for is left out.
fn content(message: &Message) -> Value {
    match message.content.iter().any(|part| matches!(part, Part::Image(_))) {
        true => message.content.iter().filter_map(part).collect(),
        false => message.text().into(),
    }
}

fn part(part: &Part) -> Option<Value> {
    let url = match part {
        Part::Text(text) => return Some(json!({"type": "text", "text": text})),
        Part::Image(Media::Url(url)) => url.clone(),
        Part::Image(Media::Inline { mime, base64 }) => format!("data:{mime};base64,{base64}"),
        _ => return None,
    };
    Some(json!({"type": "image_url", "image_url": {"url": url}}))
}

fn assistant(message: &Message) -> Value {
    let mut value = Map::from_iter([("role".to_owned(), Value::from("assistant"))]);
    let said =
        message.opaque.iter().filter(|part| part.wire == WIRE).filter_map(|part| part.value.as_object());
    let mut thinking = Vec::new();
    for (name, field) in said.flatten() {
        match name.as_str() {
            "thinking" => thinking.push(json!({"type": "thinking", "thinking": field})),
            _ => drop(value.insert(name.clone(), field.clone())),
        }
    }
    let text = message.text();
    if !thinking.is_empty() {
        let text = (!text.is_empty()).then(|| json!({"type": "text", "text": text}));
        value.insert("content".to_owned(), thinking.into_iter().chain(text).collect());
    } else if !text.is_empty() || message.tool_calls.is_empty() {
        value.insert("content".to_owned(), text.into());
    }
    if !message.tool_calls.is_empty() {
        value.insert("tool_calls".to_owned(), message.tool_calls.iter().map(tool_call).collect());
    }
    value.into()
}

fn tool_call(call: &ToolCall) -> Value {
    // What the model got wrong must not end the run, so it goes back wrapped.
    let arguments = match &call.arguments {
        Value::Object(_) => call.arguments.to_string(),
        wrong => json!({"malformed_arguments": wrong}).to_string(),
    };
    json!({"id": call.id, "type": "function", "function": {"name": call.name, "arguments": arguments}})
}
