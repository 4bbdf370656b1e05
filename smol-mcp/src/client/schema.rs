//! JSON Schemas of strangers, made such that an agent can check values against them and show them to a model: of
//! bounded size, without references, and without text that is not text.

use super::plain;
use serde_json::{Map, Value, json};

/// Characters of a schema. Some real ones have a few thousand.
const LARGEST: usize = 64 * 1024;
/// Characters of a schema once its references are replaced by what they name: a few can name much.
const LARGEST_INLINED: usize = 4 * LARGEST;
/// Characters of one description in it.
const LONGEST_DESCRIPTION: usize = 1_000;
/// How deep references are followed. What is recursive ends there, as a value of any kind.
const DEEPEST: usize = 12;

/// The schema of a tool's arguments.
pub fn input(schema: &Map<String, Value>) -> Result<Value, String> {
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
    let mut left = LARGEST_INLINED;
    let mut made = inlined(&whole, &whole, 0, &mut left)?;
    if let Some(fields) = made.as_object_mut() {
        for name in ["$defs", "definitions", "$schema", "$id"] {
            fields.shift_remove(name);
        }
    }
    jsonschema::validator_for(&made).map_err(|error| format!("its schema is none: {error}"))?;
    Ok(made)
}

/// `schema` with its references replaced by the parts of `whole` that they name. `left` is how many characters it may
/// still come to.
fn inlined(whole: &Value, schema: &Value, depth: usize, left: &mut usize) -> Result<Value, String> {
    spend(left, 2)?;
    match schema {
        Value::Object(fields) => match fields.get("$ref").and_then(Value::as_str) {
            Some(_) if depth >= DEEPEST => Ok(json!({})),
            Some(reference) => {
                let named = reference.strip_prefix('#').and_then(|pointer| whole.pointer(pointer));
                let unknown = || format!("its schema refers to `{}`", plain(reference, 100));
                let mut made = inlined(whole, named.ok_or_else(unknown)?, depth + 1, left)?;
                // What stands beside a reference, such as a description, is about this place.
                if let Some(made) = made.as_object_mut() {
                    for (name, value) in fields.iter().filter(|(name, _)| *name != "$ref") {
                        made.insert(name.clone(), part(whole, name, value, depth, left)?);
                    }
                }
                Ok(made)
            }
            None => {
                let fields = fields.iter();
                let parts =
                    fields.map(|(name, value)| Ok((name.clone(), part(whole, name, value, depth, left)?)));
                Ok(Value::Object(parts.collect::<Result<_, String>>()?))
            }
        },
        Value::Array(elements) => {
            let elements = elements.iter().map(|element| inlined(whole, element, depth, left));
            Ok(Value::Array(elements.collect::<Result<_, _>>()?))
        }
        other => copied(other, left),
    }
}

/// One field of a schema.
fn part(whole: &Value, name: &str, value: &Value, depth: usize, left: &mut usize) -> Result<Value, String> {
    spend(left, name.len())?;
    match name {
        // Definitions are copied to where they are named; the others are values, and no schemas.
        "$defs" | "definitions" | "const" | "default" | "enum" | "examples" => copied(value, left),
        "description" | "title" if value.is_string() => {
            Ok(plain(value.as_str().unwrap_or_default(), LONGEST_DESCRIPTION).into())
        }
        _ => inlined(whole, value, depth, left),
    }
}

fn copied(value: &Value, left: &mut usize) -> Result<Value, String> {
    spend(left, value.to_string().len())?;
    Ok(value.clone())
}

fn spend(left: &mut usize, size: usize) -> Result<(), String> {
    let too_large = || format!("its schema comes to more than {LARGEST_INLINED} characters");
    *left = left.checked_sub(size).ok_or_else(too_large)?;
    Ok(())
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
        let many = |name: usize| json!({"anyOf": vec![json!({"$ref": format!("#/$defs/{name}")}); 4]});
        let definitions: Map<String, Value> =
            (0..20).map(|number| (number.to_string(), many(number + 1))).collect();
        check(
            json!({"$defs": definitions, "properties": {"a": {"$ref": "#/$defs/0"}}}),
            Err("comes to more than"),
        );
    }
}
