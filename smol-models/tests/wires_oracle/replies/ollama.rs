//! Ollama's chat: a stream is lines like the whole, each with a piece; calls come whole.

use super::{Block, Written, kept, unnamed};
use serde_json::{Value, json};

pub(in super::super) const WRITTEN: Written = Written {
    // It tells nothing of its cache.
    cached: 0,
    whole: |blocks| {
        let (mut text, mut thought, mut asked) = (String::new(), String::new(), Vec::new());
        for (index, block) in blocks.iter().enumerate() {
            match block {
                Block::Text(said) => text.push_str(said),
                Block::Thought(said) => thought.push_str(said),
                Block::Call(input) => asked.push(call(index, input)),
            }
        }
        last(&json!({"role": "assistant", "content": text, "thinking": thought, "tool_calls": asked}))
    },
    events: |blocks, cut| {
        let line = |message: Value| json!({"model": "m", "message": message, "done": false});
        let mut events = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            match block {
                Block::Text(text) => {
                    events.extend(cut(text)?.iter().map(|text| line(json!({"content": text}))));
                }
                Block::Thought(text) => {
                    let piece = |text| line(json!({"content": "", "thinking": text}));
                    events.extend(cut(text)?.iter().map(piece));
                }
                Block::Call(input) => {
                    events.push(line(json!({"content": "", "tool_calls": [call(index, input)]})));
                }
            }
        }
        events.push(last(&json!({"role": "assistant", "content": ""})));
        Ok(unnamed(events))
    },
    kept: |body| {
        let Some(message) = body.get("message").or_else(|| body.pointer("/messages/1")) else {
            return Vec::new();
        };
        let calls = kept(message.get("tool_calls"), |_| true);
        let thought = message["thinking"].as_str().filter(|_| !calls.is_empty()).unwrap_or_default();
        [calls, if thought.is_empty() { Vec::new() } else { vec![thought.into()] }].concat()
    },
};

fn call(index: usize, input: &Value) -> Value {
    json!({"id": format!("c{index}"), "function": {"name": "f", "arguments": input}})
}

/// The last line says `stop` after calls too.
fn last(message: &Value) -> Value {
    json!({"model": "m", "message": message, "done": true, "done_reason": "stop", "prompt_eval_count": 10, "eval_count": 5})
}
