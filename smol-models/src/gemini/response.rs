//! What comes back: a whole reply, or the chunks of a stream, which have the same shape, as deltas.

use super::WIRE;
use crate::{
    dialect::{Events, Heard, WireError},
    placed::Places,
    remote::refusal,
    sse::Event,
};
use serde_json::{Value, json};
use smol_core::{
    message::TokenUsage,
    model::{Delta, StopReason},
};

/// The status of a prompt that the service will not read.
const BLOCKED: u16 = 400;

/// The deltas of a whole reply's body.
pub(super) fn response(body: &Value) -> Result<Vec<Delta>, WireError> {
    let deltas = Chunks::default().read(body)?;
    match body.get("candidates") {
        None => Err(WireError::unreadable("there are no `candidates`", &body.to_string())),
        Some(_) => Ok(deltas),
    }
}

/// Reads the chunks of one streamed reply.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    places: Places,
    /// How many calls there were.
    calls: usize,
}

impl Events for Chunks {
    fn event(&mut self, event: &Event) -> Result<Heard, WireError> {
        let unreadable = |error| WireError::unreadable(error, &event.data);
        let chunk = serde_json::from_str(&event.data).map_err(unreadable)?;
        self.read(&chunk).map(Heard::Deltas)
    }
}

impl Chunks {
    fn read(&mut self, body: &Value) -> Result<Vec<Delta>, WireError> {
        if let Some((status, message)) = refusal(body).or_else(|| blocked(body)) {
            return Err(WireError::Refused { status, message });
        }
        let candidate = body.pointer("/candidates/0").unwrap_or_default();
        let parts = candidate.pointer("/content/parts").and_then(Value::as_array).into_iter().flatten();
        let reply = body.get("responseId").and_then(Value::as_str).unwrap_or_default();
        let mut deltas: Vec<Delta> = parts.flat_map(|part| self.part(part, reply)).collect();
        deltas.extend(body.get("usageMetadata").and_then(usage));
        let reason = candidate.get("finishReason").and_then(Value::as_str);
        deltas.extend(reason.map(|reason| Delta::Stop(self.stop(reason))));
        Ok(deltas)
    }

    fn part(&mut self, part: &Value, reply: &str) -> Vec<Delta> {
        let signature = part.get("thoughtSignature").filter(|signature| !signature.is_null());
        let text = part.get("text").and_then(Value::as_str);
        let is_thought = part.get("thought") == Some(&Value::Bool(true));
        if let Some(call) = part.get("functionCall") {
            return self.call(call, signature, reply);
        }
        match text {
            Some(text) if is_thought => {
                let thought = (!text.is_empty()).then(|| Delta::Reasoning(text.to_owned()));
                let kept = signature.map(|_| self.places.keep(WIRE, part.clone()));
                thought.into_iter().chain(kept).collect()
            }
            Some(text) => {
                let said = self.places.text(text);
                let kept = signature.map(|_| self.places.keep_instead(WIRE, text.len(), part.clone()));
                said.into_iter().chain(kept).collect()
            }
            None if part.is_object() => vec![self.places.keep(WIRE, part.clone())],
            None => Vec::new(),
        }
    }

    /// A call comes whole. One without an id is named after the reply, so that no two of a conversation are alike.
    fn call(&mut self, call: &Value, signature: Option<&Value>, reply: &str) -> Vec<Delta> {
        let index = self.places.call();
        self.calls += 1;
        let said = |name: &str| {
            let text = call.get(name).and_then(Value::as_str).unwrap_or_default();
            Some(text.to_owned()).filter(|text| !text.is_empty())
        };
        let made_up = (!reply.is_empty()).then(|| format!("{reply}_{index}"));
        let arguments =
            call.get("args").filter(|args| !args.is_null()).map(Value::to_string).unwrap_or_default();
        let asked = Delta::ToolCall { index, id: said("id").or(made_up), name: said("name"), arguments };
        let kept = signature
            .map(|signature| self.places.keep(WIRE, json!({"call": index, "thoughtSignature": signature})));
        std::iter::once(asked).chain(kept).collect()
    }

    /// The service says that it stopped, whether it wants tools called or not.
    fn stop(&self, reason: &str) -> StopReason {
        match reason {
            "STOP" | "FUNCTION_CALL" if self.calls > 0 => StopReason::ToolCalls,
            "STOP" => StopReason::End,
            "MAX_TOKENS" => StopReason::Length,
            other => StopReason::Other(other.to_owned()),
        }
    }
}

/// Why the service will not read the prompt, if so.
fn blocked(body: &Value) -> Option<(Option<u16>, String)> {
    let reason = body.pointer("/promptFeedback/blockReason")?.as_str()?;
    let more = body.pointer("/promptFeedback/blockReasonMessage").and_then(Value::as_str);
    let more = more.map(|more| format!(": {more}")).unwrap_or_default();
    Some((Some(BLOCKED), crate::remote::shorten(&format!("the prompt was blocked (`{reason}`){more}"))))
}

/// Thoughts are counted apart from the answer, and results of the service's own tools apart from the prompt.
fn usage(usage: &Value) -> Option<Delta> {
    let count = |name: &str| usage.get(name).and_then(Value::as_u64);
    let sum = |one: &str, other: &str| count(one).unwrap_or(0).saturating_add(count(other).unwrap_or(0));
    let input = count("promptTokenCount").map(|_| sum("promptTokenCount", "toolUsePromptTokenCount"))?;
    let counted = TokenUsage::new(input, sum("candidatesTokenCount", "thoughtsTokenCount"));
    Some(Delta::Usage(TokenUsage { cached_tokens: count("cachedContentTokenCount").unwrap_or(0), ..counted }))
}
