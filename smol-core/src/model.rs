//! A model is one method: a stream of deltas for a request. A whole [`Reply`] is a fold over it.

use crate::{
    message::{Message, Opaque, TokenUsage, ToolCall},
    tool::ToolSpec,
};
use futures::{StreamExt, stream::BoxStream};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a model is asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Request {
    /// The conversation so far, system message first.
    pub messages: Vec<Message>,
    /// The reply ends before the first of these.
    pub stop: Vec<String>,
    /// Tools offered by the native tool-calling wire; empty for a code agent.
    pub tools: Vec<ToolSpec>,
    /// The reply must be JSON of this schema. Asked only of models that say they can
    /// ([`ModelInfo::structured_output`]).
    pub schema: Option<Value>,
    /// Whether the reply must call tools.
    #[serde(default, skip_serializing_if = "ToolChoice::is_auto")]
    pub tool_choice: ToolChoice,
    /// How freely the model picks its words, from 0; `None` leaves it to the model's own settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// The longest reply, in tokens; `None` leaves it to the model's own settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
}

/// Whether a reply calls the tools that were offered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ToolChoice {
    /// As the model thinks best.
    #[default]
    Auto,
    /// It calls at least one.
    Required,
    /// It calls none.
    None,
    /// It calls the tool of this name.
    Tool(String),
}

impl ToolChoice {
    fn is_auto(&self) -> bool {
        *self == Self::Auto
    }
}

impl Request {
    /// A request of messages alone.
    pub fn new(messages: Vec<Message>) -> Self {
        Self { messages, ..Self::default() }
    }
}

/// One piece of a reply, as it arrives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Delta {
    /// More of the answer.
    Text(String),
    /// More of the model's reasoning, where its wire shows it apart from the answer.
    Reasoning(String),
    /// More of the tool call at `index`: id and name come once, arguments in pieces of JSON text.
    ToolCall {
        /// The call's place in the reply, from 0.
        index: usize,
        /// The call's id.
        id: Option<String>,
        /// The tool's name.
        name: Option<String>,
        /// The next piece of the arguments' JSON text.
        arguments: String,
    },
    /// Something to be sent back with this turn, untouched ([`Message::opaque`]).
    Opaque(Opaque),
    /// Tokens so far: a later count of the same reply replaces an earlier one.
    Usage(TokenUsage),
    /// Why the reply ended.
    Stop(StopReason),
}

/// Why a reply ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StopReason {
    /// The model had said all, or met a stop sequence.
    #[default]
    End,
    /// The token limit cut it off.
    Length,
    /// It wants tools called.
    ToolCalls,
    /// The service's own word for something else, such as `content_filter`.
    Other(String),
}

/// A whole reply.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The answer's text.
    pub text: String,
    /// The reasoning, where the wire shows it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reasoning: String,
    /// Native tool calls, by index.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// What the service wants back with this turn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opaque: Vec<Opaque>,
    /// Tokens, if the service counts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<TokenUsage>,
    /// Why it ended.
    #[serde(default)]
    pub stop: StopReason,
}

impl Reply {
    /// Adds one piece. The text of tool-call arguments is gathered as a JSON string until [`Reply::finish`].
    pub fn push(&mut self, delta: Delta) {
        match delta {
            Delta::Text(text) => self.text.push_str(&text),
            Delta::Reasoning(text) => self.reasoning.push_str(&text),
            Delta::Opaque(part) => self.opaque.push(part),
            Delta::Usage(usage) => self.usage = Some(usage),
            Delta::Stop(stop) => self.stop = stop,
            Delta::ToolCall { index, id, name, arguments } => {
                // A hostile index must not make us allocate: calls arrive in order, so the next free place is enough.
                let index = index.min(self.tool_calls.len());
                if index == self.tool_calls.len() {
                    let id = format!("call_{index}");
                    self.tool_calls.push(ToolCall {
                        id,
                        name: String::new(),
                        arguments: String::new().into(),
                    });
                }
                let Some(call) = self.tool_calls.get_mut(index) else { return };
                call.id = id.unwrap_or_else(|| std::mem::take(&mut call.id));
                call.name.push_str(&name.unwrap_or_default());
                if let Value::String(text) = &mut call.arguments {
                    text.push_str(&arguments);
                }
            }
        }
    }

    /// Turns gathered arguments into JSON. What does not parse stays a string, for the agent to complain about.
    pub fn finish(mut self) -> Self {
        for call in &mut self.tool_calls {
            if let Value::String(text) = &call.arguments {
                let text = if text.trim().is_empty() { "{}" } else { text };
                if let Ok(parsed) = serde_json::from_str(text) {
                    call.arguments = parsed;
                }
            }
        }
        self
    }
}

/// How a prompt is best put to a model.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Full rules with worked examples in the system message.
    #[default]
    Large,
    /// Few words, and the worked examples as earlier turns: what models under about 3B parameters follow.
    Small,
}

/// What an agent wants to know of a model before it asks. The default is that of an unknown large model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModelInfo {
    /// How to prompt it.
    pub profile: Profile,
    /// Tokens of prompt and reply together that it can hold.
    pub context_window: Option<u64>,
    /// What it costs.
    pub price: Option<Price>,
    /// Whether it keeps to [`Request::schema`].
    pub structured_output: bool,
    /// Whether it sees pictures; `None` where that is not known, and then they are sent.
    pub vision: Option<bool>,
    /// Whether it takes [`crate::message::Part::Audio`].
    pub audio: bool,
    /// Whether it takes [`crate::message::Part::Video`].
    pub video: bool,
}

/// The price of a model's tokens, in US dollars per million.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// Of tokens read.
    pub input: f64,
    /// Of tokens read that the service found in its cache; as others where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input: Option<f64>,
    /// Of tokens written.
    pub output: f64,
}

impl Price {
    /// What these tokens cost, in US dollars.
    pub fn of(&self, usage: TokenUsage) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a count of tokens is far below 2^52")]
        let million = |tokens: u64| tokens as f64 / 1e6;
        let cached = usage.cached_tokens.min(usage.input_tokens);
        self.input * million(usage.input_tokens - cached)
            + self.cached_input.unwrap_or(self.input) * million(cached)
            + self.output * million(usage.output_tokens)
    }
}

/// A source of assistant turns.
pub trait Model: Send + Sync {
    /// The reply to `request`, piece by piece. The stream ends after the last piece or the first error.
    fn stream(&self, request: Request) -> BoxStream<'_, Result<Delta, ModelError>>;

    /// The name people know the model by, as `provider/model`.
    fn id(&self) -> &str {
        "model"
    }

    /// What is known of it.
    fn info(&self) -> ModelInfo {
        ModelInfo::default()
    }

    /// Whether it is known to see pictures.
    fn supports_vision(&self) -> bool {
        self.info().vision == Some(true)
    }
}

/// The whole reply of `model` to `request`.
pub async fn complete(model: &dyn Model, request: Request) -> Result<Reply, ModelError> {
    let mut reply = Reply::default();
    let mut deltas = model.stream(request);
    while let Some(delta) = deltas.next().await {
        reply.push(delta?);
    }
    Ok(reply.finish())
}

/// Why no reply could be had. It ends the run, which stays resumable.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// No connection.
    #[error(
        "could not reach the model server at `{url}`: {cause}\n\nhint: is it running, and is the address right?"
    )]
    Unreachable {
        /// The address asked.
        url: String,
        /// What the network said.
        cause: String,
    },
    /// The service refused, after whatever retries were safe.
    #[error("the model server at `{url}` answered {status}: {message}{}", hint_line(.hint))]
    Status {
        /// The address asked.
        url: String,
        /// The HTTP status.
        status: u16,
        /// What the service said, shortened.
        message: String,
        /// What the user may do.
        hint: String,
    },
    /// Nothing came in time.
    #[error("the model server at `{url}` sent nothing for {seconds} s while waiting for {waiting_for}")]
    Timeout {
        /// The address asked.
        url: String,
        /// The limit that ran out.
        seconds: u64,
        /// What was awaited, such as `the first token`.
        waiting_for: String,
    },
    /// The answer was not what the wire allows, or was cut off.
    #[error(
        "the reply of `{url}` could not be read: {detail}\n\nhint: {received} characters of text had arrived before"
    )]
    Malformed {
        /// The address asked.
        url: String,
        /// What was wrong.
        detail: String,
        /// How much of the answer's text had arrived.
        received: usize,
    },
    /// The model cannot be used as it was named or configured.
    #[error("{message}{}", hint_line(.hint))]
    Setup {
        /// What is wrong, on what.
        message: String,
        /// What the user may do.
        hint: String,
    },
    /// Anything else a model of your own may report.
    #[error("{0}")]
    Other(String),
}

fn hint_line(hint: &str) -> String {
    if hint.is_empty() { String::new() } else { format!("\n\nhint: {hint}") }
}
