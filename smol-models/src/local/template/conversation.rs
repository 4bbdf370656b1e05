//! Messages and tools in the shape that chat templates know: that of OpenAI's wire.

use crate::local::gguf::setup;
use minijinja::Value;
use serde_json::json;
use smol_core::{
    message::{Message, Part, Role, ToolCall},
    model::ModelError,
    tool::ToolSpec,
};

/// `tools` as templates see them; none where there are none, which is how templates ask whether there are any.
pub(super) fn tools(tools: &[ToolSpec], controls: &[String]) -> Value {
    if tools.is_empty() {
        return Value::from(());
    }
    let tools = tools.iter().map(|tool| {
        let function = json!({"name": tool.name, "description": tool.description, "parameters": tool.input});
        plain_json(json!({"type": "function", "function": function}), controls)
    });
    Value::from_serialize(tools.collect::<Vec<_>>())
}

/// `messages` as templates see them.
pub(super) fn messages(messages: &[Message], controls: &[String]) -> Result<Value, ModelError> {
    let calls = messages.iter().flat_map(|message| &message.tool_calls).collect::<Vec<_>>();
    let turns =
        messages.iter().map(|message| turn(message, &calls, controls)).collect::<Result<Vec<_>, _>>()?;
    Ok(Value::from_serialize(turns))
}

fn turn(
    message: &Message,
    calls: &[&ToolCall],
    controls: &[String],
) -> Result<serde_json::Value, ModelError> {
    if message.content.iter().any(|part| matches!(part, Part::Image(_))) {
        let hint = "ask a model that can see, such as one behind an OpenAI-compatible server";
        return Err(setup("this local model takes no images".to_owned(), hint));
    }
    let role = match message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    };
    let mut turn = json!({"role": role, "content": plain(message.text(), controls)});
    let mut set = |name: &str, value| turn.as_object_mut().map(|turn| turn.insert(name.to_owned(), value));
    if !message.tool_calls.is_empty() {
        let asked = message.tool_calls.iter().map(|call| {
            let arguments = plain_json(call.arguments.clone(), controls);
            let function = json!({"name": call.name, "arguments": arguments});
            json!({"id": short_id(&call.id, calls), "type": "function", "function": function})
        });
        set("tool_calls", asked.collect());
    }
    if let Some(id) = &message.tool_call_id {
        set("tool_call_id", json!(short_id(id, calls)));
        if let Some(call) = calls.iter().find(|call| call.id == *id) {
            set("name", json!(call.name));
        }
    }
    Ok(turn)
}

/// A call's id as nine letters and digits, the only form that Mistral's templates take: its place in the conversation.
fn short_id(id: &str, calls: &[&ToolCall]) -> String {
    let place = calls.iter().position(|call| call.id == id).unwrap_or(calls.len());
    format!("call{place:05}")
}

/// `messages` for templates that know only users and assistants taking turns: rules become part of the first question,
/// replies of tools are questions, and neighbours of one speaker are one message.
pub(super) fn joined(messages: &[Message]) -> Vec<Message> {
    let mut joined = Vec::<Message>::new();
    for message in messages {
        let role = if message.role == Role::Assistant { Role::Assistant } else { Role::User };
        match joined.last_mut().filter(|last| last.role == role) {
            Some(last) => last.content.extend(message.content.iter().cloned()),
            None => joined.push(Message { role, tool_call_id: None, ..message.clone() }),
        }
    }
    joined
}

/// `text` in which no control token stands: a web page that an agent reads must not be able to end its turn and begin
/// another speaker's.
fn plain(text: String, controls: &[String]) -> String {
    controls.iter().fold(text, |text, control| {
        let first = control.chars().next().map_or(0, char::len_utf8);
        let (head, tail) = control.split_at(first);
        if first > 0 && text.contains(control) {
            text.replace(control, &format!("{head} {tail}"))
        } else {
            text
        }
    })
}

/// The same for every text within `value`.
fn plain_json(value: serde_json::Value, controls: &[String]) -> serde_json::Value {
    match value {
        serde_json::Value::String(text) => plain(text, controls).into(),
        serde_json::Value::Array(values) => {
            values.into_iter().map(|value| plain_json(value, controls)).collect()
        }
        serde_json::Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, plain_json(value, controls))).collect()
        }
        other => other,
    }
}
