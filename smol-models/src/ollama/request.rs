//! What is sent: a conversation as the body of a chat request.

use super::WIRE;
use crate::{
    dialect::Settings,
    remote::shorten,
    turns::{self, Answer, Conversation, Line, Said},
};
use serde_json::{Map, Value, json};
use smol_core::{
    message::{Media, Part, ToolCall},
    model::{ModelError, Request, ToolChoice},
    tool::ToolSpec,
};

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
    let conversation = Conversation::of(&request.messages, WIRE);
    let messages = conversation.lines().into_iter().map(message).collect::<Result<Vec<_>, _>>()?;
    set("messages", messages.into());
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

fn message(line: Line) -> Result<Value, ModelError> {
    match line {
        Line::System(text) => Ok(json!({"role": "system", "content": text})),
        Line::Person(parts) => Ok(said("user", parts.iter().copied())?.into()),
        Line::Model(said) => assistant(said),
        Line::Answer(answer) => tool_message(answer),
    }
}

/// A message of text and pictures.
fn said<'a>(
    role: &str,
    parts: impl Iterator<Item = &'a Part> + Clone,
) -> Result<Map<String, Value>, ModelError> {
    let text = turns::text(parts.clone());
    let mut value = Map::from_iter([("role".into(), role.into()), ("content".into(), text.into())]);
    let images = parts.filter_map(image).collect::<Result<Vec<_>, _>>()?;
    if !images.is_empty() {
        value.insert("images".to_owned(), images.into());
    }
    Ok(value)
}

fn assistant(turn: &Said) -> Result<Value, ModelError> {
    let mut value = said("assistant", turn.message.content.iter())?;
    if !turn.message.tool_calls.is_empty() {
        value.insert("tool_calls".to_owned(), turn.calls().map(tool_call).collect());
    }
    for part in turn.message.opaque.iter().filter(|part| part.wire == WIRE) {
        value.extend(part.value.as_object().cloned().unwrap_or_default());
    }
    Ok(value.into())
}

/// A reply names its tool: older servers know no ids.
fn tool_message(answer: &Answer) -> Result<Value, ModelError> {
    let mut value = said("tool", answer.parts.unwrap_or_default().iter())?;
    value.insert("content".to_owned(), answer.text().into());
    value.insert("tool_name".to_owned(), turns::plain(&answer.call.name).into());
    value.insert("tool_call_id".to_owned(), answer.id.as_str().into());
    Ok(value.into())
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

fn tool_call((id, call): (&str, &ToolCall)) -> Value {
    json!({"id": id, "function": {"name": turns::plain(&call.name), "arguments": turns::arguments(call)}})
}

fn tool(tool: &ToolSpec) -> Value {
    let function = json!({"name": tool.name, "description": tool.description, "parameters": tool.input});
    json!({"type": "function", "function": function})
}
