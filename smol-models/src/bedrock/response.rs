//! What comes back: a whole reply, or the events of a stream, as deltas.

use super::WIRE;
use crate::{
    dialect::{Events, Heard, WireError},
    placed::Places,
    remote::{refusal, shorten},
    sse::Event,
};
use serde_json::{Value, json};
use smol_core::{
    message::TokenUsage,
    model::{Delta, StopReason},
};

/// The deltas of a whole reply's body.
pub(super) fn response(body: &Value) -> Result<Vec<Delta>, WireError> {
    let mut reader = Reader::default();
    let Some(blocks) = body.pointer("/output/message/content").and_then(Value::as_array) else {
        let refused = |(status, message)| WireError::Refused { status, message };
        let unreadable = || WireError::unreadable("there is no `output`", &body.to_string());
        return Err(refusal(body).map_or_else(unreadable, refused));
    };
    let mut deltas = Vec::new();
    for (number, block) in blocks.iter().enumerate() {
        deltas.extend(reader.block(number as u64, block));
        deltas.extend(reader.end_of_block());
    }
    deltas.extend(body.get("usage").and_then(usage).map(Delta::Usage));
    deltas.push(stop(body));
    Ok(deltas)
}

/// Reads the events of one streamed reply.
#[derive(Debug, Default)]
pub(super) struct Reader {
    places: Places,
    /// The service's numbers of the blocks that are tool calls.
    calls: Vec<u64>,
    /// The thought that is being told.
    thought: String,
}

impl Events for Reader {
    fn event(&mut self, event: &Event) -> Result<Heard, WireError> {
        let unreadable = |error| WireError::unreadable(error, &event.data);
        let data: Value = serde_json::from_str(&event.data).map_err(unreadable)?;
        let number = data.get("contentBlockIndex").and_then(Value::as_u64).unwrap_or_default();
        let deltas = match event.name.as_str() {
            "contentBlockStart" => self.block(number, data.get("start").unwrap_or_default()),
            "contentBlockDelta" => self.piece(number, data.get("delta").unwrap_or_default()),
            "contentBlockStop" => self.end_of_block(),
            "messageStop" => vec![stop(&data)],
            "metadata" => data.get("usage").and_then(usage).map(Delta::Usage).into_iter().collect(),
            name if name.ends_with("Exception") => return Err(exception(name, &data)),
            _ => Vec::new(),
        };
        Ok(Heard::Deltas(deltas))
    }
}

impl Reader {
    /// A whole block, or the start of one.
    fn block(&mut self, number: u64, block: &Value) -> Vec<Delta> {
        if let Some(call) = block.get("toolUse") {
            self.calls.push(number);
            let index = self.places.call();
            let arguments = call.get("input").map(Value::to_string).unwrap_or_default();
            let (id, name) = (text(call, "toolUseId"), text(call, "name"));
            return vec![Delta::ToolCall { index, id, name, arguments }];
        }
        let cited = block.pointer("/citationsContent/content").and_then(Value::as_array);
        let said = [block].into_iter().chain(cited.into_iter().flatten());
        let said = said.filter_map(|part| self.places.text(part.get("text")?.as_str()?)).collect();
        let thought = block.get("reasoningContent").map(|thought| self.thought(thought));
        [said, thought.unwrap_or_default()].concat()
    }

    /// A piece of a block.
    fn piece(&mut self, number: u64, piece: &Value) -> Vec<Delta> {
        if let Some(call) = piece.get("toolUse") {
            let Some(index) = self.calls.iter().rposition(|known| *known == number) else {
                return Vec::new();
            };
            let arguments = text(call, "input").unwrap_or_default();
            return vec![Delta::ToolCall { index, id: None, name: None, arguments }];
        }
        self.block(number, piece)
    }

    /// A thought that has no signature by now gets none.
    fn end_of_block(&mut self) -> Vec<Delta> {
        self.thought.clear();
        Vec::new()
    }

    /// A thought that goes back with this turn. Those without a signature need not, and some models refuse them.
    fn keep(&self, thought: &Value) -> Delta {
        self.places.keep(WIRE, json!({ "reasoningContent": thought }))
    }

    /// A thought or a piece of one: in a whole one, text and signature stand together.
    fn thought(&mut self, thought: &Value) -> Vec<Delta> {
        let whole = thought.get("reasoningText").unwrap_or(thought);
        let said = text(whole, "text");
        self.thought.push_str(said.as_deref().unwrap_or_default());
        let signed = text(whole, "signature").map(|signature| {
            let text = std::mem::take(&mut self.thought);
            json!({"reasoningText": {"text": text, "signature": signature}})
        });
        let hidden = text(thought, "redactedContent").map(|hidden| json!({"redactedContent": hidden}));
        said.map(Delta::Reasoning)
            .into_iter()
            .chain(signed.or(hidden).map(|thought| self.keep(&thought)))
            .collect()
    }
}

/// A field that says something.
fn text(value: &Value, field: &str) -> Option<String> {
    value.get(field).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The service counts what it read from its cache, and wrote there, apart from the rest of the prompt.
fn usage(usage: &Value) -> Option<TokenUsage> {
    let count = |name: &str| usage.get(name).and_then(Value::as_u64);
    let cached = count("cacheReadInputTokens").unwrap_or_default();
    let kept = count("cacheWriteInputTokens").unwrap_or_default();
    let input = count("inputTokens")?.saturating_add(cached).saturating_add(kept);
    Some(TokenUsage {
        cached_tokens: cached,
        ..TokenUsage::new(input, count("outputTokens").unwrap_or_default())
    })
}

fn stop(said: &Value) -> Delta {
    let reason = said.get("stopReason").and_then(Value::as_str).unwrap_or("end_turn");
    Delta::Stop(match reason {
        "end_turn" | "stop_sequence" => StopReason::End,
        "max_tokens" | "model_context_window_exceeded" => StopReason::Length,
        "tool_use" => StopReason::ToolCalls,
        other => StopReason::Other(other.to_owned()),
    })
}

/// An exception, with the status that it would have had as the answer to a request.
fn exception(name: &str, said: &Value) -> WireError {
    let status = match name {
        "validationException" => 400,
        "accessDeniedException" => 403,
        "resourceNotFoundException" => 404,
        "modelTimeoutException" => 408,
        "modelStreamErrorException" | "modelErrorException" => 424,
        "throttlingException" | "modelNotReadyException" => 429,
        "serviceUnavailableException" => 503,
        _ => 500,
    };
    // The model's own words, where the service only passes them on.
    let said = ["originalMessage", "message", "Message"].iter().find_map(|field| text(said, field));
    WireError::Refused { status: Some(status), message: shorten(&said.unwrap_or_else(|| name.to_owned())) }
}
