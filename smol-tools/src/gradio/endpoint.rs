//! One function of an app, as a tool's spec.

use super::app::Config;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use smol_core::tool::{Effect, ToolSpec};

/// What `/info` says of a function.
#[derive(Deserialize)]
pub(super) struct Description {
    #[serde(default)]
    parameters: Vec<Described>,
    #[serde(default)]
    returns: Vec<Described>,
    #[serde(default)]
    description: Option<String>,
}

#[derive(Deserialize)]
struct Described {
    #[serde(default)]
    label: Value,
    parameter_name: Option<String>,
    #[serde(default)]
    parameter_has_default: bool,
    #[serde(default)]
    parameter_default: Value,
    #[serde(default, rename = "type")]
    schema: Value,
}

/// A function that can be called.
pub(super) struct Endpoint {
    /// Its number in the app.
    pub(super) id: u64,
    name: String,
    description: String,
    parameters: Vec<Parameter>,
    returns: Vec<Value>,
    /// Which of the inputs and outputs are a session's own, in their order: callers do not see them.
    pub(super) hidden_inputs: Vec<bool>,
    pub(super) hidden_outputs: Vec<bool>,
}

/// Something that it takes.
pub(super) struct Parameter {
    pub(super) name: String,
    /// What it is when left out.
    pub(super) default: Value,
    /// Whether a file goes there.
    pub(super) is_file: bool,
    is_required: bool,
    schema: Value,
    label: String,
}

impl Endpoint {
    /// The function `name`; none if the configuration does not know it.
    pub(super) fn new(name: &str, description: Description, config: &Config) -> Option<Self> {
        let short = name.trim_start_matches('/');
        let mut numbered = config.dependencies.iter().zip(0..);
        let (dependency, place) =
            numbered.find(|(dependency, _)| dependency.api_name.as_str() == Some(short))?;
        let is_state = |id: &Value| {
            config.components.iter().any(|component| component.id == *id && component.kind == "state")
        };
        let parameters =
            description.parameters.into_iter().enumerate().map(|(index, one)| Parameter::new(index, one));
        Some(Self {
            id: dependency.id.unwrap_or(place),
            name: short.to_owned(),
            description: description.description.unwrap_or_default(),
            parameters: parameters.collect(),
            returns: description.returns.into_iter().map(|one| output(one.schema)).collect(),
            hidden_inputs: dependency.inputs.iter().map(is_state).collect(),
            hidden_outputs: dependency.outputs.iter().map(is_state).collect(),
        })
    }

    /// What it takes, in order.
    pub(super) fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The tool's spec, under this name and description.
    pub(super) fn spec(&self, name: Option<&str>, description: Option<&str>) -> ToolSpec {
        let properties: Map<String, Value> =
            self.parameters.iter().map(|parameter| (parameter.name.clone(), parameter.property())).collect();
        let required = self.parameters.iter().filter(|parameter| parameter.is_required);
        let required: Vec<&str> = required.map(|parameter| parameter.name.as_str()).collect();
        let unsaid = || match self.description.as_str() {
            "" => format!("Calls the function `{}` of a Gradio app", self.name),
            said => said.to_owned(),
        };
        let mut spec = ToolSpec::new(
            name.map_or_else(|| identifier(&self.name), str::to_owned),
            description.map_or_else(unsaid, str::to_owned),
        );
        spec.input = json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
        spec.output = match self.returns.as_slice() {
            [one] => one.clone(),
            _ => json!({"type": "array"}),
        };
        // What a stranger's app does, and says, is not known.
        spec.effect = Effect::Writes;
        spec.untrusted = true;
        spec
    }
}

impl Parameter {
    fn new(index: usize, described: Described) -> Self {
        let name = described.parameter_name.unwrap_or_else(|| format!("param_{index}"));
        Self {
            name: identifier(&name),
            default: described.parameter_default,
            is_file: is_file(&described.schema),
            is_required: !described.parameter_has_default,
            schema: described.schema,
            label: described.label.as_str().unwrap_or_default().to_owned(),
        }
    }

    fn property(&self) -> Value {
        // An object may be anything: its schema was written for programs that draw forms.
        let is_object = self.schema.get("type").and_then(Value::as_str) == Some("object");
        let mut property = match &self.schema {
            Value::Object(schema) if !self.is_file && !is_object => schema.clone(),
            _ => Map::new(),
        };
        let said = property.remove("description").and_then(|said| said.as_str().map(str::to_owned));
        let file = self
            .is_file
            .then(|| "a file's path, an address that begins with http, or an image or bytes".to_owned());
        let words: Vec<String> = [Some(self.label.clone()), said, file]
            .into_iter()
            .flatten()
            .filter(|words| !words.is_empty())
            .collect();
        property.insert("description".to_owned(), words.join(": ").into());
        if !self.is_required {
            property.insert("default".to_owned(), self.default.clone());
        }
        property.into()
    }
}

/// Files come out as values of code, which have no schema.
fn output(schema: Value) -> Value {
    if schema.is_object() && !is_file(&schema) && !schema.to_string().contains("gradio.FileData") {
        schema
    } else {
        json!({})
    }
}

/// Whether the app wants a file there: an object that Gradio marks so, or one that holds a path.
fn is_file(schema: &Value) -> bool {
    let is_marked =
        |schema: &Value| schema.get("properties").is_some_and(|fields| fields.get("path").is_some());
    is_marked(schema)
        || schema.get("anyOf").and_then(Value::as_array).is_some_and(|kinds| kinds.iter().any(is_marked))
}

/// A name that code can write.
fn identifier(name: &str) -> String {
    let letters: String =
        name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).collect();
    if letters.starts_with(|first: char| first.is_numeric()) || letters.is_empty() {
        format!("_{letters}")
    } else {
        letters
    }
}
