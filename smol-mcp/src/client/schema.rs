//! JSON Schemas of strangers, made such that an agent can check values against them and show them to a model: of
//! bounded size, without references, and without text that is not text.

use super::plain;
use serde_json::{Map, Value, json};

/// Characters of a schema. Some real ones have a few thousand.
const LARGEST: usize = 64 * 1024;
/// Parts of a schema once its references are replaced by what they name.
const MOST_PARTS: usize = 5_000;
/// Characters of one description in it.
const LONGEST_DESCRIPTION: usize = 1_000;
/// How deep references are followed. What is recursive ends there, as a value of any kind.
const DEEPEST: usize = 12;

/// The schema of a tool's arguments.
pub(super) fn input(schema: &Map<String, Value>) -> Result<Value, String> {
    let mut schema = checked(schema)?;
    if !schema.get("properties").is_some_and(Value::is_object)
        && let Some(fields) = schema.as_object_mut()
    {
        fields.insert("properties".into(), json!({}));
    }
    match schema.get("type") {
        Some(kind) if kind == "object" => Ok(schema),
        Some(kind) => Err(format!("its arguments are {kind}, and not an object")),
        None => {
            schema.as_object_mut().map(|fields| fields.insert("type".into(), "object".into()));
            Ok(schema)
        }
    }
}

/// The schema of a tool's result.
pub(super) fn output(schema: &Map<String, Value>) -> Result<Value, String> {
    checked(schema)
}

fn checked(schema: &Map<String, Value>) -> Result<Value, String> {
    let whole = Value::Object(schema.clone());
    let size = whole.to_string().len();
    if size > LARGEST {
        return Err(format!("its schema has {size} characters, and may have {LARGEST}"));
    }
    let mut parts = 0;
    let mut made = inlined(&whole, &whole, 0, &mut parts)?;
    if let Some(fields) = made.as_object_mut() {
        for name in ["$defs", "definitions", "$schema", "$id"] {
            fields.shift_remove(name);
        }
    }
    jsonschema::validator_for(&made).map_err(|error| format!("its schema is none: {error}"))?;
    Ok(made)
}

/// `schema` with its references replaced by the parts of `whole` that they name.
fn inlined(whole: &Value, schema: &Value, depth: usize, parts: &mut usize) -> Result<Value, String> {
    *parts += 1;
    if *parts > MOST_PARTS {
        return Err(format!("its schema has more than {MOST_PARTS} parts"));
    }
    match schema {
        Value::Object(fields) => match fields.get("$ref").and_then(Value::as_str) {
            Some(_) if depth >= DEEPEST => Ok(json!({})),
            Some(reference) => {
                let named = reference.strip_prefix('#').and_then(|pointer| whole.pointer(pointer));
                let named =
                    named.ok_or_else(|| format!("its schema refers to `{}`", plain(reference, 100)))?;
                let mut made = inlined(whole, named, depth + 1, parts)?;
                // What stands beside a reference, such as a description, is about this place.
                if let Some(made) = made.as_object_mut() {
                    let beside = fields.iter().filter(|(name, _)| *name != "$ref");
                    made.extend(beside.map(|(name, value)| (name.clone(), cleaned(name, value))));
                }
                Ok(made)
            }
            None => {
                let part = |(name, value): (&String, &Value)| {
                    let is_kept = !matches!(name.as_str(), "$defs" | "definitions");
                    let value = if is_kept { inlined(whole, value, depth, parts)? } else { value.clone() };
                    Ok((name.clone(), cleaned(name, &value)))
                };
                Ok(Value::Object(fields.iter().map(part).collect::<Result<_, String>>()?))
            }
        },
        Value::Array(elements) => {
            let elements = elements.iter().map(|element| inlined(whole, element, depth, parts));
            Ok(Value::Array(elements.collect::<Result<_, _>>()?))
        }
        other => Ok(other.clone()),
    }
}

fn cleaned(name: &str, value: &Value) -> Value {
    match value.as_str() {
        Some(text) if name == "description" || name == "title" => plain(text, LONGEST_DESCRIPTION).into(),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(schema: Value, expect: Result<Value, &str>) {
        let made = input(schema.as_object().expect("an object"));
        match (made, expect) {
            (Ok(made), Ok(expect)) => assert_eq!(made, expect),
            (Err(fault), Err(words)) => assert!(fault.contains(words), "{fault}"),
            (made, expect) => panic!("{made:?} is not {expect:?}"),
        }
    }

    #[test]
    fn references_are_replaced_by_what_they_name() {
        check(
            json!({"$defs": {"Unit": {"enum": ["C", "F"]}}, "type": "object",
                "properties": {"unit": {"$ref": "#/$defs/Unit", "description": "The\u{7} unit"}}}),
            Ok(
                json!({"type": "object", "properties": {"unit": {"enum": ["C", "F"], "description": "The unit"}}}),
            ),
        );
        check(json!({}), Ok(json!({"properties": {}, "type": "object"})));
        let recursive = json!({"type": "object", "properties": {"next": {"$ref": "#"}}});
        let made = input(recursive.as_object().expect("an object")).expect("it ends");
        assert!(jsonschema::is_valid(&made, &json!({"next": {"next": {}}})));
        assert!(!made.to_string().contains("$ref"));
    }

    #[test]
    fn what_is_no_schema_is_refused() {
        check(json!({"type": "array"}), Err("not an object"));
        check(json!({"type": "nonsense"}), Err("nonsense"));
        check(json!({"type": "object", "properties": {"a": {"type": 3}}}), Err("its schema is none"));
        check(json!({"properties": {"a": {"$ref": "https://example.org/x.json"}}}), Err("refers to"));
        check(json!({"properties": {"a": {"$ref": "#/nowhere"}}}), Err("refers to"));
        check(json!({"properties": {"a": {"description": "x".repeat(70_000)}}}), Err("characters"));
        let two = |name: &str| json!({"items": [{"$ref": format!("#/$defs/{name}")}, {"$ref": format!("#/$defs/{name}")}]});
        let definitions: Map<String, Value> =
            (0..20).map(|number| (number.to_string(), two(&(number + 1).to_string()))).collect();
        check(json!({"$defs": definitions, "properties": {"a": {"$ref": "#/$defs/0"}}}), Err("parts"));
    }
}
