//! What a run remembers, as typed steps, and how each becomes messages for the model.

use crate::{
    gate::Decision,
    inspect::PossibleCall,
    media::Attachment,
    message::{Media, Message, Part, Role, TokenUsage, ToolCall},
    model::Reply,
    prompt,
    run::Run,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One entry of a run's memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
#[expect(clippy::large_enum_variant, reason = "most entries are actions")]
pub enum MemoryStep {
    /// The rules of the run, with worked examples that the model is shown as earlier turns.
    System(SystemStep),
    /// What the person asked.
    Task(TaskStep),
    /// A plan, made before acting.
    Planning(PlanningStep),
    /// One turn of the agent: a reply, what it did, what came of it.
    Action(ActionStep),
    /// Stands for earlier steps in the eyes of the model, which the run itself still has.
    Summary(SummaryStep),
    /// A word to the model between two steps: what is left of a budget, or what a person says.
    Note(NoteStep),
    /// The answer of a task.
    FinalAnswer(FinalAnswerStep),
}

/// The rules of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SystemStep {
    /// The rendered system prompt.
    pub prompt: String,
    /// Pairs of a task and the reply to it.
    pub examples: Vec<Example>,
}

/// A worked example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// What was asked or observed.
    pub user: String,
    /// The exemplary reply.
    pub assistant: String,
}

/// What a person asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskStep {
    /// The task's text.
    pub task: String,
    /// What the model is told besides: the files, the variables, the form of the answer.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub details: String,
    /// Pictures, recordings and films that belong to it. They are sent with the task and never again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// Values that code finds as variables, and a tool-calling agent may name as arguments.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub variables: Map<String, Value>,
}

/// A plan.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanningStep {
    /// What is to be done, as the model put it. A callback may edit it before it is used.
    pub plan: String,
    /// Tokens it took.
    pub token_usage: TokenUsage,
    /// When the model was asked, in seconds since 1970.
    #[serde(default)]
    pub started: f64,
    /// Seconds it took.
    pub duration: f64,
    /// What went wrong in a callback, if anything did.
    pub error: Option<String>,
}

/// Stands for earlier steps.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SummaryStep {
    /// What the model is told in their place.
    pub text: String,
    /// The entry of the memory, by index, that is the first to be shown again.
    pub until: usize,
    /// Tokens it took.
    pub token_usage: TokenUsage,
}

/// A word to the model between two steps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteStep {
    /// The text; none is shown if it is empty.
    pub text: String,
}

/// The answer of a task.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FinalAnswerStep {
    /// As JSON.
    pub output: Value,
    /// As text.
    pub text: String,
    /// What went wrong in a callback, if anything did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// One turn of the agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ActionStep {
    /// From 1, within its task.
    pub step_number: u32,
    /// What the model said.
    pub reply: Reply,
    /// The Python that was run, if any.
    pub code_action: Option<String>,
    /// The tools that the code names, if it was read before it ran.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub possible_calls: Vec<PossibleCall>,
    /// The tools that were called, from code or from the reply, in order.
    pub tool_calls: Vec<CallRecord>,
    /// The value of the code's last line, as [`crate::exec::Outcome::Value`] says; null if there is none.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub action_output: Value,
    /// What the model is told about the outcome.
    pub observations: String,
    /// Pictures that belong to the observations. A callback may add one, and drop those of earlier steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observation_images: Vec<Media>,
    /// What went wrong, if anything did.
    pub error: Option<String>,
    /// The sandbox was lost: this code left no variables behind and is not replayed.
    #[serde(default)]
    pub sandbox_lost: bool,
    /// What the sandbox's clock said when the code began, in milliseconds since 1970.
    #[serde(default)]
    pub clock: u64,
    /// When the model was asked, in seconds since 1970.
    #[serde(default)]
    pub started: f64,
    /// Seconds spent on the model, the code and its tools.
    pub duration: f64,
}

/// A tool call and, once it is there, its reply.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallRecord {
    /// The call as it was asked for.
    #[serde(flatten)]
    pub call: ToolCall,
    /// Other arguments than those, if a person or policy put them in their place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<Value>,
    /// What a gate decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// When it began, in seconds since 1970. With this and no reply, the run was cut while the tool worked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<f64>,
    /// Seconds it took.
    #[serde(default)]
    pub seconds: f64,
    /// The run of a managed agent, while it is under way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Box<Run>>,
    /// Tokens that a managed agent took for it.
    #[serde(default)]
    pub token_usage: TokenUsage,
    /// The tool's value, or the error the model was shown.
    pub reply: Option<Result<Value, String>>,
}

impl CallRecord {
    pub(crate) fn new(call: ToolCall) -> Self {
        let (edited, decision, timestamp, run, reply) = Default::default();
        let (seconds, token_usage) = Default::default();
        Self { call, edited, decision, timestamp, seconds, run, token_usage, reply }
    }

    /// The call as it is made.
    pub fn made(&self) -> ToolCall {
        let arguments = self.edited.as_ref().unwrap_or(&self.call.arguments).clone();
        ToolCall { arguments, ..self.call.clone() }
    }
}

impl ActionStep {
    /// Whether nothing went wrong.
    pub fn success(&self) -> bool {
        self.error.is_none()
    }

    /// Tokens of this step, those of managed agents it called included; zero if the service does not count.
    pub fn token_usage(&self) -> TokenUsage {
        let managed: TokenUsage = self.tool_calls.iter().map(|record| record.token_usage).sum();
        [self.reply.usage.unwrap_or_default(), managed].into_iter().sum()
    }

    fn to_messages(&self) -> Vec<Message> {
        let mut said = Message::new(Role::Assistant, self.reply.text.clone());
        said.tool_calls.clone_from(&self.reply.tool_calls);
        said.opaque.clone_from(&self.reply.opaque);
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
        if (!answered && !self.observations.is_empty()) || !self.observation_images.is_empty() {
            let mut message = Message::new(Role::User, format!("Observation:\n{}", self.observations));
            message.content.extend(self.observation_images.iter().cloned().map(Part::Image));
            messages.push(message);
        }
        messages
    }
}

impl TaskStep {
    fn to_message(&self) -> Message {
        let mut message = Message::new(Role::User, format!("{}{}", self.task, self.details));
        message.content.extend(self.attachments.iter().map(|attachment| attachment.part.clone()));
        message
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
        let user = |text: String| vec![Message::new(Role::User, text)];
        match self {
            Self::System(SystemStep { prompt, examples }) => {
                let turns = examples.iter().flat_map(|example| {
                    [
                        Message::new(Role::User, &example.user),
                        Message::new(Role::Assistant, &example.assistant),
                    ]
                });
                std::iter::once(Message::new(Role::System, prompt)).chain(turns).collect()
            }
            Self::Task(task) => vec![task.to_message()],
            Self::Planning(step) => {
                vec![Message::new(Role::Assistant, &step.plan), Message::new(Role::User, prompt::CARRY_OUT)]
            }
            Self::Action(step) => step.to_messages(),
            Self::Summary(step) => user(format!("{}\n{}", prompt::SUMMARY, step.text)),
            Self::Note(NoteStep { text }) if text.is_empty() => Vec::new(),
            Self::Note(NoteStep { text }) => user(text.clone()),
            // The reply that gave it has been shown, but not what its variables held.
            Self::FinalAnswer(step) => user(format!("{}\n{}", prompt::ANSWERED, step.text)),
        }
    }

    /// Tokens it took.
    pub fn token_usage(&self) -> TokenUsage {
        match self {
            Self::Action(step) => step.token_usage(),
            Self::Planning(step) => step.token_usage,
            Self::Summary(step) => step.token_usage,
            _ => TokenUsage::default(),
        }
    }
}
