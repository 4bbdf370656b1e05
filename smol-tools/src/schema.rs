//! JSON Schema of Rust types, as a model reads it: short, without names for what is used once.

use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use smol_core::tool::{ToolError, ToolSpec};

/// A spec whose arguments are the fields of `I`, and whose result is an `O`: for types that implement
/// [`Tool`](smol_core::tool::Tool).
///
/// ```
/// use schemars::JsonSchema;
/// use smol_core::tool::{Tool, ToolError, ToolSpec};
///
/// #[derive(serde::Deserialize, JsonSchema)]
/// struct Input {
///     /// what is drawn from it
///     maximum: u64,
/// }
///
/// struct Counter(ToolSpec);
///
/// let counter = Counter(smol_tools::spec_of::<Input, u64>("count", "Counts."));
/// assert_eq!(counter.0.input["required"], serde_json::json!(["maximum"]));
/// ```
pub fn spec_of<I: JsonSchema, O: JsonSchema>(
    name: impl Into<String>,
    description: impl Into<String>,
) -> ToolSpec {
    let mut input = settings().for_deserialize().into_generator().into_root_schema_for::<I>();
    // The type's own name and words: the tool has its own.
    input.remove("title");
    input.remove("description");
    input.insert("additionalProperties".to_owned(), false.into());
    let input = with_properties(plain(input));
    ToolSpec { input, output: output::<O>(), ..ToolSpec::new(name, description) }
}

/// The arguments of one call as the type that its spec was made of.
pub fn parse_arguments<I: DeserializeOwned>(arguments: Value) -> Result<I, ToolError> {
    serde_json::from_value(arguments).map_err(|error| ToolError(format!("the arguments are wrong: {error}")))
}

/// Short schemas.
pub(crate) fn settings() -> SchemaSettings {
    SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    })
}

/// The schema of a result.
pub(crate) fn output<T: JsonSchema>() -> Value {
    let mut schema = settings().for_serialize().into_generator().into_root_schema_for::<T>();
    schema.remove("title");
    plain(schema)
}

/// `true`, which allows anything, as the object that the spec calls for.
pub(crate) fn plain(schema: Schema) -> Value {
    if schema.as_bool() == Some(true) { json!({}) } else { schema.to_value() }
}

/// A type without fields has no `properties`, and a tool always does.
fn with_properties(mut input: Value) -> Value {
    if let Some(input) = input.as_object_mut() {
        input.insert("type".to_owned(), "object".into());
        input.entry("properties").or_insert_with(|| json!({}));
    }
    input
}
