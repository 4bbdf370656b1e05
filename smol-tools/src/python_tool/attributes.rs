//! The attributes of a tool's class, held to what the original asks of them.

use super::{literal::literal, module::Module, signature::Signature};
use ruff_python_ast::{Expr, StmtClassDef, StmtFunctionDef};
use ruff_python_stdlib::identifiers::is_identifier;
use serde_json::{Map, Value};

/// The types that the original knows.
pub(super) const TYPES: [&str; 10] =
    ["string", "boolean", "integer", "number", "image", "audio", "array", "object", "any", "null"];

/// The literal behind `name`, which every tool needs.
fn required(module: &Module<'_>, class: &StmtClassDef, name: &str, value: Option<&Expr>) -> Option<Value> {
    let Some(value) = value else {
        module.fatal(&class.name, format!("`{}` has no attribute `{name}`", class.name.id));
        return None;
    };
    let found = literal(value);
    if found.is_none() {
        module.fatal(
            value,
            format!("`{name}` is not written out, so it cannot be read without running the code"),
        );
    }
    found
}

/// A required text; empty if it is wrong.
pub(super) fn text(module: &Module<'_>, class: &StmtClassDef, name: &str, value: Option<&Expr>) -> String {
    match (required(module, class, name, value), value) {
        (Some(Value::String(text)), _) => text,
        (Some(other), Some(value)) => {
            module.fatal(value, format!("`{name}` is {other}, and should be a text"));
            String::new()
        }
        _ => String::new(),
    }
}

/// The name, which code must be able to use.
pub(super) fn name(module: &Module<'_>, class: &StmtClassDef, value: Option<&Expr>) -> String {
    let name = text(module, class, "name", value);
    check_name(module, value, &name);
    name
}

fn check_name(module: &Module<'_>, value: Option<&Expr>, name: &str) {
    if let Some(value) = value.filter(|_| !(name.is_empty() || is_identifier(name) && name.is_ascii())) {
        module.fatal(value, format!("`{name}` cannot name a tool: code calls tools by identifiers"));
    }
}

/// The arguments; a text that holds a dictionary is read as one.
pub(super) fn inputs(module: &Module<'_>, class: &StmtClassDef, value: Option<&Expr>) -> Map<String, Value> {
    let found = required(module, class, "inputs", value);
    let (Some(found), Some(value)) = (found, value) else { return Map::new() };
    let found = match found {
        Value::String(text) => ruff_python_parser::parse_expression(&text)
            .ok()
            .and_then(|parsed| literal(parsed.expr()))
            .unwrap_or(Value::String(text)),
        found => found,
    };
    let Value::Object(inputs) = found else {
        module.fatal(value, format!("`inputs` is {found}, and should be a dictionary"));
        return Map::new();
    };
    inputs.iter().for_each(|(name, input)| check_input(module, place(value, name), name, input));
    inputs
}

/// Where an entry of the dictionary stands.
fn place<'a>(value: &'a Expr, name: &str) -> &'a Expr {
    let entry = value.as_dict_expr().and_then(|dict| {
        let keys = dict.items.iter().filter_map(|item| item.key.as_ref());
        keys.into_iter().find(|key| literal(key).is_some_and(|key| key == name))
    });
    entry.unwrap_or(value)
}

fn check_input(module: &Module<'_>, at: &Expr, name: &str, input: &Value) {
    let Value::Object(input) = input else {
        return module.fatal(at, format!("the input `{name}` is {input}, and should be a dictionary"));
    };
    if !input.contains_key("description") {
        module.refused(at, format!("the input `{name}` has no `description`"));
    }
    match input.get("type") {
        None => module.refused(at, format!("the input `{name}` has no `type`")),
        Some(Value::String(kind)) => check_type(module, at, name, kind),
        Some(Value::Array(kinds)) if kinds.iter().all(Value::is_string) => {
            kinds.iter().filter_map(Value::as_str).for_each(|kind| check_type(module, at, name, kind));
        }
        Some(other) => {
            module.fatal(
                at,
                format!("the `type` of the input `{name}` is {other}, and should be a text or texts"),
            );
        }
    }
}

fn check_type(module: &Module<'_>, at: &Expr, name: &str, kind: &str) {
    if !TYPES.contains(&kind) {
        module.refused(at, format!("`{kind}` is no type for the input `{name}`: {}", known_types()));
    }
}

fn known_types() -> String {
    format!("there are `{}`", TYPES.join("`, `"))
}

/// The type of the result. One that is not known counts as `any`.
pub(super) fn output_type(module: &Module<'_>, class: &StmtClassDef, value: Option<&Expr>) -> String {
    let kind = text(module, class, "output_type", value);
    if let Some(value) = value.filter(|_| !kind.is_empty() && !TYPES.contains(&kind.as_str())) {
        module.refused(value, format!("`{kind}` is no `output_type`: {}", known_types()));
    }
    kind
}

/// The schema of the result, which may be missing.
pub(super) fn output_schema(module: &Module<'_>, value: Option<&Expr>) -> Option<Value> {
    let value = value?;
    match literal(value)? {
        Value::Null => None,
        schema @ Value::Object(_) => Some(schema),
        other => {
            module.fatal(value, format!("`output_schema` is {other}, and should be a dictionary"));
            None
        }
    }
}

/// The parameters of `forward` must be the inputs, and both must agree on which may be left out.
pub(super) fn compare(
    module: &Module<'_>,
    forward: &StmtFunctionDef,
    signature: &Signature<'_>,
    inputs: &Map<String, Value>,
) {
    for (name, input) in inputs {
        let Some(parameter) = signature.find(name) else {
            let text = format!("`forward` has no parameter `{name}`, which is one of `inputs`");
            module.note(&forward.name, text, !signature.takes_more);
            continue;
        };
        match (input.get("nullable").is_some(), parameter.is_nullable()) {
            (true, false) => module.refused(
                &parameter.at,
                format!("the input `{name}` is `nullable`, but `forward` neither has a default for it nor takes `None`"),
            ),
            (false, true) => module.refused(
                &parameter.at,
                format!("`forward` may be called without `{name}`, so its input needs `\"nullable\": True`"),
            ),
            _ => {}
        }
    }
    for parameter in signature.parameters.iter().filter(|parameter| !inputs.contains_key(parameter.name)) {
        let text = format!("the parameter `{}` of `forward` is not one of `inputs`", parameter.name);
        module.note(&parameter.at, text, parameter.default.is_none());
    }
}
