//! What the code that `#[tool]` generates calls. Not an interface: it changes with the macro.
//!
//! Arguments are read one by one rather than through a derived struct, so that a wrong one is named in the
//! error, and so that the user's types meet no item of ours that could bear the same name.

pub use crate::{
    cache::Cache,
    work::{run, run_on_thread},
};
pub use async_trait::async_trait;
pub use futures::future::BoxFuture;
pub use serde_json::Value;
pub use smol_core::tool::{Effect, Tool, ToolError, ToolSpec};

use crate::schema::{output, plain, settings};
use schemars::{JsonSchema, SchemaGenerator};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, json};
use std::convert::Infallible;

/// Gathers the parameters of a function and ends as its spec.
pub struct Signature {
    generator: SchemaGenerator,
    properties: Map<String, Value>,
    required: Vec<&'static str>,
}

impl Default for Signature {
    fn default() -> Self {
        Self::new()
    }
}

impl Signature {
    /// No parameters yet.
    pub fn new() -> Self {
        let generator = settings().for_deserialize().into_generator();
        Self { generator, properties: Map::new(), required: Vec::new() }
    }

    /// A parameter that must be given.
    pub fn required<T: JsonSchema>(mut self, name: &'static str, description: &str) -> Self {
        self.required.push(name);
        self.push::<T>(name, description, None)
    }

    /// A parameter that may be left out or null.
    pub fn optional<T: JsonSchema>(self, name: &str, description: &str) -> Self {
        self.push::<T>(name, description, Some(Value::Null))
    }

    /// A parameter that is `default` when left out.
    pub fn with_default<T: JsonSchema + Serialize>(self, name: &str, description: &str, default: T) -> Self {
        self.push::<T>(name, description, serde_json::to_value(default).ok())
    }

    fn push<T: JsonSchema>(mut self, name: &str, description: &str, default: Option<Value>) -> Self {
        let mut schema = self.generator.subschema_for::<T>();
        if !description.is_empty() {
            schema.insert("description".to_owned(), description.into());
        }
        if let Some(default) = default {
            schema.insert("default".to_owned(), default);
        }
        self.properties.insert(name.to_owned(), plain(schema));
        self
    }

    /// The spec of a function that takes these and gives `T`.
    pub fn spec<T: JsonSchema>(mut self, name: &str, description: &str, effect: Effect) -> ToolSpec {
        let mut input = json!({
            "type": "object",
            "properties": self.properties,
            "required": self.required,
            "additionalProperties": false,
        });
        let definitions = self.generator.take_definitions(true);
        if let (Some(input), false) = (input.as_object_mut(), definitions.is_empty()) {
            input.insert("$defs".to_owned(), definitions.into());
        }
        ToolSpec { input, output: output::<T>(), effect, ..ToolSpec::new(name, description) }
    }
}

/// The arguments of one call.
pub struct Arguments(Map<String, Value>);

impl Arguments {
    /// Arguments are an object.
    pub fn new(arguments: Value) -> Result<Self, ToolError> {
        match arguments {
            Value::Object(arguments) => Ok(Self(arguments)),
            other => {
                Err(ToolError(format!("the arguments must be an object of names and values, not `{other}`")))
            }
        }
    }

    /// Takes one that must be there.
    pub fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, ToolError> {
        let value =
            self.0.remove(name).ok_or_else(|| ToolError(format!("the argument `{name}` is missing")))?;
        serde_json::from_value(value)
            .map_err(|error| ToolError(format!("the argument `{name}` is wrong: {error}")))
    }

    /// Takes one that may be missing.
    pub fn take_or<T: DeserializeOwned>(&mut self, name: &str, default: fn() -> T) -> Result<T, ToolError> {
        if self.0.contains_key(name) { self.take(name) } else { Ok(default()) }
    }

    /// Refuses what is left: a misspelt name would otherwise be dropped in silence.
    pub fn finish(self) -> Result<(), ToolError> {
        match self.0.keys().next() {
            Some(name) => Err(ToolError(format!("there is no argument `{name}`"))),
            None => Ok(()),
        }
    }
}

/// Puts the value of a function that cannot fail beside those that can.
pub fn infallible<T>(value: T) -> Result<T, Infallible> {
    Ok(value)
}
