//! Anthropic's messages.

use super::{Block, Written, calls, kept, unnamed};
use serde_json::{Value, json};

pub(in super::super) const WRITTEN: Written = Written {
    cached: 3,
    whole: |blocks| {
        let block = |(index, block): (usize, &Block)| match block {
            Block::Text(text) => json!({"type": "text", "text": text}),
            Block::Thought(text) => {
                json!({"type": "thinking", "thinking": text, "signature": format!("s{index}")})
            }
            Block::Call(input) => {
                json!({"type": "tool_use", "id": format!("c{index}"), "name": "f", "input": input})
            }
        };
        let content: Vec<Value> = blocks.iter().enumerate().map(block).collect();
        let usage = json!({"input_tokens": 5, "cache_creation_input_tokens": 2, "cache_read_input_tokens": 3, "output_tokens": 5});
        json!({"type": "message", "content": content, "stop_reason": stop(blocks), "usage": usage})
    },
    events: |blocks, cut| {
        let usage = json!({"input_tokens": 5, "cache_creation_input_tokens": 2, "cache_read_input_tokens": 3, "output_tokens": 1});
        let mut events =
            vec![json!({"type": "message_start", "message": {"usage": usage}}), json!({"type": "ping"})];
        for (index, block) in blocks.iter().enumerate() {
            let (begin, pieces): (Value, Vec<Value>) = match block {
                Block::Text(text) => {
                    let pieces =
                        cut(text)?.into_iter().map(|text| json!({"type": "text_delta", "text": text}));
                    (json!({"type": "text", "text": ""}), pieces.collect())
                }
                Block::Thought(text) => {
                    let pieces = cut(text)?
                        .into_iter()
                        .map(|text| json!({"type": "thinking_delta", "thinking": text}));
                    let signature = json!({"type": "signature_delta", "signature": format!("s{index}")});
                    (
                        json!({"type": "thinking", "thinking": "", "signature": ""}),
                        pieces.chain([signature]).collect(),
                    )
                }
                Block::Call(input) => {
                    let pieces = cut(&input.to_string())?.into_iter();
                    let pieces = pieces.map(|text| json!({"type": "input_json_delta", "partial_json": text}));
                    (
                        json!({"type": "tool_use", "id": format!("c{index}"), "name": "f", "input": {}}),
                        pieces.collect(),
                    )
                }
            };
            events.push(json!({"type": "content_block_start", "index": index, "content_block": begin}));
            let piece = |delta| json!({"type": "content_block_delta", "index": index, "delta": delta});
            events.extend(pieces.into_iter().map(piece));
            events.push(json!({"type": "content_block_stop", "index": index}));
        }
        let end = json!({"stop_reason": stop(blocks), "stop_sequence": null});
        events.push(json!({"type": "message_delta", "delta": end, "usage": {"output_tokens": 5}}));
        events.push(json!({"type": "message_stop"}));
        Ok(unnamed(events))
    },
    kept: |body| {
        let content = body.get("content").or_else(|| body.pointer("/messages/1/content"));
        kept(content, |block| block.get("text").is_none())
    },
};

fn stop(blocks: &[Block]) -> &'static str {
    if calls(blocks) { "tool_use" } else { "end_turn" }
}
