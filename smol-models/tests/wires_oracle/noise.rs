//! Bodies and events that no service would send, made of the words that they use.

use super::{
    super::arbitrary::{Result, Unstructured},
    conversations, gather, hear, wires,
};
use serde_json::{Map, Value};
use smol_core::{
    message::{Message, Role},
    model::{Delta, Request},
};
use smol_models::{dialect::Settings, sse::Event};

/// Names of fields, and strings where a service puts a fixed word.
const WORDS: &[&str] = &[
    "type",
    "index",
    "delta",
    "content",
    "content_block",
    "text",
    "thinking",
    "signature",
    "partial_json",
    "id",
    "name",
    "input",
    "tool_use",
    "text_delta",
    "message",
    "usage",
    "input_tokens",
    "stop_reason",
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "error",
    "overloaded_error",
    "candidates",
    "parts",
    "functionCall",
    "args",
    "thought",
    "thoughtSignature",
    "finishReason",
    "STOP",
    "usageMetadata",
    "promptTokenCount",
    "promptFeedback",
    "blockReason",
    "output",
    "item",
    "output_index",
    "item_id",
    "call_id",
    "arguments",
    "function_call",
    "reasoning",
    "encrypted_content",
    "summary",
    "phase",
    "response",
    "response.output_item.added",
    "response.output_item.done",
    "response.function_call_arguments.delta",
    "response.output_text.delta",
    "response.completed",
    "status",
    "choices",
    "tool_calls",
    "function",
    "finish_reason",
    "message-end",
    "tool_plan",
    "citations",
    "tokens",
    "done",
    "done_reason",
    "toolUse",
    "toolUseId",
    "reasoningContent",
    "reasoningText",
    "redactedContent",
    "citationsContent",
    "contentBlockIndex",
    "stopReason",
    "start",
];
/// Names of events, which one wire goes by; the others' have none, or say it again in the data.
const NAMES: &[&str] = &[
    "",
    "messageStart",
    "contentBlockStart",
    "contentBlockDelta",
    "contentBlockStop",
    "messageStop",
    "metadata",
    "throttlingException",
];
const DEEPEST: u32 = 6;

pub(super) fn check(source: &mut Unstructured) -> Result<()> {
    let (mut events, mut told) = (Vec::new(), Vec::new());
    while events.len() < 8 && !source.is_empty() {
        let (name, event) = (*source.choose(NAMES)?, value(source, 0)?);
        told.push(Event { name: name.to_owned(), data: event.to_string() });
        events.push(event);
    }
    let text = String::from_utf8_lossy(source.bytes(source.len().min(32))?).into_owned();
    #[cfg(feature = "bedrock")]
    super::frames::check(source, &told)?;
    for wire in wires() {
        let wire = wire.dialect.as_ref();
        // Whatever comes of one event alone or of bytes that are no JSON, it is no panic.
        for name in NAMES {
            let _ = wire.events().event(&Event { name: (*name).to_owned(), data: text.clone() });
        }
        for event in &events {
            let _ = wire.response(event).map(|deltas| in_order(&deltas));
        }
        let heard = hear(wire, &told).unwrap_or_default();
        in_order(&heard);
        goes_back(wire, heard);
    }
    Ok(())
}

/// Calls begin one after the other.
fn in_order(deltas: &[Delta]) {
    let mut begun = 0;
    for delta in deltas {
        if let Delta::ToolCall { index, .. } = delta {
            assert!(*index <= begun, "{deltas:?}");
            begun = begun.max(index + 1);
        }
    }
}

/// What was said can be a turn of the next request.
fn goes_back(wire: &dyn smol_models::dialect::Dialect, heard: Vec<Delta>) {
    let reply = gather(heard);
    let said = Message {
        tool_calls: reply.tool_calls,
        opaque: reply.opaque,
        ..Message::new(Role::Assistant, reply.text)
    };
    let request = Request::new(vec![Message::new(Role::User, "a"), said]);
    let settings = Settings { max_tokens: Some(100), ..Settings::default() };
    let body = wire.request(&request, &settings, true);
    assert!(body.is_ok_and(|body| body.is_object()));
}

fn value(source: &mut Unstructured, depth: u32) -> Result<Value> {
    Ok(match source.int_in_range(0..=9)? {
        0 => Value::Null,
        1 => source.arbitrary::<bool>()?.into(),
        2 => source.int_in_range(0..=3)?.into(),
        3 => source.arbitrary::<u64>()?.into(),
        4 => conversations::text(source)?.into(),
        5 | 6 => (*source.choose(WORDS)?).into(),
        7 if depth < DEEPEST => {
            let count = source.int_in_range(0..=3)?;
            (0..count).map(|_| value(source, depth + 1)).collect::<Result<Vec<_>>>()?.into()
        }
        _ if depth < DEEPEST => {
            let count = source.int_in_range(0..=5)?;
            let field = |_| Ok(((*source.choose(WORDS)?).to_owned(), value(source, depth + 1)?));
            (0..count).map(field).collect::<Result<Map<_, _>>>()?.into()
        }
        _ => "".into(),
    })
}
