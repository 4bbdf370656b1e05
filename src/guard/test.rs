//! What a rule asks of one argument.

use super::glob::Glob;
use serde::Deserialize;
use serde_json::Value;
use std::{fmt, sync::Arc};

/// A test of an argument, or of a part of one. An argument that is not there passes none.
///
/// As data: `{ equals = 3 }`, `{ contains = "x" }` or `{ matches = "*.txt" }`.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Test(Kind);

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Equals(Value),
    Contains(Value),
    Matches(Glob),
    #[serde(skip)]
    Passes(Function),
}

#[derive(Clone)]
struct Function(Arc<dyn Fn(&Value) -> bool + Send + Sync>);

impl fmt::Debug for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a function")
    }
}

impl Test {
    /// It is this value. Numbers are compared as numbers: `3` equals `3.0`.
    pub fn equals(value: impl Into<Value>) -> Self {
        Self(Kind::Equals(value.into()))
    }

    /// It is text with this text in it, a list with this element, or an object with this key.
    pub fn contains(value: impl Into<Value>) -> Self {
        Self(Kind::Contains(value.into()))
    }

    /// It is text of this form, in which `*` is any text.
    pub fn matches(pattern: impl Into<String>) -> Self {
        Self(Kind::Matches(Glob::new(pattern)))
    }

    /// It is what the function says yes to.
    pub fn passes(function: impl Fn(&Value) -> bool + Send + Sync + 'static) -> Self {
        Self(Kind::Passes(Function(Arc::new(function))))
    }

    pub(super) fn holds(&self, value: &Value) -> bool {
        match &self.0 {
            Kind::Equals(wanted) => same(value, wanted),
            Kind::Contains(wanted) => contains(value, wanted),
            Kind::Matches(pattern) => value.as_str().is_some_and(|text| pattern.matches(text)),
            Kind::Passes(Function(function)) => function(value),
        }
    }
}

fn contains(value: &Value, wanted: &Value) -> bool {
    match (value, wanted) {
        (Value::String(text), Value::String(wanted)) => text.contains(wanted),
        (Value::Array(elements), wanted) => elements.iter().any(|element| same(element, wanted)),
        (Value::Object(entries), Value::String(wanted)) => entries.contains_key(wanted),
        _ => false,
    }
}

fn same(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

impl fmt::Display for Test {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Equals(value) => write!(formatter, "is `{value}`"),
            Kind::Contains(value) => write!(formatter, "contains `{value}`"),
            Kind::Matches(pattern) => write!(formatter, "is like `{pattern}`"),
            Kind::Passes(_) => formatter.write_str("passes a test"),
        }
    }
}
