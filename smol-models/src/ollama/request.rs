//! What is sent: a conversation as the body of a chat request.

use super::WIRE;
use crate::{dialect::Settings, remote::shorten};
use serde_json::{Map, Value, json};
use smol_core::{
    message::{Media, Message, Part, Role, ToolCall},
    model::{ModelError, Request, ToolChoice},
    tool::ToolSpec,
};
use std::collections::HashMap;

/// Fields of the body itself; whatever else a request may carry is an option of the model.
const FIELDS: [&str; 11] = [
    "model",
    "messages",
    "tools",
    "format",
    "stream",
    "think",
    "keep_alive",
    "truncate",
    "shift",
    "logprobs",
    "top_logprobs",
];

/// The body that asks for `request`, in one piece or as a stream.
pub(super) fn request(request: &Request, settings: &Settings, stream: bool) -> Result<Value, ModelError> {
    let mut body = Map::new();
    let mut set = |name: &str, value: Value| body.insert(name.to_owned(), value);
    set("model", settings.model.as_str().into());
    set("messages", messages(&request.messages)?);
    // A server streams unless it is told not to.
    set("stream", stream.into());
    let tools: Value = request.tools.iter().filter(|tool| is_offered(tool, request)).map(tool).collect();
    if tools != json!([]) {
        set("tools", tools);
    }
    set("format", request.schema.clone().unwrap_or_default());
    let (settings, more) = settings.split(&FIELDS);
    let options = options(request, &settings, more);
    if !options.is_empty() {
        set("options", options.into());
    }
    Ok(settings.complete(body))
}

/// The wire cannot say which tools may be called, so those that may not are not shown.
fn is_offered(tool: &ToolSpec, request: &Request) -> bool {
    match &request.tool_choice {
        ToolChoice::None => false,
        ToolChoice::Tool(name) => tool.name == *name,
        _ => true,
    }
}

/// The model's options, with `more` that were given by themselves or as `options`.
fn options(request: &Request, settings: &Settings, more: Map<String, Value>) -> Map<String, Value> {
    let mut options = Map::new();
    if let Some(temperature) = settings.temperature {
        options.insert("temperature".to_owned(), temperature.into());
    }
    if let Some(limit) = settings.max_tokens {
        options.insert("num_predict".to_owned(), limit.into());
    }
    if !request.stop.is_empty() {
        options.insert("stop".to_owned(), json!(request.stop));
    }
    for (name, value) in more {
        match value {
            Value::Object(more) if name == "options" => options.extend(more),
            _ => drop(options.insert(name, value)),
        }
    }
    options.retain(|_, value| !value.is_null());
    options
}

fn messages(messages: &[Message]) -> Result<Value, ModelError> {
    // A reply names its tool: older servers know no ids.
    let mut names = HashMap::new();
    let mut values = Vec::with_capacity(messages.len());
    for turn in messages {
        names.extend(turn.tool_calls.iter().map(|call| (call.id.as_str(), call.name.as_str())));
        values.push(message(turn, &names)?);
    }
    Ok(values.into())
}

fn message(message: &Message, names: &HashMap<&str, &str>) -> Result<Value, ModelError> {
    let mut value = Map::from_iter([
        ("role".into(), role(message.role).into()),
        ("content".into(), message.text().into()),
    ]);
    let images = message.content.iter().filter_map(image).collect::<Result<Vec<_>, _>>()?;
    if !images.is_empty() {
        value.insert("images".to_owned(), images.into());
    }
    if !message.tool_calls.is_empty() {
        value.insert("tool_calls".to_owned(), message.tool_calls.iter().map(tool_call).collect());
    }
    if let Some(id) = &message.tool_call_id {
        if let Some(name) = names.get(id.as_str()) {
            value.insert("tool_name".to_owned(), (*name).into());
        }
        value.insert("tool_call_id".to_owned(), id.as_str().into());
    }
    for part in message.opaque.iter().filter(|part| part.wire == WIRE) {
        value.extend(part.value.as_object().cloned().unwrap_or_default());
    }
    Ok(value.into())
}

fn role(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    }
}

/// The bytes of a picture. The wire has no place for sound and film.
fn image(part: &Part) -> Option<Result<String, ModelError>> {
    match part {
        Part::Image(Media::Inline { base64, .. }) => Some(Ok(base64.clone())),
        Part::Image(Media::Url(url)) => Some(match url.split_once(";base64,") {
            Some((head, base64)) if head.starts_with("data:") => Ok(base64.to_owned()),
            _ => Err(ModelError::Setup {
                message: format!("the picture at `{}` cannot be sent: Ollama fetches none", shorten(url)),
                hint: "save it in a file, and give the path of that".to_owned(),
            }),
        }),
        _ => None,
    }
}

fn tool_call(call: &ToolCall) -> Value {
    // Only objects are read as arguments. What the model got wrong must not end the run, so it goes back wrapped.
    let arguments = match &call.arguments {
        Value::Object(_) => call.arguments.clone(),
        wrong => json!({"malformed_arguments": wrong}),
    };
    json!({"id": call.id, "function": {"name": call.name, "arguments": arguments}})
}

fn tool(tool: &ToolSpec) -> Value {
    let function = json!({"name": tool.name, "description": tool.description, "parameters": tool.input});
    json!({"type": "function", "function": function})
}
