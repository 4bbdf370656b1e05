//! Gemini's generated content.

use super::{Block, Written, kept, unnamed};
use serde_json::{Value, json};

pub(in super::super) const WRITTEN: Written = Written {
    cached: 3,
    whole: |blocks| {
        let parts: Vec<Value> = blocks.iter().enumerate().map(|(index, block)| part(index, block)).collect();
        chunk(&parts, true)
    },
    events: |blocks, cut| {
        let mut events = Vec::new();
        for (index, block) in blocks.iter().enumerate() {
            let parts: Vec<Value> = match block {
                Block::Text(text) => cut(text)?.into_iter().map(|text| json!({"text": text})).collect(),
                Block::Thought(text) => {
                    cut(text)?.into_iter().map(|text| json!({"text": text, "thought": true})).collect()
                }
                Block::Call(_) => vec![part(index, block)],
            };
            events.extend(parts.into_iter().map(|part| chunk(&[part], false)));
        }
        events.push(chunk(&[], true));
        Ok(unnamed(events))
    },
    kept: |body| {
        let parts = body.pointer("/candidates/0/content/parts").or_else(|| body.pointer("/contents/1/parts"));
        kept(parts, |part| part.get("functionCall").is_some())
    },
};

fn part(index: usize, block: &Block) -> Value {
    match block {
        Block::Text(text) => json!({"text": text}),
        Block::Thought(text) => json!({"text": text, "thought": true}),
        Block::Call(input) => {
            let call = json!({"id": format!("c{index}"), "name": "f", "args": input});
            json!({"functionCall": call, "thoughtSignature": format!("s{index}")})
        }
    }
}

fn chunk(parts: &[Value], last: bool) -> Value {
    let mut chunk = json!({"responseId": "r", "candidates": [{"index": 0, "content": {"role": "model", "parts": parts}}]});
    if last {
        chunk["candidates"][0]["finishReason"] = "STOP".into();
        chunk["usageMetadata"] = json!({
            "promptTokenCount": 10, "cachedContentTokenCount": 3, "candidatesTokenCount": 3, "thoughtsTokenCount": 2,
        });
    }
    chunk
}
