//! What is sent: a conversation as the body of a chat request.

use super::WIRE;
use crate::{
    dialect::Settings,
    turns::{self, Conversation, Line, NOTHING, Said, worth_saying},
};
use serde_json::{Map, Value, json};
use smol_core::{
    message::{Media, Part, ToolCall},
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
    set("messages", Conversation::of(&request.messages, WIRE).lines().into_iter().map(message).collect());
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

fn message(line: Line) -> Value {
    match line {
        Line::System(text) => json!({"role": "system", "content": text}),
        Line::Person(parts) => json!({"role": "user", "content": content(parts)}),
        Line::Model(said) => assistant(said),
        // A bare string would have to be a JSON object.
        Line::Answer(answer) => json!({
            "role": "tool", "tool_call_id": answer.id,
            "content": [{"type": "text", "text": or_nothing(&answer.text())}],
        }),
    }
}

fn or_nothing(text: &str) -> &str {
    worth_saying(text).unwrap_or(NOTHING)
}

/// Plain text stays a string; what the wire has no place for is left out.
fn content(parts: &[&Part]) -> Value {
    match parts.iter().any(|part| matches!(part, Part::Image(_))) {
        true => parts.iter().filter_map(|said| part(said)).collect(),
        false => or_nothing(&turns::text(parts.iter().copied())).into(),
    }
}

fn part(part: &Part) -> Option<Value> {
    let url = match part {
        Part::Text(said) => {
            return worth_saying(said).map(|text| json!({"type": "text", "text": text}));
        }
        Part::Image(Media::Url(url)) => url.clone(),
        Part::Image(Media::Inline { mime, base64 }) => format!("data:{mime};base64,{base64}"),
        _ => return None,
    };
    Some(json!({"type": "image_url", "image_url": {"url": url}}))
}

fn assistant(said: &Said) -> Value {
    let message = said.message;
    let mut value = Map::from_iter([("role".to_owned(), Value::from("assistant"))]);
    let kept =
        message.opaque.iter().filter(|part| part.wire == WIRE).filter_map(|part| part.value.as_object());
    let mut thinking = Vec::new();
    for (name, field) in kept.flatten() {
        match name.as_str() {
            "thinking" => thinking.push(json!({"type": "thinking", "thinking": field})),
            _ => drop(value.insert(name.clone(), field.clone())),
        }
    }
    let text = message.text();
    if !thinking.is_empty() {
        let text = worth_saying(&text).map(|text| json!({"type": "text", "text": text}));
        value.insert("content".to_owned(), thinking.into_iter().chain(text).collect());
    } else if worth_saying(&text).is_some() || message.tool_calls.is_empty() {
        value.insert("content".to_owned(), or_nothing(&text).into());
    }
    if !message.tool_calls.is_empty() {
        value.insert("tool_calls".to_owned(), said.calls().map(tool_call).collect());
    }
    value.into()
}

fn tool_call((id, call): (&str, &ToolCall)) -> Value {
    let arguments = turns::arguments(call).to_string();
    json!({"id": id, "type": "function", "function": {"name": turns::plain(&call.name), "arguments": arguments}})
}
