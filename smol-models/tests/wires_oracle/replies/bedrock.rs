//! Bedrock's Converse: blocks, whose events have names.

use super::{Block, Written, calls, kept};
use serde_json::{Value, json};
use smol_models::sse::Event;

pub(in super::super) const WRITTEN: Written = Written {
    cached: 3,
    whole: |blocks| {
        let block = |(index, block): (usize, &Block)| match block {
            Block::Text(text) => json!({ "text": text }),
            Block::Thought(text) => {
                let text = json!({"text": text, "signature": format!("s{index}")});
                json!({"reasoningContent": {"reasoningText": text}})
            }
            Block::Call(input) => {
                json!({"toolUse": {"toolUseId": format!("c{index}"), "name": "f", "input": input}})
            }
        };
        let content: Vec<Value> = blocks.iter().enumerate().map(block).collect();
        let message = json!({"role": "assistant", "content": content});
        json!({"output": {"message": message}, "stopReason": stop(blocks), "usage": usage()})
    },
    events: |blocks, cut| {
        let mut events = vec![event("messageStart", &json!({"role": "assistant"}))];
        for (index, block) in blocks.iter().enumerate() {
            let of = |name, field: &str, value: Value| {
                event(name, &json!({"contentBlockIndex": index, field: value}))
            };
            let deltas: Vec<Value> = match block {
                Block::Text(text) => cut(text)?.iter().map(|text| json!({ "text": text })).collect(),
                Block::Thought(text) => {
                    let pieces = cut(text)?.into_iter().map(|text| json!({ "text": text }));
                    let signed = pieces.chain([json!({"signature": format!("s{index}")})]);
                    signed.map(|piece| json!({ "reasoningContent": piece })).collect()
                }
                Block::Call(input) => {
                    let call = json!({"toolUse": {"toolUseId": format!("c{index}"), "name": "f"}});
                    events.push(of("contentBlockStart", "start", call));
                    cut(&input.to_string())?.iter().map(|text| json!({"toolUse": {"input": text}})).collect()
                }
            };
            events.extend(deltas.into_iter().map(|delta| of("contentBlockDelta", "delta", delta)));
            events.push(event("contentBlockStop", &json!({"contentBlockIndex": index})));
        }
        events.push(event("messageStop", &json!({"stopReason": stop(blocks)})));
        events.push(event("metadata", &json!({"usage": usage()})));
        Ok(events)
    },
    kept: |body| {
        let content = body.pointer("/output/message/content").or_else(|| body.pointer("/messages/1/content"));
        kept(content, |block| block.get("text").is_none())
    },
};

fn event(name: &str, data: &Value) -> Event {
    Event { name: name.to_owned(), data: data.to_string() }
}

fn stop(blocks: &[Block]) -> &'static str {
    if calls(blocks) { "tool_use" } else { "end_turn" }
}

fn usage() -> Value {
    json!({"inputTokens": 5, "cacheReadInputTokens": 3, "cacheWriteInputTokens": 2, "outputTokens": 5, "totalTokens": 15})
}
