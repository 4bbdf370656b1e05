//! A tool is a spec and one async call. It runs on the host: no sandbox ever sees more of it than its name.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// How long a call may take unless its tool says otherwise: long for a tool, short for somebody who waits for a run.
pub const TIME_LIMIT: Duration = Duration::from_secs(600);

/// What a tool does to the world. Scheduling, approval and resuming read this, never the name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Computes from its arguments alone.
    Pure,
    /// Looks at the world and leaves it as it was.
    #[default]
    Reads,
    /// Changes the world: keeps its place among the calls of one reply, and is never repeated silently.
    Writes,
}

/// What the model is told about a tool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolSpec {
    /// A Python identifier: code calls the tool by it.
    pub name: String,
    /// What it does and when to use it.
    pub description: String,
    /// JSON Schema of the arguments: an object whose `properties`, in order, are the parameters.
    pub input: Value,
    /// JSON Schema of the result; `{}` is anything. A list of objects with `"format": "records"` is for reading: code
    /// prints it as Markdown.
    pub output: Value,
    /// What it does to the world.
    #[serde(default)]
    pub effect: Effect,
    /// Its results may hold what strangers wrote, such as a web page: a policy can keep such text out of calls that
    /// write.
    #[serde(default)]
    pub untrusted: bool,
}

impl ToolSpec {
    /// A tool without arguments whose result may be anything: set the fields that differ.
    pub fn new(name: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: description.into(),
            input: json!({"type": "object", "properties": {}}),
            output: json!({}),
            effect: Effect::default(),
            untrusted: false,
        }
    }
}

/// Why a tool gave no result, in words that the model reads and can act on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ToolError(pub String);

/// Something an agent can do.
#[async_trait::async_trait]
pub trait Tool: Send + Sync {
    /// What the model is told.
    fn spec(&self) -> &ToolSpec;

    /// How long one call may take, after which it is dropped and the model told so; [`TIME_LIMIT`] by default. None: as
    /// long as it needs, as when a person is asked.
    fn time_limit(&self) -> Option<Duration> {
        Some(TIME_LIMIT)
    }

    /// Runs it. `arguments` is a JSON object that was checked against `spec().input`. Whoever calls tools on behalf of a
    /// model does so by [`attempt`](crate::attempt::attempt), which holds them to their limits.
    async fn call(&self, arguments: Value) -> Result<Value, ToolError>;

    /// A tool that remembers from call to call gives each run a fresh one of itself here. None: one serves all runs.
    fn for_run(&self) -> Option<Arc<dyn Tool>> {
        None
    }

    /// The file that makes the same tool for the original's Python, if there is one. An agent whose tools all have one
    /// can be shared as the original's files.
    fn python_source(&self) -> Option<String> {
        None
    }
}
