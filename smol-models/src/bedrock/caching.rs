//! Marks the prompt where the service may keep it for the next request.
//!
//! An agent sends its whole conversation again with every step, and what the service has kept costs a tenth. Models that
//! do not know the marks refuse them, so only those that <https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html>
//! names get them unasked.

use serde_json::{Value, json};

/// Families whose every model takes marks.
const KNOWN: [&str; 2] = ["anthropic.claude-", "amazon.nova-"];
/// Models of these families that came before them.
const TOO_OLD: [&str; 6] = [
    "claude-instant",
    "claude-v2",
    "claude-3-haiku",
    "claude-3-sonnet",
    "claude-3-opus",
    "claude-3-5-sonnet",
];

/// Whether the model is known to take marks.
pub(super) fn is_known(model: &str) -> bool {
    KNOWN.iter().any(|family| model.contains(family)) && !TOO_OLD.iter().any(|name| model.contains(name))
}

/// Marks the end of the rules, which every request repeats, and of the conversation, which the next one continues.
pub(super) fn mark(body: &mut Value) {
    for path in ["/system", "/messages"] {
        let mut blocks = body.pointer_mut(path).and_then(Value::as_array_mut);
        if path == "/messages" {
            let last = blocks.and_then(|turns| turns.last_mut());
            blocks = last.filter(is_users).and_then(|turn| turn.get_mut("content")?.as_array_mut());
        }
        if let Some(blocks) = blocks.filter(|blocks| !blocks.is_empty()) {
            blocks.push(json!({"cachePoint": {"type": "default"}}));
        }
    }
}

/// Only what others said may end in a mark.
fn is_users(turn: &&mut Value) -> bool {
    turn.get("role").is_some_and(|role| role == "user")
}
