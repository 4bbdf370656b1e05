//! One reply as every wire writes it: at once, and in pieces.

use super::{
    super::arbitrary::{Result, Unstructured},
    conversations, gather, hear, wires,
};
use serde_json::{Value, json};
use smol_core::{
    message::{Message, Role, TokenUsage},
    model::{Reply, Request, StopReason},
};
use smol_models::dialect::Settings;

/// What a model said.
pub(crate) enum Block {
    Text(String),
    /// A thought, which is signed.
    Thought(String),
    Call(Value),
}

/// Cuts a text into pieces.
type Cut<'a> = &'a mut dyn FnMut(&str) -> Result<Vec<String>>;

/// How a wire writes a reply.
#[derive(Clone, Copy)]
pub(super) struct Written {
    whole: fn(&[Block]) -> Value,
    events: fn(&[Block], Cut) -> Result<Vec<Value>>,
    /// What of a body, whole or sent back, is no text, in its order.
    kept: fn(&Value) -> Vec<Value>,
}

pub(super) fn check(source: &mut Unstructured) -> Result<()> {
    let blocks = blocks(source)?;
    for wire in wires() {
        let (Some(written), wire) = (wire.replies, wire.dialect.as_ref()) else { continue };
        let whole = (written.whole)(&blocks);
        let events = (written.events)(&blocks, &mut |text| cut(text, source))?;
        let at_once = gather(wire.response(&whole).expect("the body is a reply"));
        let in_pieces = gather(hear(wire, &events).expect("the events are a reply"));
        assert_eq!(at_once, in_pieces, "{whole}\n{events:?}");
        says(&at_once, &blocks);
        let said = Message {
            tool_calls: at_once.tool_calls,
            opaque: at_once.opaque,
            ..Message::new(Role::Assistant, at_once.text)
        };
        let request = Request::new(vec![Message::new(Role::User, "a"), said]);
        let settings = Settings { max_tokens: Some(100), ..Settings::default() };
        let sent = wire.request(&request, &settings, false).expect("a request can be made");
        assert_eq!((written.kept)(&sent), (written.kept)(&whole), "what must go back goes back in its order");
    }
    Ok(())
}

fn says(reply: &Reply, blocks: &[Block]) {
    let texts = blocks.iter().map(|block| if let Block::Text(text) = block { text } else { "" });
    let thoughts = blocks.iter().map(|block| if let Block::Thought(text) = block { text } else { "" });
    let calls =
        blocks.iter().filter_map(|block| if let Block::Call(input) = block { Some(input) } else { None });
    assert_eq!(reply.text, texts.collect::<String>());
    assert_eq!(reply.reasoning, thoughts.collect::<String>());
    assert!(reply.tool_calls.iter().map(|call| &call.arguments).eq(calls.clone()));
    let stop = if calls.count() > 0 { StopReason::ToolCalls } else { StopReason::End };
    assert_eq!(
        (&reply.stop, reply.usage),
        (&stop, Some(TokenUsage { cached_tokens: 3, ..TokenUsage::new(10, 5) }))
    );
}

fn blocks(source: &mut Unstructured) -> Result<Vec<Block>> {
    let count = source.int_in_range(0..=5)?;
    let block = |_| {
        Ok(match source.int_in_range(0..=2)? {
            0 => Block::Text(conversations::text(source)?),
            1 => Block::Thought(conversations::text(source)?),
            _ => Block::Call(json!({"x": conversations::text(source)?})),
        })
    };
    (0..count).map(block).collect()
}

fn cut(text: &str, source: &mut Unstructured) -> Result<Vec<String>> {
    let mut pieces = vec![String::new()];
    for letter in text.chars() {
        if source.arbitrary()? {
            pieces.push(String::new());
        }
        pieces.last_mut().expect("there is a piece").push(letter);
    }
    Ok(pieces)
}

pub(super) const ANTHROPIC: Written = Written {
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
        json!({"type": "message", "content": content, "stop_reason": anthropic_stop(blocks), "usage": usage})
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
        let end = json!({"stop_reason": anthropic_stop(blocks), "stop_sequence": null});
        events.push(json!({"type": "message_delta", "delta": end, "usage": {"output_tokens": 5}}));
        events.push(json!({"type": "message_stop"}));
        Ok(events)
    },
    kept: |body| {
        let content = body.get("content").or_else(|| body.pointer("/messages/1/content"));
        kept(content, |block| block.get("text").is_none())
    },
};

fn anthropic_stop(blocks: &[Block]) -> &'static str {
    if calls(blocks) { "tool_use" } else { "end_turn" }
}

fn calls(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| matches!(block, Block::Call(_)))
}

fn kept(list: Option<&Value>, is_kept: fn(&&Value) -> bool) -> Vec<Value> {
    list.and_then(Value::as_array).into_iter().flatten().filter(is_kept).cloned().collect()
}

pub(super) const GEMINI: Written = Written {
    whole: |blocks| {
        let parts: Vec<Value> =
            blocks.iter().enumerate().map(|(index, block)| gemini_part(index, block)).collect();
        gemini_chunk(&parts, true)
    },
    events: |blocks, cut| {
        let mut events = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            let parts: Vec<Value> = match block {
                Block::Text(text) => cut(text)?.into_iter().map(|text| json!({"text": text})).collect(),
                Block::Thought(text) => {
                    cut(text)?.into_iter().map(|text| json!({"text": text, "thought": true})).collect()
                }
                Block::Call(_) => vec![gemini_part(index, block)],
            };
            events.extend(parts.into_iter().map(|part| gemini_chunk(&[part], false)));
        }
        events.push(gemini_chunk(&[], true));
        Ok(events)
    },
    kept: |body| {
        let parts = body.pointer("/candidates/0/content/parts").or_else(|| body.pointer("/contents/1/parts"));
        kept(parts, |part| part.get("functionCall").is_some())
    },
};

fn gemini_part(index: usize, block: &Block) -> Value {
    match block {
        Block::Text(text) => json!({"text": text}),
        Block::Thought(text) => json!({"text": text, "thought": true}),
        Block::Call(input) => {
            let call = json!({"id": format!("c{index}"), "name": "f", "args": input});
            json!({"functionCall": call, "thoughtSignature": format!("s{index}")})
        }
    }
}

fn gemini_chunk(parts: &[Value], last: bool) -> Value {
    let mut chunk = json!({"responseId": "r", "candidates": [{"index": 0, "content": {"role": "model", "parts": parts}}]});
    if last {
        chunk["candidates"][0]["finishReason"] = "STOP".into();
        chunk["usageMetadata"] = json!({
            "promptTokenCount": 10, "cachedContentTokenCount": 3, "candidatesTokenCount": 3, "thoughtsTokenCount": 2,
        });
    }
    chunk
}

pub(super) const RESPONSES: Written = Written {
    whole: |blocks| {
        let output: Vec<Value> =
            blocks.iter().enumerate().map(|(index, block)| responses_item(index, block)).collect();
        responses_reply(&output)
    },
    events: |blocks, cut| {
        let mut events = vec![json!({"type": "response.created", "response": {"status": "in_progress"}})];
        for (index, block) in blocks.iter().enumerate() {
            let whole = responses_item(index, block);
            let (kind, text) = match block {
                Block::Text(text) => ("response.output_text.delta", text.clone()),
                Block::Thought(text) => ("response.reasoning_summary_text.delta", text.clone()),
                Block::Call(input) => ("response.function_call_arguments.delta", input.to_string()),
            };
            let mut begin = whole.clone();
            for empty in ["arguments", "encrypted_content"] {
                if begin.get(empty).is_some() {
                    begin[empty] = "".into();
                }
            }
            events.push(json!({"type": "response.output_item.added", "output_index": index, "item": begin}));
            let piece =
                |text| json!({"type": kind, "item_id": whole["id"], "output_index": index, "delta": text});
            events.extend(cut(&text)?.into_iter().map(piece));
            events.push(json!({"type": "response.output_item.done", "output_index": index, "item": whole}));
        }
        events.push(json!({"type": "response.completed", "response": responses_reply(&[])}));
        Ok(events)
    },
    kept: |body| {
        let items = body.get("output").or_else(|| body.get("input"));
        let named = kept(items, |item| item.get("type").is_some_and(|kind| kind != "message"));
        // The service gives its items ids; what was read of a call is sent without.
        let plain = |mut item: Value| {
            let is_call = item["type"] == "function_call";
            if let Some(fields) = item.as_object_mut().filter(|_| is_call) {
                fields.remove("id");
            }
            item
        };
        named.into_iter().filter(|item| item["type"] != "function_call_output").map(plain).collect()
    },
};

fn responses_item(index: usize, block: &Block) -> Value {
    let id = format!("i{index}");
    match block {
        Block::Text(text) => {
            let part = json!({"type": "output_text", "text": text, "annotations": []});
            json!({"id": id, "type": "message", "role": "assistant", "content": [part]})
        }
        Block::Thought(text) => {
            let summary = json!([{"type": "summary_text", "text": text}]);
            json!({"id": id, "type": "reasoning", "summary": summary, "encrypted_content": format!("e{index}")})
        }
        Block::Call(input) => {
            json!({"id": id, "type": "function_call", "call_id": format!("c{index}"), "name": "f", "arguments": input.to_string()})
        }
    }
}

fn responses_reply(output: &[Value]) -> Value {
    let usage = json!({"input_tokens": 10, "input_tokens_details": {"cached_tokens": 3}, "output_tokens": 5});
    json!({"object": "response", "status": "completed", "error": null, "output": output, "usage": usage})
}
