//! What comes back: a whole reply, or the events of a stream, as deltas.

use super::WIRE;
use crate::{
    dialect::{Events, Heard, WireError},
    remote::{refusal, shorten},
    sse::Event,
};
use serde_json::{Map, Value};
use smol_core::{
    message::{Opaque, TokenUsage},
    model::{Delta, StopReason},
};

/// The deltas of a whole reply's body.
pub(super) fn response(body: &Value) -> Result<Vec<Delta>, WireError> {
    let mut reader = Reader::default();
    let Some(message) = body.get("message").filter(|message| message.is_object()) else {
        let refused = |(status, message)| WireError::Refused { status, message };
        let unreadable = || WireError::unreadable("there is no `message`", &body.to_string());
        return Err(refusal(body).map_or_else(unreadable, refused));
    };
    let mut deltas = reader.message(message, None);
    deltas.extend(reader.end(body)?);
    Ok(deltas)
}

/// Reads the events of one streamed reply.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// The service's numbers of the tool calls begun so far; `None` for those of a whole reply.
    calls: Vec<Option<u64>>,
    plan: String,
    thinking: String,
    citations: Vec<Value>,
}

impl Events for Reader {
    fn event(&mut self, event: &Event) -> Result<Heard, WireError> {
        if event.data == "[DONE]" {
            return Ok(Heard::Over);
        }
        let unreadable = |error| WireError::unreadable(error, &event.data);
        self.read(&serde_json::from_str(&event.data).map_err(unreadable)?).map(Heard::Deltas)
    }
}

impl Reader {
    fn read(&mut self, event: &Value) -> Result<Vec<Delta>, WireError> {
        if let Some((status, message)) = refusal(event) {
            return Err(WireError::Refused { status, message });
        }
        let delta = event.get("delta").unwrap_or_default();
        if event.get("type").is_some_and(|kind| kind == "message-end") {
            return self.end(delta);
        }
        let index = event.get("index").and_then(Value::as_u64);
        Ok(self.message(delta.get("message").unwrap_or_default(), index))
    }

    /// A message or a piece of one: in a piece, what is a list in the whole is one of its items.
    fn message(&mut self, message: &Value, index: Option<u64>) -> Vec<Delta> {
        let mut deltas = Vec::new();
        if let Some(plan) = text(message, "tool_plan") {
            self.plan.push_str(plan);
            deltas.push(Delta::Reasoning(plan.to_owned()));
        }
        for block in items(message, "content") {
            if let Some(thinking) = text(block, "thinking") {
                self.thinking.push_str(thinking);
                deltas.push(Delta::Reasoning(thinking.to_owned()));
            }
            deltas.extend(text(block, "text").map(|text| Delta::Text(text.to_owned())));
        }
        deltas.extend(items(message, "tool_calls").iter().map(|call| self.tool_call(call, index)));
        self.citations.extend_from_slice(items(message, "citations"));
        deltas
    }

    /// A call begins with its id and name; what has neither goes on.
    fn tool_call(&mut self, call: &Value, number: Option<u64>) -> Delta {
        let id = text(call, "id").map(str::to_owned);
        let function = call.get("function").unwrap_or_default();
        let name = text(function, "name").map(str::to_owned);
        let goes_on = id.is_none() && name.is_none();
        let begun = self.calls.iter().rposition(|known| *known == number).filter(|_| goes_on);
        let index = begun.unwrap_or_else(|| {
            self.calls.push(number);
            self.calls.len() - 1
        });
        let arguments = text(function, "arguments").unwrap_or_default().to_owned();
        Delta::ToolCall { index, id, name, arguments }
    }

    /// What ends a reply, after its last piece.
    fn end(&mut self, said: &Value) -> Result<Vec<Delta>, WireError> {
        let stop = match text(said, "finish_reason") {
            Some("ERROR") => return Err(failed(said, 500, "the model failed")),
            Some("TIMEOUT") => return Err(failed(said, 504, "the model took too long")),
            Some("COMPLETE" | "STOP_SEQUENCE") | None => StopReason::End,
            Some("MAX_TOKENS") => StopReason::Length,
            Some("TOOL_CALL") => StopReason::ToolCalls,
            Some(other) => StopReason::Other(other.to_owned()),
        };
        let usage = said.get("usage").and_then(usage).map(Delta::Usage);
        Ok(self.opaque().into_iter().chain(usage).chain([Delta::Stop(stop)]).collect())
    }

    /// What goes back with this turn: the thoughts behind calls, and whatever was cited.
    fn opaque(&mut self) -> Option<Delta> {
        let mut value = Map::new();
        for (name, thought) in [("tool_plan", &mut self.plan), ("thinking", &mut self.thinking)] {
            if !self.calls.is_empty() && !thought.is_empty() {
                value.insert(name.to_owned(), std::mem::take(thought).into());
            }
        }
        if !self.citations.is_empty() {
            value.insert("citations".to_owned(), std::mem::take(&mut self.citations).into());
        }
        let back = |value| Delta::Opaque(Opaque { wire: WIRE.to_owned(), value: Value::Object(value) });
        (!value.is_empty()).then(|| back(value))
    }
}

fn failed(said: &Value, status: u16, message: &str) -> WireError {
    let message = text(said, "error").map_or_else(|| message.to_owned(), shorten);
    WireError::Refused { status: Some(status), message }
}

/// A field that says something.
fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The items of a list, or the only one where it stands for itself.
fn items<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    match value.get(field) {
        Some(Value::Array(items)) => items,
        Some(item @ Value::Object(_)) => std::slice::from_ref(item),
        _ => &[],
    }
}

/// What the model read and wrote. The bill may count less of it: it leaves out what Cohere itself adds to a prompt.
fn usage(usage: &Value) -> Option<TokenUsage> {
    let counted = usage.get("tokens").or_else(|| usage.get("billed_units"))?;
    let input = count(counted, "input_tokens")?;
    let counted = TokenUsage::new(input, count(counted, "output_tokens").unwrap_or_default());
    Some(TokenUsage { cached_tokens: count(usage, "cached_tokens").unwrap_or_default(), ..counted })
}

/// Counts come as whole numbers and as fractions (`11.0`).
fn count(value: &Value, field: &str) -> Option<u64> {
    let number = value.get(field)?.as_f64().filter(|number| *number >= 0.0)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count is no fraction")]
    Some(number as u64)
}
