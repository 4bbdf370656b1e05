//! What the model reads and writes: messages made of parts, tool calls, token counts.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The rules the agent works under.
    System,
    /// The person, and everything the agent observed.
    User,
    /// The model.
    Assistant,
    /// The reply to one native tool call, named by [`Message::tool_call_id`].
    Tool,
}

/// One piece of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Plain text.
    Text(String),
    /// A picture, for models that can see.
    Image(Media),
    /// A recording, for models that can hear.
    Audio(Media),
    /// A film, for models that can watch one.
    Video(Media),
}

/// Bytes of a known type, or where to fetch them. [`Media::open`] reads a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    /// An address that the model's service fetches by itself.
    Url(String),
    /// The bytes, in base64 with the standard alphabet, as every chat wire carries them.
    Inline {
        /// The media type, such as `image/png`.
        mime: String,
        /// The content.
        base64: String,
    },
}

/// One turn of the conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Who speaks.
    pub role: Role,
    /// What is said, in order.
    pub content: Vec<Part>,
    /// The calls an assistant asked for by its native tool-calling wire.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// For [`Role::Tool`]: the call this replies to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
    /// What the service said in this turn and wants to hear again ([`crate::model::Delta::Opaque`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opaque: Vec<Opaque>,
}

/// A part of a reply that only the wire it came by can read, such as a signed thought: services refuse a tool's result
/// unless the thought that led to the call comes back with it, unchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opaque {
    /// The wire that reads it, such as `anthropic`. All others leave it out.
    pub wire: String,
    /// What it said.
    pub value: Value,
}

impl Message {
    /// A message of one text part.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self {
            role,
            content: vec![Part::Text(text.into())],
            tool_calls: Vec::new(),
            tool_call_id: None,
            opaque: Vec::new(),
        }
    }

    /// The text parts, joined by line breaks.
    pub fn text(&self) -> String {
        let texts = self.content.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }
}

/// A request to run one tool, from the model's reply or from running code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// Names the call within its run; the reply carries it back.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// A JSON object, argument name to value. Anything else is what a model got wrong.
    pub arguments: Value,
}

/// Tokens read and written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUsage {
    /// Tokens of the prompt, cached ones included.
    pub input_tokens: u64,
    /// Tokens the model wrote, its reasoning included.
    pub output_tokens: u64,
    /// How many of the prompt's tokens the service found in its cache.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cached_tokens: u64,
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl TokenUsage {
    /// These counts, with nothing from a cache.
    pub fn new(input_tokens: u64, output_tokens: u64) -> Self {
        Self { input_tokens, output_tokens, cached_tokens: 0 }
    }
}

impl std::iter::Sum for TokenUsage {
    fn sum<I: Iterator<Item = Self>>(usages: I) -> Self {
        usages.fold(Self::default(), |mut sum, usage| {
            sum += usage;
            sum
        })
    }
}

impl std::ops::AddAssign for TokenUsage {
    fn add_assign(&mut self, other: Self) {
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
        self.cached_tokens += other.cached_tokens;
    }
}
