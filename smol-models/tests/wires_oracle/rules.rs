//! What services check of the conversation in a body, and refuse.

use serde_json::Value;
use std::collections::{HashSet, VecDeque};

/// The turns alternate, begin with the person's and have content.
fn alternate(turns: &[Value], content: &str) {
    assert!(!turns.is_empty());
    for (index, turn) in turns.iter().enumerate() {
        assert_eq!(turn["role"] == "user", index % 2 == 0, "{turns:?}");
        let parts = list(turn, content);
        assert!(!parts.is_empty(), "{turns:?}");
        for text in parts.iter().filter_map(|part| part.get("text")?.as_str()) {
            assert!(!text.trim().is_empty(), "{turns:?}");
        }
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The ids of the parts that have one at `path`, and that they come first where `first` says so.
fn ids<'a>(parts: &'a [Value], path: &str) -> Vec<&'a str> {
    parts.iter().filter_map(|part| part.pointer(path)?.as_str()).collect()
}

/// Calls are answered in the next turn, before anything else is said, and no two have the same id.
fn answered(turns: &[Value], content: &str, call: &str, answer: &str) {
    let mut seen = HashSet::new();
    assert!(ids(list(&turns[0], content), answer).is_empty());
    for (index, turn) in turns.iter().enumerate().skip(1).step_by(2) {
        let asked = ids(list(turn, content), call);
        let next = turns.get(index + 1).map(|turn| list(turn, content)).unwrap_or_default();
        assert_eq!(ids(next, answer), asked, "{turns:?}");
        assert!(next.iter().take(asked.len()).all(|part| part.pointer(answer).is_some()), "{turns:?}");
        for id in asked {
            assert!(seen.insert(id) && !id.is_empty(), "{turns:?}");
            assert!(id.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter)), "{id}");
        }
    }
}

pub(super) fn anthropic(body: &Value) {
    let turns = list(body, "messages");
    alternate(turns, "content");
    for turn in turns {
        for block in list(turn, "content") {
            let has_id = |name: &str| block.get(name).is_some();
            assert_eq!(block["type"] == "tool_use", has_id("id"), "{block}");
            assert_eq!(block["type"] == "tool_result", has_id("tool_use_id"), "{block}");
            assert!(block["type"] != "tool_use" || block["input"].is_object(), "{block}");
        }
    }
    answered(turns, "content", "/id", "/tool_use_id");
    assert!(body["max_tokens"].as_u64() > Some(0));
    assert!(body.to_string().matches("cache_control").count() <= 4);
    assert!(!body.to_string().contains("tool_use_id") || !list(body, "tools").is_empty());
}

pub(super) fn gemini(body: &Value) {
    let turns = list(body, "contents");
    alternate(turns, "parts");
    answered(turns, "parts", "/functionCall/id", "/functionResponse/id");
}

pub(super) fn responses(body: &Value) {
    let items = list(body, "input");
    assert!(!items.is_empty());
    let mut open = Vec::new();
    for item in items {
        match item["type"].as_str() {
            Some("function_call") => open.push(item["call_id"].clone()),
            Some("function_call_output") => assert_eq!(item["call_id"], open.remove(0), "{items:?}"),
            _ if item["role"] == "user" => assert!(open.is_empty(), "{items:?}"),
            _ => {}
        }
    }
    assert!(open.is_empty(), "{items:?}");
}

/// Arguments are the text of an object.
pub(super) fn openai(body: &Value) {
    for call in list(body, "messages").iter().flat_map(|message| list(message, "tool_calls")) {
        let arguments = call["function"]["arguments"].as_str().unwrap_or_default();
        assert!(serde_json::from_str::<Value>(arguments).is_ok_and(|value| value.is_object()), "{call}");
    }
}

/// Each call is answered right after the message that made it, once and in order, and nothing else is. No two have the
/// same id.
fn answered_in_line(messages: &[Value]) {
    let (mut seen, mut open) = (HashSet::new(), VecDeque::new());
    for message in messages {
        if message["role"] == "tool" {
            assert_eq!(message["tool_call_id"].as_str(), open.pop_front(), "{messages:?}");
            continue;
        }
        assert!(open.is_empty(), "{messages:?}");
        open.extend(ids(list(message, "tool_calls"), "/id"));
        assert!(open.iter().all(|id| seen.insert(*id) && !id.is_empty()), "{messages:?}");
    }
    assert!(open.is_empty(), "{messages:?}");
}

/// Arguments are the text of an object, and every message says something.
pub(super) fn cohere(body: &Value) {
    openai(body);
    let messages = list(body, "messages");
    answered_in_line(messages);
    for message in messages {
        let texts = list(message, "content").iter().filter_map(|part| part.get("text"));
        let texts: Vec<&Value> =
            texts.chain(message.get("content").filter(|said| said.is_string())).collect();
        let blank = |text: &&Value| text.as_str().is_some_and(|text| text.trim().is_empty());
        assert!(!texts.iter().any(blank), "{message}");
        assert!(
            !list(message, "content").is_empty() || !texts.is_empty() || message.get("tool_calls").is_some(),
            "{message}"
        );
    }
}

/// Arguments are objects, and content is text.
pub(super) fn ollama(body: &Value) {
    answered_in_line(list(body, "messages"));
    for message in list(body, "messages") {
        assert!(message["content"].is_string(), "{message}");
        assert_eq!(message["role"] == "tool", message.get("tool_name").is_some(), "{message}");
        assert!(
            list(message, "tool_calls").iter().all(|call| call["function"]["arguments"].is_object()),
            "{message}"
        );
    }
}

#[cfg(feature = "bedrock")]
pub(super) fn bedrock(body: &Value) {
    let turns = list(body, "messages");
    alternate(turns, "content");
    answered(turns, "content", "/toolUse/toolUseId", "/toolResult/toolUseId");
    let told = body["messages"].to_string();
    assert!(!told.contains("toolUseId") || !list(&body["toolConfig"], "tools").is_empty(), "{body}");
    assert!(body.to_string().matches("cachePoint").count() <= 4, "{body}");
}
