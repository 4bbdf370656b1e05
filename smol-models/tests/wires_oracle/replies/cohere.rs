//! Cohere's chat: thoughts are blocks, or a plan in a field of its own; both go back with calls, and citations always.

use super::{Block, Written, calls, kept, unnamed};
use serde_json::{Value, json};

pub(in super::super) const WRITTEN: Written = Written {
    cached: 3,
    whole: |blocks| {
        let (mut content, mut plan, mut asked) = (Vec::new(), String::new(), Vec::new());
        for (index, block) in blocks.iter().enumerate() {
            match block {
                Block::Text(text) => content.push(json!({"type": "text", "text": text})),
                Block::Thought(text) if plans(blocks) => plan.push_str(text),
                Block::Thought(text) => content.push(json!({"type": "thinking", "thinking": text})),
                Block::Call(input) => asked.push(call(index, &input.to_string())),
            }
        }
        let citations: Vec<Value> = (0..blocks.len()).map(citation).collect();
        let message = json!({"role": "assistant", "content": content, "tool_plan": plan, "tool_calls": asked, "citations": citations});
        json!({"id": "r", "message": message, "finish_reason": stop(blocks), "usage": usage()})
    },
    events: |blocks, cut| {
        let mut events =
            vec![json!({"type": "message-start", "id": "r", "delta": {"message": {"role": "assistant"}}})];
        for (index, block) in blocks.iter().enumerate() {
            let says = |kind: &str, message: Value| json!({"type": kind, "index": index, "delta": {"message": message}});
            let content = |kind: &str, said: Value| says(kind, json!({ "content": said }));
            match block {
                Block::Text(text) => {
                    events.push(content("content-start", json!({"type": "text", "text": ""})));
                    let pieces = cut(text)?;
                    events
                        .extend(pieces.iter().map(|text| content("content-delta", json!({ "text": text }))));
                }
                Block::Thought(text) if plans(blocks) => {
                    let piece = |text| says("tool-plan-delta", json!({ "tool_plan": text }));
                    events.extend(cut(text)?.iter().map(piece));
                }
                Block::Thought(text) => {
                    events.push(content("content-start", json!({"type": "thinking", "thinking": ""})));
                    let piece = |text| content("content-delta", json!({ "thinking": text }));
                    events.extend(cut(text)?.iter().map(piece));
                }
                Block::Call(input) => {
                    events.push(says("tool-call-start", json!({"tool_calls": call(index, "")})));
                    let piece = |text| json!({"tool_calls": {"function": {"arguments": text}}});
                    let pieces = cut(&input.to_string())?;
                    events.extend(pieces.iter().map(|text| says("tool-call-delta", piece(text))));
                    events.push(json!({"type": "tool-call-end", "index": index}));
                }
            }
            events.push(says("citation-start", json!({"citations": citation(index)})));
        }
        let end = json!({"finish_reason": stop(blocks), "usage": usage()});
        events.push(json!({"type": "message-end", "delta": end}));
        Ok(unnamed(events))
    },
    kept: |body| {
        let Some(message) = body.get("message").or_else(|| body.pointer("/messages/1")) else {
            return Vec::new();
        };
        let calls = kept(message.get("tool_calls"), |_| true);
        let thoughts = kept(message.get("content"), |block| block.get("thinking").is_some());
        let thoughts = thoughts.iter().filter_map(|block| block["thinking"].as_str());
        let plan = message["tool_plan"].as_str().unwrap_or_default();
        // They need not go back alone.
        let thought = thoughts.chain([plan]).filter(|_| !calls.is_empty()).collect::<String>();
        let cited = kept(message.get("citations"), |_| true);
        [calls, if thought.is_empty() { Vec::new() } else { vec![thought.into()] }, cited].concat()
    },
};

/// Models that reason write no plans.
fn plans(blocks: &[Block]) -> bool {
    blocks.len().is_multiple_of(2)
}

fn call(index: usize, arguments: &str) -> Value {
    let function = json!({"name": "f", "arguments": arguments});
    json!({"id": format!("c{index}"), "type": "function", "function": function})
}

fn citation(index: usize) -> Value {
    json!({"start": index, "end": index + 1, "text": "a", "sources": [], "type": "TEXT_CONTENT"})
}

fn stop(blocks: &[Block]) -> &'static str {
    if calls(blocks) { "TOOL_CALL" } else { "COMPLETE" }
}

fn usage() -> Value {
    json!({"billed_units": {"input_tokens": 2, "output_tokens": 5}, "tokens": {"input_tokens": 10.0, "output_tokens": 5.0}, "cached_tokens": 3})
}
