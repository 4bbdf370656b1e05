//! OpenAI's responses.

use super::{Block, Written, kept, unnamed};
use serde_json::{Value, json};

pub(in super::super) const WRITTEN: Written = Written {
    cached: 3,
    whole: |blocks| {
        let output: Vec<Value> = blocks.iter().enumerate().map(|(index, block)| item(index, block)).collect();
        reply(&output)
    },
    events: |blocks, cut| {
        let mut events = vec![json!({"type": "response.created", "response": {"status": "in_progress"}})];
        for (index, block) in blocks.iter().enumerate() {
            let whole = item(index, block);
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
        events.push(json!({"type": "response.completed", "response": reply(&[])}));
        Ok(unnamed(events))
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

fn item(index: usize, block: &Block) -> Value {
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

fn reply(output: &[Value]) -> Value {
    let usage = json!({"input_tokens": 10, "input_tokens_details": {"cached_tokens": 3}, "output_tokens": 5});
    json!({"object": "response", "status": "completed", "error": null, "output": output, "usage": usage})
}
