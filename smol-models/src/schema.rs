//! Schemas in the words that a service knows.
//!
//! Services take a part of JSON Schema and refuse the rest. A keyword that only narrows can be left out: the caller
//! checks the result against the whole schema anyway.

use serde_json::{Map, Value, json};

/// Keywords whose value is a schema.
const NESTED: [&str; 3] = ["items", "additionalProperties", "not"];
/// Keywords whose value is a list of schemas.
const LISTS: [&str; 4] = ["anyOf", "oneOf", "allOf", "prefixItems"];
/// Keywords whose value is schemas by name.
const NAMED: [&str; 3] = ["properties", "$defs", "definitions"];

/// What Claude's structured outputs know
/// (<https://platform.claude.com/docs/en/build-with-claude/structured-outputs>).
const CLAUDE: [&str; 17] = [
    "type",
    "title",
    "description",
    "enum",
    "const",
    "default",
    "format",
    "anyOf",
    "allOf",
    "items",
    "properties",
    "required",
    "additionalProperties",
    "$ref",
    "$defs",
    "definitions",
    "examples",
];
/// What Gemini's JSON Schema fields know (<https://ai.google.dev/api/generate-content#GenerationConfig>).
const GEMINI: [&str; 21] = [
    "$id",
    "$defs",
    "$ref",
    "$anchor",
    "type",
    "format",
    "title",
    "description",
    "enum",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "anyOf",
    "oneOf",
    "properties",
    "additionalProperties",
    "required",
    "propertyOrdering",
];

/// A schema for Claude's replies: every object says that it has no other fields.
pub(crate) fn closed(schema: &Value) -> Value {
    rewrite(schema, &|mut schema| {
        if schema.contains_key("properties") || schema.get("type").is_some_and(|kind| kind == "object") {
            schema.insert("additionalProperties".to_owned(), false.into());
        }
        schema.retain(|keyword, _| CLAUDE.contains(&keyword.as_str()));
        schema
    })
}

/// A schema for Gemini, in which a constant is a choice of one.
pub(crate) fn gemini(schema: &Value) -> Value {
    rewrite(schema, &|mut schema| {
        if let Some(constant) = schema.remove("const") {
            schema.insert("enum".to_owned(), json!([constant]));
        }
        schema.retain(|keyword, _| GEMINI.contains(&keyword.as_str()));
        schema
    })
}

/// The schema with `change` made to it and to every schema in it, the inner ones first.
fn rewrite(schema: &Value, change: &dyn Fn(Map<String, Value>) -> Map<String, Value>) -> Value {
    let Some(fields) = schema.as_object() else { return schema.clone() };
    let inner = |(keyword, value): (&String, &Value)| {
        let known = |keywords: &[&str]| keywords.contains(&keyword.as_str());
        let value = match value {
            Value::Object(named) if known(&NAMED) => {
                named.iter().map(|(name, schema)| (name.clone(), rewrite(schema, change))).collect()
            }
            Value::Array(list) if known(&LISTS) => {
                list.iter().map(|schema| rewrite(schema, change)).collect()
            }
            value if known(&NESTED) => rewrite(value, change),
            value => value.clone(),
        };
        (keyword.clone(), value)
    };
    change(fields.iter().map(inner).collect()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_service_does_not_know_is_left_out_at_every_depth() {
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {
                "pattern": {"type": "string", "pattern": "a+"},
                "kind": {"const": "x"},
                "list": {"type": "array", "uniqueItems": true, "items": {"anyOf": [{"type": "object", "minProperties": 1}, {"$ref": "#/$defs/n"}]}},
            },
            "$defs": {"n": {"type": "integer", "minimum": 1, "exclusiveMaximum": 9}},
        });
        let expect = json!({
            "type": "object",
            "properties": {
                "pattern": {"type": "string"},
                "kind": {"enum": ["x"]},
                "list": {"type": "array", "items": {"anyOf": [{"type": "object"}, {"$ref": "#/$defs/n"}]}},
            },
            "$defs": {"n": {"type": "integer", "minimum": 1}},
        });
        assert_eq!(gemini(&schema), expect);
        let expect = json!({
            "type": "object",
            "properties": {
                "pattern": {"type": "string"},
                "kind": {"const": "x"},
                "list": {"type": "array", "items": {"anyOf": [
                    {"type": "object", "additionalProperties": false},
                    {"$ref": "#/$defs/n"},
                ]}},
            },
            "$defs": {"n": {"type": "integer"}},
            "additionalProperties": false,
        });
        assert_eq!(closed(&schema), expect);
        assert_eq!(closed(&json!(true)), json!(true));
    }
}
