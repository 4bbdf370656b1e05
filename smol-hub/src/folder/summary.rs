//! What an agent folder holds, at a glance.

use super::AgentFolder;
use serde::Serialize;
use serde_json::{Map, Value};

/// What `smolagent hub inspect --json` prints of an agent folder; the values are those of its files.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// What a manager calls it.
    pub name: Option<String>,
    /// `CodeAgent` or `ToolCallingAgent`.
    pub class: String,
    /// The names of its tools.
    pub tools: Vec<String>,
    /// The agents that it manages, with their classes.
    pub managed_agents: Map<String, Value>,
    /// The class of its model, and what that is made with.
    pub model: Value,
    /// The names of its prompts.
    pub prompts: Vec<String>,
    /// The modules that its code may import.
    pub authorized_imports: Option<Vec<String>>,
    /// Where its code runs.
    pub executor_type: Option<String>,
    /// How many times the model may act.
    pub max_steps: Option<u32>,
    /// The Python packages that it needs.
    pub requirements: Vec<String>,
}

impl AgentFolder {
    /// What it holds, at a glance. Secrets that somebody wrote into it are left out.
    pub fn summary(&self) -> Summary {
        let file = &self.file;
        let mut data = file.model.data.clone();
        for name in file.model.secrets() {
            data.remove(name);
        }
        let prompts = self.prompts.iter().flat_map(|prompts| prompts.keys());
        Summary {
            name: file.name.clone(),
            class: file.class.clone(),
            tools: file.tools.clone(),
            managed_agents: file.managed_agents.clone(),
            model: serde_json::json!({"class": file.model.class, "data": data}),
            prompts: prompts.map(str::to_owned).collect(),
            authorized_imports: file.authorized_imports.clone(),
            executor_type: file.executor_type.clone(),
            max_steps: file.max_steps,
            requirements: file.requirements.clone(),
        }
    }
}
