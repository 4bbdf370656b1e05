//! What comes back: a whole reply, or the events of a stream, as deltas.
//!
//! A reply is a list of items: messages, calls, reasoning, and whatever else the service did. The last two are kept as
//! they are, because they must go back.

use super::WIRE;
use crate::{
    dialect::{Events, Heard, WireError},
    placed::Places,
    remote::refusal,
    sse::Event,
};
use serde_json::Value;
use smol_core::{
    message::TokenUsage,
    model::{Delta, StopReason},
};

/// The deltas of a whole reply's body.
pub(super) fn response(body: &Value) -> Result<Vec<Delta>, WireError> {
    refused(body)?;
    let output = body.get("output").and_then(Value::as_array);
    let output = output.ok_or_else(|| WireError::unreadable("there is no `output`", &body.to_string()))?;
    let mut items = Items::default();
    let mut deltas: Vec<Delta> = output.iter().flat_map(|item| items.whole(item)).collect();
    deltas.extend(items.over(body));
    Ok(deltas)
}

/// Reads the events of one streamed reply.
#[derive(Debug, Default)]
pub(super) struct Items {
    places: Places,
    /// The calls so far.
    calls: Vec<Call>,
    /// Bytes of text and of reasoning that the item being read has given already.
    text: usize,
    reasoning: usize,
}

#[derive(Debug)]
struct Call {
    /// The id of its item, by which events point at it; its own where the item has none.
    item: String,
    /// Some of its arguments have come.
    has_arguments: bool,
}

impl Events for Items {
    fn event(&mut self, event: &Event) -> Result<Heard, WireError> {
        if event.data == "[DONE]" {
            return Ok(Heard::Over);
        }
        let unreadable = |error| WireError::unreadable(error, &event.data);
        let event: Value = serde_json::from_str(&event.data).map_err(unreadable)?;
        refused(&event)?;
        let part = |name: &str| event.get(name).unwrap_or_default();
        let text = |name: &str| part(name).as_str().unwrap_or_default();
        let deltas = match text("type") {
            "response.output_item.added" => self.begin(part("item")),
            "response.output_item.done" => self.end(part("item")),
            "response.output_text.delta" | "response.refusal.delta" => self.say(text("delta")),
            "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {
                self.think(text("delta"))
            }
            "response.function_call_arguments.delta" => self.argue(text("item_id"), text("delta")),
            "response.completed" | "response.incomplete" | "response.failed" => {
                refused(part("response"))?;
                self.over(part("response"))
            }
            // What repeats others, or a kind of event that came later than this code.
            _ => Vec::new(),
        };
        Ok(Heard::Deltas(deltas))
    }
}

impl Items {
    fn begin(&mut self, item: &Value) -> Vec<Delta> {
        (self.text, self.reasoning) = (0, 0);
        if field(item, "type") == "function_call" { vec![self.call(item)] } else { Vec::new() }
    }

    /// A call whose arguments may come later.
    fn call(&mut self, item: &Value) -> Delta {
        let said = |name: &str| Some(field(item, name).to_owned()).filter(|text| !text.is_empty());
        let arguments = field(item, "arguments").to_owned();
        self.calls.push(Call { item: id(item).to_owned(), has_arguments: !arguments.is_empty() });
        Delta::ToolCall { index: self.places.call(), id: said("call_id"), name: said("name"), arguments }
    }

    /// More arguments of the call of this item, or of the last if none has its id.
    fn argue(&mut self, item: &str, arguments: &str) -> Vec<Delta> {
        let last = self.calls.len().checked_sub(1);
        let index = self.calls.iter().rposition(|call| call.item == item).or(last);
        let Some((index, call)) = index.and_then(|index| Some((index, self.calls.get_mut(index)?))) else {
            return Vec::new();
        };
        call.has_arguments |= !arguments.is_empty();
        vec![Delta::ToolCall { index, id: None, name: None, arguments: arguments.to_owned() }]
    }

    fn say(&mut self, text: &str) -> Vec<Delta> {
        self.text += text.len();
        self.places.text(text).into_iter().collect()
    }

    fn think(&mut self, text: &str) -> Vec<Delta> {
        self.reasoning += text.len();
        let thought = (!text.is_empty()).then(|| Delta::Reasoning(text.to_owned()));
        thought.into_iter().collect()
    }

    /// An item that comes at once.
    fn whole(&mut self, item: &Value) -> Vec<Delta> {
        if field(item, "type") == "function_call" { vec![self.call(item)] } else { self.end(item) }
    }

    /// An item is complete. What of it has not come in pieces comes now.
    fn end(&mut self, item: &Value) -> Vec<Delta> {
        let deltas = match field(item, "type") {
            "message" => self.message(item),
            "function_call" => {
                let begun = self.calls.iter().find(|call| call.item == id(item));
                match begun.map(|call| call.has_arguments) {
                    None => vec![self.call(item)],
                    Some(false) => self.argue(id(item), field(item, "arguments")),
                    Some(true) => Vec::new(),
                }
            }
            "reasoning" => {
                let whole = ["summary", "content"].map(|part| texts(item, part)).concat();
                let thought = if self.reasoning == 0 { self.think(&whole) } else { Vec::new() };
                // Nothing is stored at the service, so reasoning that is not in the item could not be found again.
                let kept = item.get("encrypted_content").and_then(Value::as_str);
                thought.into_iter().chain(kept.map(|_| self.places.keep(WIRE, item.clone()))).collect()
            }
            _ if item.is_object() => vec![self.places.keep(WIRE, item.clone())],
            _ => Vec::new(),
        };
        (self.text, self.reasoning) = (0, 0);
        deltas
    }

    /// A message that says what part of the work it belongs to goes back with that word.
    fn message(&mut self, item: &Value) -> Vec<Delta> {
        let mut deltas = if self.text == 0 { self.say(&texts(item, "content")) } else { Vec::new() };
        if item.get("phase").is_some_and(|phase| !phase.is_null()) {
            deltas.push(self.places.keep_instead(WIRE, self.text, item.clone()));
        }
        deltas
    }

    /// The reply is over.
    fn over(&self, reply: &Value) -> Vec<Delta> {
        let reason = match field(reply, "status") {
            "incomplete" => match reply.pointer("/incomplete_details/reason").and_then(Value::as_str) {
                Some("max_output_tokens") => StopReason::Length,
                reason => StopReason::Other(reason.unwrap_or("incomplete").to_owned()),
            },
            "completed" | "" if !self.calls.is_empty() => StopReason::ToolCalls,
            "completed" | "" => StopReason::End,
            other => StopReason::Other(other.to_owned()),
        };
        reply.get("usage").and_then(usage).into_iter().chain([Delta::Stop(reason)]).collect()
    }
}

fn refused(body: &Value) -> Result<(), WireError> {
    match refusal(body) {
        Some((status, message)) => Err(WireError::Refused { status, message }),
        None => Ok(()),
    }
}

fn id(item: &Value) -> &str {
    ["id", "call_id"].map(|name| field(item, name)).into_iter().find(|id| !id.is_empty()).unwrap_or_default()
}

fn field<'a>(item: &'a Value, name: &str) -> &'a str {
    item.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The texts of a list of parts. A refusal is text: the reader must see it.
fn texts(item: &Value, list: &str) -> String {
    let parts = item.get(list).and_then(Value::as_array).into_iter().flatten();
    parts.map(|part| ["text", "refusal"].map(|name| field(part, name)).concat()).collect()
}

fn usage(usage: &Value) -> Option<Delta> {
    let count = |path: &str| usage.pointer(path).and_then(Value::as_u64);
    let counted = TokenUsage::new(count("/input_tokens")?, count("/output_tokens").unwrap_or(0));
    let cached = count("/input_tokens_details/cached_tokens").unwrap_or(0);
    Some(Delta::Usage(TokenUsage { cached_tokens: cached, ..counted }))
}
