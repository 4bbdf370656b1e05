//! What comes back: a whole reply, or the events of a stream, as deltas.
//!
//! A reply is a list of blocks. Text and calls are read; thoughts are read and kept, because they must go back signed;
//! any other block is kept as it is.

use super::WIRE;
use crate::{
    dialect::{Events, Heard, WireError},
    placed::Places,
    remote::refusal,
    sse::Event,
};
use serde_json::{Map, Value};
use smol_core::{
    message::TokenUsage,
    model::{Delta, StopReason},
};

/// The deltas of a whole reply's body.
pub(super) fn response(body: &Value) -> Result<Vec<Delta>, WireError> {
    refused(body)?;
    let content = body.get("content").and_then(Value::as_array);
    let content = content.ok_or_else(|| WireError::unreadable("there is no `content`", &body.to_string()))?;
    let mut blocks = Blocks::default();
    let mut deltas = Vec::new();
    for block in content {
        deltas.extend(blocks.begin(block));
        deltas.extend(blocks.end());
    }
    deltas.extend(blocks.count(body.get("usage")));
    deltas.extend(stop(body));
    Ok(deltas)
}

/// Reads the events of one streamed reply.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    places: Places,
    open: Open,
    counts: Map<String, Value>,
}

/// The block that is being read.
#[derive(Debug, Default)]
enum Open {
    /// None, or a text.
    #[default]
    Text,
    /// The call of this index.
    Call(usize),
    /// One that goes back.
    Kept {
        block: Map<String, Value>,
        /// Its input, which comes in pieces of JSON text.
        input: String,
    },
}

impl Events for Blocks {
    fn event(&mut self, event: &Event) -> Result<Heard, WireError> {
        let unreadable = |error| WireError::unreadable(error, &event.data);
        let event: Value = serde_json::from_str(&event.data).map_err(unreadable)?;
        refused(&event)?;
        let part = |name: &str| event.get(name).unwrap_or_default();
        let deltas = match part("type").as_str().unwrap_or_default() {
            "message_start" => self.count(part("message").get("usage")).into_iter().collect(),
            "content_block_start" => self.begin(part("content_block")),
            "content_block_delta" => self.more(part("delta")),
            "content_block_stop" => self.end().into_iter().collect(),
            "message_delta" => {
                let kept = self.end();
                kept.into_iter().chain(self.count(event.get("usage"))).chain(stop(part("delta"))).collect()
            }
            "message_stop" => return Ok(Heard::Over),
            // A ping, or a kind of event that came later than this code.
            _ => Vec::new(),
        };
        Ok(Heard::Deltas(deltas))
    }
}

impl Blocks {
    /// A block begins, which may hold all there is to it.
    fn begin(&mut self, block: &Value) -> Vec<Delta> {
        let field = |name: &str| block.get(name).and_then(Value::as_str).unwrap_or_default();
        let mut deltas: Vec<Delta> = self.end().into_iter().collect();
        self.open = match field("type") {
            "text" => {
                deltas.extend(self.places.text(field("text")));
                Open::Text
            }
            "tool_use" => {
                let index = self.places.call();
                let said = |name: &str| Some(field(name).to_owned()).filter(|text| !text.is_empty());
                let input = block.get("input").filter(|input| !is_empty(input));
                let arguments = input.map(Value::to_string).unwrap_or_default();
                deltas.push(Delta::ToolCall { index, id: said("id"), name: said("name"), arguments });
                Open::Call(index)
            }
            _ => {
                deltas.extend(reasoning(field("thinking")));
                Open::Kept { block: block.as_object().cloned().unwrap_or_default(), input: String::new() }
            }
        };
        deltas
    }

    /// More of the block that is being read.
    fn more(&mut self, delta: &Value) -> Vec<Delta> {
        let field = |name: &str| delta.get(name).and_then(Value::as_str).unwrap_or_default();
        match &mut self.open {
            Open::Text => self.places.text(field("text")).into_iter().collect(),
            Open::Call(index) => {
                let arguments = field("partial_json").to_owned();
                vec![Delta::ToolCall { index: *index, id: None, name: None, arguments }]
            }
            Open::Kept { block, input } => {
                input.push_str(field("partial_json"));
                join(block, delta);
                reasoning(field("thinking")).into_iter().collect()
            }
        }
    }

    /// The block is complete.
    fn end(&mut self) -> Option<Delta> {
        let Open::Kept { mut block, input } = std::mem::take(&mut self.open) else { return None };
        if let Ok(input) = serde_json::from_str(&input) {
            block.insert("input".to_owned(), input);
        }
        (!block.is_empty()).then(|| self.places.keep(WIRE, block.into()))
    }

    /// Tokens so far. What the service read from its cache or wrote to it is not in its count of the prompt.
    fn count(&mut self, usage: Option<&Value>) -> Option<Delta> {
        let counts = usage?.as_object()?.iter().filter(|(_, count)| count.is_u64());
        self.counts.extend(counts.map(|(name, count)| (name.clone(), count.clone())));
        let count = |name: &str| self.counts.get(name).and_then(Value::as_u64).unwrap_or(0);
        let (read, written) = (count("cache_read_input_tokens"), count("cache_creation_input_tokens"));
        let input = count("input_tokens").saturating_add(read).saturating_add(written);
        let usage = TokenUsage { cached_tokens: read, ..TokenUsage::new(input, count("output_tokens")) };
        Some(Delta::Usage(usage))
    }
}

fn refused(body: &Value) -> Result<(), WireError> {
    match refusal(body) {
        Some((status, message)) => Err(WireError::Refused { status, message }),
        None => Ok(()),
    }
}

fn is_empty(input: &Value) -> bool {
    input.is_null() || input.as_object().is_some_and(Map::is_empty)
}

fn reasoning(text: &str) -> Option<Delta> {
    (!text.is_empty()).then(|| Delta::Reasoning(text.to_owned()))
}

/// Adds a piece to the fields of a block: text to text, anything else as it is.
fn join(block: &mut Map<String, Value>, piece: &Value) {
    for (name, more) in piece.as_object().into_iter().flatten() {
        match (block.get_mut(name), more) {
            _ if matches!(name.as_str(), "type" | "partial_json") => {}
            (Some(Value::String(text)), Value::String(more)) => text.push_str(more),
            _ => {
                block.insert(name.clone(), more.clone());
            }
        }
    }
}

fn stop(message: &Value) -> Option<Delta> {
    let reason = match message.get("stop_reason")?.as_str()? {
        "end_turn" | "stop_sequence" => StopReason::End,
        "max_tokens" | "model_context_window_exceeded" => StopReason::Length,
        "tool_use" => StopReason::ToolCalls,
        other => StopReason::Other(other.to_owned()),
    };
    Some(Delta::Stop(reason))
}
