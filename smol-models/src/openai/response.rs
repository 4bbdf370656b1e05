//! What comes back: a whole reply, or the chunks of a stream, as deltas.
//!
//! Servers differ in what they leave out, so nothing is required that is not needed: a call without its index, a chunk
//! without choices, counts that come twice. What cannot be read is an error that shows it.

use super::{CALL_EXTRAS, OpenAiChat, WIRE};
use crate::{
    dialect::{Events, Heard, WireError},
    remote::refusal,
    sse::Event,
};
use serde_json::{Map, Value};
use smol_core::{
    message::{Opaque, TokenUsage},
    model::{Delta, StopReason},
};

/// Fields of a message that are read, or that say nothing new.
const READ: [&str; 9] = [
    "role",
    "content",
    "refusal",
    "tool_calls",
    "function_call",
    "reasoning",
    "reasoning_content",
    "audio",
    "name",
];

/// The deltas of a whole reply's body.
pub(super) fn response(wire: &OpenAiChat, body: &Value) -> Result<Vec<Delta>, WireError> {
    let mut chunks = Chunks::new(wire);
    let mut deltas = chunks.read(body)?;
    deltas.extend(chunks.opaque());
    match choice(body) {
        Value::Null => Err(WireError::unreadable("it has no `choices`:", &body.to_string())),
        _ => Ok(deltas),
    }
}

/// Reads the chunks of one streamed reply. It remembers the tool calls begun so far, because a chunk only points at them.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    calls: Vec<Call>,
    returns_reasoning: bool,
    /// Reasoning that may have to go back.
    reasoning: String,
    /// Fields that we do not know.
    unknown: Map<String, Value>,
}

/// A tool call begun.
#[derive(Debug)]
struct Call {
    index: Option<u64>,
    id: String,
    name: String,
    /// What must go back with it.
    extra: Value,
}

impl Events for Chunks {
    fn event(&mut self, event: &Event) -> Result<Heard, WireError> {
        if event.data == "[DONE]" {
            return Ok(Heard::Over);
        }
        let unreadable = |error| WireError::unreadable(format_args!("{error} in the event"), &event.data);
        let mut deltas = self.read(&serde_json::from_str(&event.data).map_err(unreadable)?)?;
        if deltas.iter().any(|delta| matches!(delta, Delta::Stop(_))) {
            deltas.extend(self.opaque());
        }
        Ok(Heard::Deltas(deltas))
    }
}

impl Chunks {
    pub(super) fn new(wire: &OpenAiChat) -> Self {
        Self { returns_reasoning: wire.returns_reasoning, ..Self::default() }
    }

    fn read(&mut self, body: &Value) -> Result<Vec<Delta>, WireError> {
        if let Some((status, message)) = refusal(body) {
            return Err(WireError::Refused { status, message });
        }
        let choice = choice(body);
        let message = choice.get("delta").or_else(|| choice.get("message")).unwrap_or_default();
        let mut deltas = said(message);
        self.keep(message, &deltas);
        for call in message.get("tool_calls").and_then(Value::as_array).into_iter().flatten() {
            deltas.push(self.tool_call(call));
        }
        deltas.extend(body.get("usage").and_then(usage).map(Delta::Usage));
        deltas.extend(choice.get("finish_reason").and_then(Value::as_str).map(stop).map(Delta::Stop));
        Ok(deltas)
    }

    /// Gathers what may have to go back.
    fn keep(&mut self, message: &Value, said: &[Delta]) {
        for delta in said {
            if let Delta::Reasoning(text) = delta {
                self.reasoning.push_str(text);
            }
        }
        let fields = message.as_object().into_iter().flatten();
        for (name, value) in fields.filter(|(name, value)| !READ.contains(&name.as_str()) && !value.is_null())
        {
            join(self.unknown.entry(name).or_insert(Value::Null), value);
        }
    }

    /// What goes back with this turn: signatures of calls, reasoning where the service insists on it, and whatever
    /// else it said that we do not know.
    fn opaque(&mut self) -> Option<Delta> {
        let mut value = std::mem::take(&mut self.unknown);
        if self.returns_reasoning && !self.calls.is_empty() && !self.reasoning.is_empty() {
            value.insert("reasoning_content".to_owned(), std::mem::take(&mut self.reasoning).into());
        }
        if self.calls.iter().any(|call| !call.extra.is_null()) {
            let extras = self.calls.iter().map(|call| call.extra.clone()).collect();
            value.insert(CALL_EXTRAS.to_owned(), extras);
        }
        let back = |value| Delta::Opaque(Opaque { wire: WIRE.to_owned(), value: Value::Object(value) });
        (!value.is_empty()).then(|| back(value))
    }

    fn tool_call(&mut self, call: &Value) -> Delta {
        let field = |path| call.pointer(path).and_then(Value::as_str).unwrap_or_default();
        let (id, name) = (field("/id"), field("/function/name"));
        let arguments = match call.pointer("/function/arguments") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(json) => json.to_string(),
        };
        let index = self.find(call.get("index").and_then(Value::as_u64), id, name);
        let (id, name) = self
            .calls
            .get_mut(index)
            .map_or((None, None), |call| (learn_id(call, id), learn_name(call, name)));
        if let (Some(known), Some(extra)) = (self.calls.get_mut(index), call.get(CALL_EXTRAS)) {
            known.extra = extra.clone();
        }
        Delta::ToolCall { index, id, name, arguments }
    }

    /// The place of the call that a piece belongs to, which begins if it is new.
    ///
    /// A piece with a name begins a call unless it repeats one: Gemini gives calls without an index, or all with
    /// index 0. A piece without a name continues one, whatever its id: some servers make up an id for every piece.
    fn find(&mut self, index: Option<u64>, id: &str, name: &str) -> usize {
        let same_id = |call: &Call| id.is_empty() || call.id.is_empty() || call.id == id;
        let known = match index {
            Some(_) => {
                self.calls.iter().rposition(|call| call.index == index && (name.is_empty() || same_id(call)))
            }
            None if name.is_empty() => self
                .calls
                .iter()
                .rposition(|call| !id.is_empty() && call.id == id)
                .or(self.calls.len().checked_sub(1)),
            None => self.calls.iter().rposition(|call| !id.is_empty() && call.id == id),
        };
        known.unwrap_or_else(|| {
            self.calls.push(Call { index, id: String::new(), name: String::new(), extra: Value::Null });
            self.calls.len() - 1
        })
    }
}

/// Adds a piece of a field that comes in pieces: text to text, list to list; anything else replaces what was there.
fn join(whole: &mut Value, piece: &Value) {
    match (whole, piece) {
        (Value::String(whole), Value::String(piece)) => whole.push_str(piece),
        (Value::Array(whole), Value::Array(piece)) => whole.extend(piece.iter().cloned()),
        (whole, piece) => *whole = piece.clone(),
    }
}

/// The id, if the call had none yet.
fn learn_id(call: &mut Call, id: &str) -> Option<String> {
    if id.is_empty() || !call.id.is_empty() {
        return None;
    }
    call.id = id.to_owned();
    Some(call.id.clone())
}

/// The name or the next part of it. Some servers repeat the whole name with every piece.
fn learn_name(call: &mut Call, name: &str) -> Option<String> {
    if name.is_empty() || call.name == name {
        return None;
    }
    call.name.push_str(name);
    Some(name.to_owned())
}

/// The first choice, or null.
fn choice(body: &Value) -> &Value {
    let choices = body.get("choices").and_then(Value::as_array).into_iter().flatten();
    let first = |choice: &&Value| choice.get("index").and_then(Value::as_u64).unwrap_or(0) == 0;
    choices.into_iter().find(first).unwrap_or(&Value::Null)
}

/// Reasoning and text of a message. A refusal is text: the reader must see it.
fn said(message: &Value) -> Vec<Delta> {
    let field = |name: &str| message.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let reasoning = field("reasoning_content")
        .or_else(|| field("reasoning"))
        .map(|text| Delta::Reasoning(text.to_owned()));
    let text = field("content").or_else(|| field("refusal")).map(|text| Delta::Text(text.to_owned()));
    let parts = message.get("content").and_then(Value::as_array).into_iter().flatten();
    reasoning.into_iter().chain(text).chain(parts.filter_map(part)).collect()
}

/// A part of a content list: Mistral's reasoning models answer so.
fn part(part: &Value) -> Option<Delta> {
    let thoughts = part.get("thinking").and_then(Value::as_array).into_iter().flatten();
    let thought: String =
        thoughts.filter_map(|thought| thought.get("text").and_then(Value::as_str)).collect();
    let text = part.get("text").and_then(Value::as_str).map(|text| Delta::Text(text.to_owned()));
    text.or_else(|| (!thought.is_empty()).then_some(Delta::Reasoning(thought)))
}

/// Some services count reasoning in the total alone, so what the total adds to the prompt was written too.
fn usage(usage: &Value) -> Option<TokenUsage> {
    let count = |path: &str| usage.pointer(path).and_then(Value::as_u64);
    let input = count("/prompt_tokens")?;
    let beyond_prompt = count("/total_tokens").unwrap_or(0).saturating_sub(input);
    let cached = count("/prompt_tokens_details/cached_tokens").or_else(|| count("/prompt_cache_hit_tokens"));
    let counted = TokenUsage::new(input, beyond_prompt.max(count("/completion_tokens").unwrap_or(0)));
    Some(TokenUsage { cached_tokens: cached.unwrap_or(0), ..counted })
}

fn stop(reason: &str) -> StopReason {
    match reason {
        "stop" | "eos" => StopReason::End,
        "length" => StopReason::Length,
        "tool_calls" | "function_call" => StopReason::ToolCalls,
        other => StopReason::Other(other.to_owned()),
    }
}
