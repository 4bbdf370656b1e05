//! The original's inputs and outputs as JSON Schema, and back as the text of a class.

use super::{reach::Reach, source::ToolSource};
use serde_json::{Map, Value, json};
use smol_core::tool::{Effect, ToolSpec};

/// Keys of an input that say what JSON Schema says in another way.
const TRANSLATED: [&str; 3] = ["type", "nullable", "required"];

/// What the model is told.
pub(super) fn spec(source: &ToolSource) -> ToolSpec {
    let properties = source.inputs.iter().map(|(name, input)| (name.clone(), property(source, name, input)));
    let required: Vec<&String> = source.inputs.keys().filter(|name| is_required(source, name)).collect();
    let writes = [Reach::Network, Reach::Processes].iter().any(|reach| source.reach.contains(reach));
    ToolSpec {
        input: json!({
            "type": "object",
            "properties": properties.collect::<Map<_, _>>(),
            "required": required,
            "additionalProperties": false,
        }),
        output: source.output_schema.clone().unwrap_or_else(|| output(&source.output_type)),
        effect: if writes { Effect::Writes } else { Effect::Reads },
        untrusted: true,
        ..ToolSpec::new(&source.name, &source.description)
    }
}

fn is_nullable(source: &ToolSource, name: &str) -> bool {
    let said = source.inputs.get(name).and_then(|input| input.get("nullable")).and_then(Value::as_bool);
    said == Some(true)
}

fn is_required(source: &ToolSource, name: &str) -> bool {
    !is_nullable(source, name) && !source.defaults.contains_key(name)
}

fn property(source: &ToolSource, name: &str, input: &Value) -> Value {
    let mut schema = input.get("type").map_or_else(Map::new, |kind| kinds(kind, is_nullable(source, name)));
    let entries = input.as_object().into_iter().flatten();
    let others = entries.filter(|(key, _)| !TRANSLATED.contains(&key.as_str()));
    schema.extend(others.map(|(key, value)| (key.clone(), translated(value))));
    if let Some(default) = source.defaults.get(name) {
        schema.insert("default".to_owned(), default.clone());
    }
    if let Some(Value::Array(choices)) = schema.get_mut("enum").filter(|_| is_nullable(source, name)) {
        choices.push(Value::Null);
    }
    Value::Object(schema)
}

/// Schemas within an input, as of its items, may hold the original's own types too.
fn translated(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(translated).collect(),
        Value::Object(entries) => {
            let kind = entries.get("type").filter(|kind| kind.is_string());
            let mut found = kind.map_or_else(Map::new, |kind| kinds(kind, false));
            let others =
                entries.iter().filter(|(key, _)| kind.is_none() || !TRANSLATED.contains(&key.as_str()));
            found.extend(others.map(|(key, value)| (key.clone(), translated(value))));
            Value::Object(found)
        }
        other => other.clone(),
    }
}

/// The `type` of a schema; none where it may be anything, as pictures and recordings are in transit.
fn kinds(kind: &Value, nullable: bool) -> Map<String, Value> {
    let mut known: Vec<&str> = match kind {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is_plain = |kind: &&str| {
        matches!(*kind, "string" | "boolean" | "integer" | "number" | "array" | "object" | "null")
    };
    if known.is_empty() || !known.iter().all(is_plain) {
        return Map::new();
    }
    if nullable && !known.contains(&"null") {
        known.push("null");
    }
    let kind = match known.as_slice() {
        [one] => json!(one),
        several => json!(several),
    };
    Map::from_iter([("type".to_owned(), kind)])
}

fn output(kind: &str) -> Value {
    Value::Object(kinds(&json!(kind), false))
}

/// A class of the original's kind that calls the function of `source`.
pub(super) fn class(source: &ToolSource, names: &[&str]) -> String {
    let ToolSource { name, description, output_type, .. } = source;
    let parameters: String = names
        .iter()
        .map(|name| match source.defaults.get(*name) {
            Some(default) => format!(", {name}={}", python(default)),
            None if is_nullable(source, name) => format!(", {name}=None"),
            None => format!(", {name}"),
        })
        .collect();
    let arguments: Vec<String> = names.iter().map(|name| format!("{name}={name}")).collect();
    let inputs = python(&Value::Object(source.inputs.clone()));
    let (name_text, description) = (python(&json!(name)), python(&json!(description)));
    format!(
        "from smolagents import Tool\n\n\nclass SimpleTool(Tool):\n    name = {name_text}\n    description = {description}\n    \
         inputs = {inputs}\n    output_type = \"{output_type}\"\n\n    def forward(self{parameters}):\n        \
         return {}({})\n",
        source.class,
        arguments.join(", "),
    )
}

/// A JSON value as Python writes it.
fn python(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Array(items) => format!("[{}]", items.iter().map(python).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", json!(key), python(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
