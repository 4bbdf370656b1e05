//! What a server asks a person.

use async_trait::async_trait;
use serde_json::{Map, Value};

/// Answers what servers ask a person: a terminal, a window, a chat. What is typed goes to a stranger, so whoever shows
/// the question says which server it is from. Closures are such people, too.
#[async_trait]
pub trait Elicit: Send + Sync {
    /// The person's answer. It may take as long as a person needs.
    async fn elicit(&self, question: Elicitation) -> Answer;
}

#[async_trait]
impl<F: Fn(Elicitation) -> Answer + Send + Sync> Elicit for F {
    async fn elicit(&self, question: Elicitation) -> Answer {
        self(question)
    }
}

/// A question to a person.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Elicitation {
    /// The server that asks.
    pub server: String,
    /// What it says.
    pub message: String,
    /// What it wants.
    pub form: Form,
}

impl Elicitation {
    /// A question of this server.
    pub fn new(server: impl Into<String>, message: impl Into<String>, form: Form) -> Self {
        Self { server: server.into(), message: message.into(), form }
    }
}

/// What a server wants of a person.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Form {
    /// An object of this JSON Schema, whose properties are texts, numbers, truths and choices.
    Fields(Value),
    /// That this address be opened in a browser, where the rest happens.
    Url(String),
}

/// What the person says.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// Yes, with these values; those that are left out have the form's defaults. Empty for an address.
    Accept(Map<String, Value>),
    /// No.
    Decline,
    /// Nothing: the person went away.
    Cancel,
}

impl Form {
    /// The answer as the server gets it: with the form's defaults, or what about it does not fit the form.
    pub(super) fn filled(&self, mut values: Map<String, Value>) -> Result<Option<Value>, String> {
        let Self::Fields(schema) = self else { return Ok(None) };
        for (name, field) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if let (None, Some(default)) = (values.get(name), field.get("default")) {
                values.insert(name.clone(), default.clone());
            }
        }
        let values = Value::Object(values);
        let form = jsonschema::validator_for(schema).map_err(|error| format!("the form is none: {error}"))?;
        let fault = form.iter_errors(&values).next().map(|fault| fault.to_string());
        match fault {
            Some(fault) => Err(format!("the answer does not fit the form: {fault}")),
            None => Ok(Some(values)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn answers_have_the_defaults_and_fit_the_form() {
        fn check(values: Value, expect: Result<Option<Value>, &str>) {
            let form = Form::Fields(json!({"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string", "default": "Ann"}, "age": {"type": "integer", "default": 3}}}));
            let values = values.as_object().expect("an object").clone();
            assert_eq!(form.filled(values), expect.map_err(str::to_owned));
        }
        check(json!({}), Ok(Some(json!({"name": "Ann", "age": 3}))));
        check(json!({"name": "Bo", "age": 4}), Ok(Some(json!({"name": "Bo", "age": 4}))));
        check(json!({"age": "x"}), Err("the answer does not fit the form: \"x\" is not of type \"integer\""));
        assert_eq!(Form::Url("https://x".into()).filled(Map::new()), Ok(None));
    }
}
