//! Finding tool calls in text: JSON objects with a `name` (or `tool`) and `arguments`, anywhere among prose.

use crate::message::ToolCall;
use serde_json::Value;

/// Deeper nesting than any call needs, and what bounds the work on hostile text.
const MAX_DEPTH: usize = 64;

/// The calls in `reply`, in order, with ids `call_0`, `call_1`, …
pub fn text_tool_calls(reply: &str) -> Vec<ToolCall> {
    let mut calls = Vec::new();
    let mut from = 0;
    while let Some(start) = reply.get(from..).and_then(|rest| rest.find('{')).map(|found| from + found) {
        let candidate = json_object(reply.get(start..).unwrap_or_default());
        let call =
            candidate.as_ref().and_then(|(json, _)| as_call(serde_json::from_str(json).ok()?, calls.len()));
        // What is no call may hold one, as `{"tool_calls": [{…}]}` does: go on just inside it.
        from = start + candidate.filter(|_| call.is_some()).map_or(1, |(_, length)| length);
        calls.extend(call);
    }
    calls
}

/// The object that `text` begins with, and its length in bytes. Raw line breaks inside strings, which models
/// write and JSON forbids, are escaped.
fn json_object(text: &str) -> Option<(String, usize)> {
    let (mut json, mut depth, mut in_string, mut escaped) = (String::new(), 0_usize, false, false);
    for (at, character) in text.char_indices() {
        match character {
            '\n' if in_string => json.push_str("\\n"),
            '\r' if in_string => json.push_str("\\r"),
            '\t' if in_string => json.push_str("\\t"),
            _ => json.push(character),
        }
        match character {
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            '{' | '[' if !in_string => depth += 1,
            '}' | ']' if !in_string => depth = depth.checked_sub(1)?,
            _ => {}
        }
        match depth {
            0 => return Some((json, at + character.len_utf8())),
            MAX_DEPTH => return None,
            _ => {}
        }
    }
    None
}

fn as_call(value: Value, index: usize) -> Option<ToolCall> {
    let Value::Object(mut object) = value else { return None };
    let name = object.remove("name").or_else(|| object.remove("tool"))?.as_str()?.to_owned();
    let arguments = match object.remove("arguments")? {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        other => other,
    };
    Some(ToolCall { id: format!("call_{index}"), name, arguments })
}
