//! What is sent: a conversation as the body of a responses request.

use super::WIRE;
use crate::{
    dialect::Settings,
    openai,
    placed::{Piece, pieces},
    turns::{self, Answer, Conversation, NOTHING, Said, Turn, worth_saying},
};
use serde_json::{Map, Value, json};
use smol_core::{
    message::{Media, Part},
    model::{Request, ToolChoice},
    tool::ToolSpec,
};

/// The shortest limit that the service takes.
const SHORTEST_REPLY: u64 = 16;

/// The body that asks for `request`, in one piece or as a stream.
pub(super) fn request(request: &Request, settings: &Settings, stream: bool) -> Value {
    let conversation = Conversation::of(&request.messages, WIRE);
    let mut body = Map::new();
    let mut set = |name: &str, value: Value| body.insert(name.to_owned(), value);
    set("model", settings.model.as_str().into());
    if !conversation.system.is_empty() {
        set("instructions", conversation.system.as_str().into());
    }
    let mut input: Vec<Value> = conversation.turns.iter().flat_map(items).collect();
    if input.is_empty() {
        input.push(json!({"role": "user", "content": NOTHING}));
    }
    set("input", input.into());
    if !request.tools.is_empty() {
        set("tools", request.tools.iter().map(tool).collect());
        set("tool_choice", tool_choice(&request.tool_choice));
    }
    if let Some(schema) = &request.schema {
        set("text", json!({"format": format(schema)}));
    }
    set("temperature", settings.temperature.into());
    set("max_output_tokens", settings.max_tokens.map(|limit| limit.max(SHORTEST_REPLY)).into());
    set("store", false.into());
    if openai::reasons(&settings.model) {
        // Other models refuse the wish.
        set("include", json!(["reasoning.encrypted_content"]));
    }
    if stream {
        set("stream", true.into());
    }
    settings.complete(body)
}

/// Strict only where the schema is closed: the service refuses a strict one that leaves room.
fn format(schema: &Value) -> Value {
    let strict = schema.get("additionalProperties") == Some(&Value::Bool(false));
    json!({"type": "json_schema", "name": "reply", "strict": strict, "schema": schema})
}

/// Not strict: that needs a schema that is closed and in which all is required. The service assumes it unless told.
fn tool(tool: &ToolSpec) -> Value {
    json!({"type": "function", "name": tool.name, "description": tool.description, "parameters": tool.input, "strict": false})
}

/// Null, and so left out, where the model may choose.
fn tool_choice(choice: &ToolChoice) -> Value {
    match choice {
        ToolChoice::Required => "required".into(),
        ToolChoice::None => "none".into(),
        ToolChoice::Tool(name) => json!({"type": "function", "name": name}),
        _ => Value::Null,
    }
}

fn items(turn: &Turn) -> Vec<Value> {
    match turn {
        Turn::Model(said) => said.iter().flat_map(said_items).collect(),
        Turn::Person { answers, parts } => {
            let said: Vec<Value> = parts.iter().filter_map(|said| part(said)).collect();
            let message = (!said.is_empty()).then(|| json!({"role": "user", "content": said}));
            answers.iter().map(answer).chain(message).collect()
        }
    }
}

fn said_items(said: &Said) -> Vec<Value> {
    let whole = said.message.text();
    let calls: Vec<_> = said.calls().collect();
    let item = |piece| match piece {
        Piece::Text(text) => worth_saying(text).map(|text| json!({"role": "assistant", "content": text})),
        Piece::Kept(item) => Some(item.clone()),
        Piece::Call(index) => calls.get(index).map(|(id, call)| {
            let arguments = turns::arguments(call).to_string();
            let name = turns::plain(&call.name);
            json!({"type": "function_call", "call_id": id, "name": name, "arguments": arguments})
        }),
    };
    pieces(said.message, &whole, WIRE).into_iter().filter_map(item).collect()
}

/// Text alone stays a string, which every server of this wire takes.
fn answer(answer: &Answer) -> Value {
    let parts = answer.parts.unwrap_or_default();
    let output: Value = if parts.iter().all(|part| matches!(part, Part::Text(_))) {
        answer.text().into()
    } else {
        parts.iter().filter_map(part).collect()
    };
    json!({"type": "function_call_output", "call_id": answer.id, "output": output})
}

fn part(part: &Part) -> Option<Value> {
    match part {
        Part::Text(said) => worth_saying(said).map(|text| json!({"type": "input_text", "text": text})),
        Part::Image(media) => {
            Some(json!({"type": "input_image", "image_url": address(media), "detail": "auto"}))
        }
        // A kind of part that this wire has no place for.
        _ => None,
    }
}

fn address(media: &Media) -> String {
    match media {
        Media::Url(url) => url.clone(),
        Media::Inline { mime, base64 } => format!("data:{mime};base64,{base64}"),
    }
}
