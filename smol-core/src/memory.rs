//! What a run remembers, as typed steps, and how each becomes messages for the model.

use crate::{
    message::{Media, Message, Part, Role, TokenUsage, ToolCall},
    model::Reply,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One entry of a run's memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum MemoryStep {
    /// The rules of the run, with worked examples that the model is shown as earlier turns.
    System {
        /// The rendered system prompt.
        prompt: String,
        /// Pairs of a task and the reply to it.
        examples: Vec<Example>,
    },
    /// What the person asked.
    Task {
        /// The task's text.
        task: String,
        /// Pictures that belong to it.
        images: Vec<Media>,
    },
    /// One turn of the agent: a reply, what it did, what came of it.
    Action(AgentStep),
}

/// A worked example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// What was asked or observed.
    pub user: String,
    /// The exemplary reply.
    pub assistant: String,
}

/// One turn of the agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AgentStep {
    /// From 1, within its task.
    pub step_number: u32,
    /// What the model said.
    pub reply: Reply,
    /// The Python that was run, if any.
    pub code_action: Option<String>,
    /// The tools that were called, from code or from the reply, in order.
    pub tool_calls: Vec<CallRecord>,
    /// What the model is told about the outcome.
    pub observations: String,
    /// What went wrong, if anything did.
    pub error: Option<String>,
    /// The sandbox was lost: this code left no variables behind and is not replayed.
    #[serde(default)]
    pub sandbox_lost: bool,
    /// Seconds spent on the model, the code and its tools.
    pub duration: f64,
}

/// A tool call and, once it is there, its reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallRecord {
    /// The call.
    #[serde(flatten)]
    pub call: ToolCall,
    /// The tool's value, or the error the model was shown.
    pub reply: Option<Result<Value, String>>,
}

impl AgentStep {
    /// Whether nothing went wrong.
    pub fn success(&self) -> bool {
        self.error.is_none()
    }

    /// Tokens of this step; zero if the service does not count.
    pub fn token_usage(&self) -> TokenUsage {
        self.reply.usage.unwrap_or_default()
    }

    fn to_messages(&self) -> Vec<Message> {
        let mut said = Message::new(Role::Assistant, self.reply.text.clone());
        said.tool_calls.clone_from(&self.reply.tool_calls);
        let mut messages = vec![said];
        // Every native call must be answered by id, or services refuse the conversation.
        messages.extend(self.reply.tool_calls.iter().map(|call| {
            let record = self.tool_calls.iter().find(|record| record.call.id == call.id);
            let text = record
                .and_then(|record| record.reply.as_ref())
                .map_or_else(|| "not run".to_owned(), observed);
            Message { tool_call_id: Some(call.id.clone()), ..Message::new(Role::Tool, text) }
        }));
        // Replies to native calls say it all; anything else, and advice on a reply without a call, is an observation.
        let answered = !self.tool_calls.is_empty() && !self.reply.tool_calls.is_empty();
        if !answered && !self.observations.is_empty() {
            messages.push(Message::new(Role::User, format!("Observation:\n{}", self.observations)));
        }
        messages
    }
}

/// How the model reads a tool's reply: text as it is, anything else as JSON.
pub fn observed(reply: &Result<Value, String>) -> String {
    match reply {
        Ok(value) => display(value),
        Err(error) => format!("Error: {error}"),
    }
}

/// Text as it is, anything else as JSON.
pub fn display(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl MemoryStep {
    /// The step as the model is shown it.
    pub fn to_messages(&self) -> Vec<Message> {
        match self {
            Self::System { prompt, examples } => {
                let turns = examples.iter().flat_map(|example| {
                    [
                        Message::new(Role::User, &example.user),
                        Message::new(Role::Assistant, &example.assistant),
                    ]
                });
                std::iter::once(Message::new(Role::System, prompt)).chain(turns).collect()
            }
            Self::Task { task, images } => {
                let mut message = Message::new(Role::User, task);
                message.content.extend(images.iter().cloned().map(Part::Image));
                vec![message]
            }
            Self::Action(step) => step.to_messages(),
        }
    }
}
