//! What comes back: a whole reply, or the lines of a stream, as deltas. A whole reply is a stream of one line.

use super::WIRE;
use crate::{
    dialect::{Events, Heard, WireError},
    remote::refusal,
    sse::Event,
};
use serde_json::{Value, json};
use smol_core::{
    message::{Opaque, TokenUsage},
    model::{Delta, StopReason},
};

/// The deltas of a whole reply's body.
pub(super) fn response(body: &Value) -> Result<Vec<Delta>, WireError> {
    let deltas = Lines::default().read(body)?;
    match body.get("message") {
        Some(_) => Ok(deltas),
        None => Err(WireError::unreadable("there is no `message`", &body.to_string())),
    }
}

/// Reads the lines of one streamed reply.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Tool calls so far: each comes whole, so its place is all there is to know of it.
    calls: usize,
    /// The thoughts behind the calls, which the model wants back with them.
    thinking: String,
}

impl Events for Lines {
    fn event(&mut self, event: &Event) -> Result<Heard, WireError> {
        let unreadable = |error| WireError::unreadable(error, &event.data);
        self.read(&serde_json::from_str(&event.data).map_err(unreadable)?).map(Heard::Deltas)
    }
}

impl Lines {
    fn read(&mut self, line: &Value) -> Result<Vec<Delta>, WireError> {
        if let Some((status, message)) = refusal(line) {
            return Err(WireError::Refused { status, message });
        }
        let field = |path| line.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
        let thinking = field("/message/thinking");
        self.thinking.push_str(thinking.unwrap_or_default());
        let mut deltas = Vec::new();
        deltas.extend(thinking.map(|text| Delta::Reasoning(text.to_owned())));
        deltas.extend(field("/message/content").map(|text| Delta::Text(text.to_owned())));
        let calls = line.pointer("/message/tool_calls").and_then(Value::as_array);
        deltas.extend(calls.into_iter().flatten().map(|call| self.tool_call(call)));
        if line.get("done").and_then(Value::as_bool) == Some(true) {
            deltas.extend(self.opaque());
            deltas.extend(usage(line).map(Delta::Usage));
            deltas.push(Delta::Stop(self.stop(field("/done_reason"))));
        }
        Ok(deltas)
    }

    fn tool_call(&mut self, call: &Value) -> Delta {
        let field = |path| call.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty());
        let arguments = match call.pointer("/function/arguments") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(json) => json.to_string(),
        };
        let index = self.calls;
        self.calls += 1;
        let (id, name) = (field("/id").map(str::to_owned), field("/function/name").map(str::to_owned));
        Delta::ToolCall { index, id, name, arguments }
    }

    fn opaque(&mut self) -> Option<Delta> {
        let thinking = std::mem::take(&mut self.thinking);
        let back = |value| Delta::Opaque(Opaque { wire: WIRE.to_owned(), value });
        (self.calls > 0 && !thinking.is_empty()).then(|| back(json!({ "thinking": thinking })))
    }

    /// A server says `stop` after tool calls too.
    fn stop(&self, reason: Option<&str>) -> StopReason {
        match reason {
            Some("length") => StopReason::Length,
            Some("stop") | None if self.calls > 0 => StopReason::ToolCalls,
            Some("stop") | None => StopReason::End,
            Some(other) => StopReason::Other(other.to_owned()),
        }
    }
}

/// A count that is left out is zero: a server that had the whole prompt in its cache may leave its count out.
fn usage(line: &Value) -> Option<TokenUsage> {
    let count = |name: &str| line.get(name).and_then(Value::as_u64);
    let (input, output) = (count("prompt_eval_count"), count("eval_count"));
    (input.is_some() || output.is_some())
        .then(|| TokenUsage::new(input.unwrap_or_default(), output.unwrap_or_default()))
}
