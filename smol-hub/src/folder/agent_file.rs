//! `agent.json`: what an agent is made of.

use crate::HubError;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// The content of an `agent.json`, in the order in which the original writes it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentFile {
    /// `CodeAgent` or `ToolCallingAgent`. Version 1.9 does not say: only code agents have imports.
    #[serde(default)]
    pub class: String,
    /// The names of its tools, each a file of `tools/`.
    #[serde(default, deserialize_with = "tools")]
    pub tools: Vec<String>,
    /// What it asks.
    #[serde(default)]
    pub model: ModelFile,
    /// The agents that it manages, each a folder of `managed_agents/`, with their classes.
    #[serde(default, deserialize_with = "managed")]
    pub managed_agents: Map<String, Value>,
    /// The same as `prompts.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt_templates: Option<Value>,
    /// How many times the model may act.
    #[serde(default)]
    pub max_steps: Option<u32>,
    /// How much the original shows of a run, from -1 (nothing) to 2.
    #[serde(default)]
    pub verbosity_level: Option<i64>,
    /// After how many steps it plans again.
    #[serde(default)]
    pub planning_interval: Option<u32>,
    /// What a manager calls it.
    #[serde(default)]
    pub name: Option<String>,
    /// What it can do.
    #[serde(default)]
    pub description: Option<String>,
    /// The Python packages that its tools need.
    #[serde(default)]
    pub requirements: Vec<String>,
    /// The modules that its code may import; `*` is any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorized_imports: Option<Vec<String>>,
    /// Where its code runs: `local`, `docker`, `e2b`, `modal`, `blaxel`, and in older files `wasm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor_type: Option<String>,
    /// What else the executor is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub executor_kwargs: Option<Value>,
    /// Whatever else there is, such as `max_print_outputs_length`, or the `grammar` of older versions.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

/// A model by its class of the original.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelFile {
    /// Such as `InferenceClientModel`.
    #[serde(default)]
    pub class: String,
    /// What the class is made with, such as `model_id`.
    #[serde(default)]
    pub data: Map<String, Value>,
}

/// What must not be in a file that is shared, by the end of its name.
const SECRETS: [&str; 5] = ["token", "api_key", "password", "secret", "secret_key"];

/// Names that end so and are no secrets.
const NO_SECRETS: [&str; 2] = ["stop_token", "eos_token"];

impl AgentFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`HubError::Format`].
    pub fn read(text: &str) -> Result<Self, HubError> {
        let mut file: Self =
            serde_json::from_str(text).map_err(|cause| HubError::format("agent.json", &cause))?;
        if file.class.is_empty() {
            let class = if file.authorized_imports.is_some() { "CodeAgent" } else { "ToolCallingAgent" };
            class.clone_into(&mut file.class);
        }
        if !matches!(file.class.as_str(), "CodeAgent" | "ToolCallingAgent") {
            let cause = format!(
                "`{}` is no class of agents: there are `CodeAgent` and `ToolCallingAgent`",
                file.class
            );
            return Err(HubError::format("agent.json", &cause));
        }
        Ok(file)
    }

    /// The text of the file.
    pub(super) fn text(&self) -> Result<String, HubError> {
        let mut text = Vec::new();
        let form = serde_json::ser::PrettyFormatter::with_indent(b"    ");
        self.serialize(&mut serde_json::Serializer::with_formatter(&mut text, form))
            .map_err(|cause| HubError::format("agent.json", &cause))?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }
}

impl ModelFile {
    /// The class of the original with the id of one of its models.
    pub fn new(class: impl Into<String>, model_id: impl Into<String>) -> Self {
        let data = Map::from_iter([("model_id".to_owned(), Value::String(model_id.into()))]);
        Self { class: class.into(), data }
    }

    /// The id of the model.
    pub fn model_id(&self) -> Option<&str> {
        self.data.get("model_id")?.as_str()
    }

    /// The names of entries that hold secrets, which the original never writes and people do.
    pub fn secrets(&self) -> Vec<&str> {
        let is_secret = |name: &&str| {
            let name = name.to_ascii_lowercase();
            SECRETS.iter().any(|secret| name == *secret || name.ends_with(&format!("_{secret}")))
                && !NO_SECRETS.contains(&name.as_str())
        };
        let set = self.data.iter().filter(|(_, value)| value.as_str().is_some_and(|value| !value.is_empty()));
        set.map(|(name, _)| name.as_str()).filter(is_secret).collect()
    }
}

/// Names; a dictionary that came from `to_dict()` has whole tools, of which the name counts.
fn tools<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let tools = Vec::<Value>::deserialize(from)?;
    let name = |tool: &Value| {
        let name = tool.as_str().or_else(|| tool.get("name")?.as_str());
        name.map(str::to_owned)
            .ok_or_else(|| serde::de::Error::custom(format!("`tools` holds {tool}, no name")))
    };
    tools.iter().map(name).collect()
}

/// Names with classes; some versions wrote a list where there were none.
fn managed<'de, D: Deserializer<'de>>(from: D) -> Result<Map<String, Value>, D::Error> {
    match Value::deserialize(from)? {
        Value::Object(agents) => Ok(agents),
        Value::Null => Ok(Map::new()),
        Value::Array(agents) if agents.is_empty() => Ok(Map::new()),
        other => Err(serde::de::Error::custom(format!(
            "`managed_agents` is {other}, and should be names with classes"
        ))),
    }
}
