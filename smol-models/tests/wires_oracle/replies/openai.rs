//! OpenAI's chat completions: text, reasoning and calls in fields of their own, and signatures with the calls.

use super::{Block, Written, calls, kept, unnamed};
use serde_json::{Value, json};

pub(in super::super) const WRITTEN: Written = Written {
    cached: 3,
    whole: |blocks| {
        let mut message =
            json!({"role": "assistant", "content": "", "reasoning_content": "", "tool_calls": []});
        for (index, block) in blocks.iter().enumerate() {
            let said =
                |field: &str, text: &str| message[field].as_str().unwrap_or_default().to_owned() + text;
            match block {
                Block::Text(text) => message["content"] = said("content", text).into(),
                Block::Thought(text) => message["reasoning_content"] = said("reasoning_content", text).into(),
                Block::Call(input) => {
                    let calls = message["tool_calls"].as_array_mut().expect("it is a list");
                    calls.push(call(index, &input.to_string()));
                }
            }
        }
        json!({"choices": [{"index": 0, "message": message, "finish_reason": stop(blocks)}], "usage": usage()})
    },
    events: |blocks, cut| {
        let chunk = |delta: Value| json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]});
        let mut events = vec![chunk(json!({"role": "assistant", "content": ""}))];
        let mut begun = 0;
        for (index, block) in blocks.iter().enumerate() {
            match block {
                Block::Text(text) => {
                    events.extend(cut(text)?.iter().map(|text| chunk(json!({ "content": text }))));
                }
                Block::Thought(text) => {
                    events.extend(cut(text)?.iter().map(|text| chunk(json!({ "reasoning_content": text }))));
                }
                Block::Call(input) => {
                    let mut first = call(index, "");
                    first["index"] = begun.into();
                    events.push(chunk(json!({ "tool_calls": [first] })));
                    let piece = |text: &String| json!({"index": begun, "function": {"arguments": text}});
                    let pieces = cut(&input.to_string())?;
                    events.extend(pieces.iter().map(|text| chunk(json!({ "tool_calls": [piece(text)] }))));
                    begun += 1;
                }
            }
        }
        events.push(json!({"choices": [{"index": 0, "delta": {}, "finish_reason": stop(blocks)}]}));
        events.push(json!({"choices": [], "usage": usage()}));
        Ok(unnamed(events))
    },
    kept: |body| {
        let calls = body.pointer("/choices/0/message/tool_calls");
        kept(calls.or_else(|| body.pointer("/messages/1/tool_calls")), |_| true)
    },
};

fn call(index: usize, arguments: &str) -> Value {
    let signature = json!({"google": {"thought_signature": format!("s{index}")}});
    let function = json!({"name": "f", "arguments": arguments});
    json!({"id": format!("c{index}"), "type": "function", "function": function, "extra_content": signature})
}

fn stop(blocks: &[Block]) -> &'static str {
    if calls(blocks) { "tool_calls" } else { "stop" }
}

fn usage() -> Value {
    json!({"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15, "prompt_tokens_details": {"cached_tokens": 3}})
}
