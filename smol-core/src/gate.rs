//! Whoever decides, at the very call, whether a tool is called: a policy, a person, or both.

use crate::{
    inspect::PossibleCall,
    memory::MemoryStep,
    message::ToolCall,
    tool::{Effect, ToolSpec},
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Decides about tool calls. With several gates, the first that minds decides. A managed agent's calls pass the gates
/// of those above it, too.
#[async_trait]
pub trait Gate: Send + Sync {
    /// Asked before each call is made, also in the middle of running code. It may take as long as a person needs.
    /// None: it does not mind. A call that may have happened already is made again only if a gate approves.
    async fn decide(&self, ask: Ask<'_>) -> Option<Decision>;
}

/// What is to be decided.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The agents from the root down to the one that calls, such as `manager/researcher`.
    pub path: &'a str,
    /// The call.
    pub call: &'a ToolCall,
    /// The tool; none if there is no such tool.
    pub tool: Option<&'a ToolSpec>,
    /// All tools and managed agents of the calling agent.
    pub tools: &'a [ToolSpec],
    /// The tool is a managed agent. What it does in turn is asked about in its turn.
    pub is_agent: bool,
    /// The call was begun before the run was cut, and whether it had its effect is not known.
    pub may_have_happened: bool,
    /// All tools that the running block names, as far as it was read before it ran.
    pub possible: &'a [PossibleCall],
    /// What the calling agent's run remembers.
    pub memory: &'a [MemoryStep],
    /// The calls of its step under way, with the replies that are there.
    pub calls: &'a [crate::memory::CallRecord],
}

impl Ask<'_> {
    /// What the call does to the world; of an unknown tool nothing, since it is refused anyway.
    pub fn effect(&self) -> Effect {
        self.tool.map_or(Effect::Pure, |tool| tool.effect)
    }
}

/// What is to become of a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It is made.
    Approve,
    /// It is made with these arguments.
    Edit(Value),
    /// It is not made; the model reads why.
    Refuse(String),
    /// It is not made; this is its result. For a call that did happen, or that a person answers.
    Answer(Value),
    /// Nobody can say yet: the run stops here, and waits for [`crate::run::Run::decide`].
    Wait,
}
