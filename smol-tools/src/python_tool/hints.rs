//! Type hints as the original turns them into the types of inputs and outputs.

use super::{deeper, literal::literal};
use ruff_python_ast::{Expr, Operator};
use serde_json::{Map, Value, json};

/// Whether a value of this type may be `None`.
pub(super) fn allows_none(hint: &Expr) -> bool {
    deeper(|| match hint {
        Expr::NoneLiteral(_) => true,
        Expr::BinOp(union) if union.op == Operator::BitOr => {
            allows_none(&union.left) || allows_none(&union.right)
        }
        Expr::Subscript(subscript) => match name(&subscript.value) {
            Some("Optional") => true,
            Some("Union" | "Literal") => arguments(&subscript.slice).into_iter().any(allows_none),
            _ => false,
        },
        _ => false,
    })
}

/// The input or output of this type: `type` and what else is known. None: the original would not take the hint.
pub(super) fn schema(hint: &Expr) -> Option<Map<String, Value>> {
    deeper(|| match hint {
        Expr::NoneLiteral(_) => object(json!({"type": "null"})),
        // A hint may be a text, to be read later.
        Expr::StringLiteral(text) => {
            let parsed = ruff_python_parser::parse_expression(text.value.to_str()).ok()?;
            match parsed.expr() {
                Expr::StringLiteral(_) => None,
                inner => schema(inner),
            }
        }
        Expr::BinOp(union) if union.op == Operator::BitOr => {
            let mut members = Vec::new();
            flatten(hint, &mut members);
            self::union(&members)
        }
        Expr::Subscript(subscript) => generic(name(&subscript.value)?, &arguments(&subscript.slice)),
        _ => object(json!({"type": plain(name(hint)?)})),
    })
}

fn object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(entries) => Some(entries),
        _ => None,
    }
}

/// The last name of `typing.Optional`.
fn name(hint: &Expr) -> Option<&str> {
    match hint {
        Expr::Name(name) => Some(&name.id),
        Expr::Attribute(attribute) => Some(&attribute.attr.id),
        _ => None,
    }
}

/// What stands between the brackets.
fn arguments(slice: &Expr) -> Vec<&Expr> {
    match slice {
        Expr::Tuple(tuple) => tuple.elts.iter().collect(),
        one => vec![one],
    }
}

fn flatten<'a>(hint: &'a Expr, members: &mut Vec<&'a Expr>) {
    deeper(|| match hint {
        Expr::BinOp(union) if union.op == Operator::BitOr => {
            flatten(&union.left, members);
            flatten(&union.right, members);
        }
        member => members.push(member),
    });
}

/// A class that has no type of its own counts as an object.
fn plain(name: &str) -> &'static str {
    match name {
        "int" => "integer",
        "float" => "number",
        "str" => "string",
        "bool" => "boolean",
        "list" | "List" | "tuple" | "Tuple" => "array",
        "Any" => "any",
        "Image" => "image",
        "Tensor" => "audio",
        _ => "object",
    }
}

fn generic(name: &str, arguments: &[&Expr]) -> Option<Map<String, Value>> {
    let first = arguments.first().copied()?;
    match name {
        "Optional" => nullable(schema(first)?),
        "Union" => union(arguments),
        "Annotated" => schema(first),
        "Literal" => choices(arguments),
        "list" | "List" => object(json!({"type": "array", "items": schema(first)?})),
        // The original takes neither a tuple of one nor one of any length.
        "tuple" | "Tuple" => {
            let is_fixed =
                arguments.len() > 1 && !arguments.iter().any(|item| item.is_ellipsis_literal_expr());
            let items = arguments.iter().map(|item| schema(item)).collect::<Option<Vec<_>>>();
            object(json!({"type": "array", "prefixItems": items.filter(|_| is_fixed)?}))
        }
        "dict" | "Dict" => match arguments {
            [_, value] => object(json!({"type": "object", "additionalProperties": schema(value)?})),
            _ => object(json!({"type": "object"})),
        },
        _ => None,
    }
}

fn nullable(mut entries: Map<String, Value>) -> Option<Map<String, Value>> {
    entries.insert("nullable".to_owned(), true.into());
    Some(entries)
}

fn union(members: &[&Expr]) -> Option<Map<String, Value>> {
    let others: Vec<&Expr> =
        members.iter().copied().filter(|member| !member.is_none_literal_expr()).collect();
    let schemas = others.iter().map(|member| schema(member)).collect::<Option<Vec<_>>>()?;
    let mut kinds: Vec<&str> = schemas.iter().filter_map(|schema| schema.get("type")?.as_str()).collect();
    let found = match schemas.as_slice() {
        [one] => one.clone(),
        _ if kinds.len() == schemas.len() => {
            kinds.sort_unstable();
            object(json!({"type": kinds}))?
        }
        _ => object(json!({"anyOf": schemas}))?,
    };
    if others.len() < members.len() { nullable(found) } else { Some(found) }
}

fn choices(arguments: &[&Expr]) -> Option<Map<String, Value>> {
    let values = arguments.iter().map(|choice| literal(choice)).collect::<Option<Vec<_>>>()?;
    let (nulls, values): (Vec<_>, Vec<_>) = values.into_iter().partition(Value::is_null);
    let mut kinds: Vec<&str> = values.iter().filter_map(kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let kind = match kinds.as_slice() {
        [one] => json!(one),
        several => json!(several),
    };
    let found = object(json!({"type": kind, "enum": values}))?;
    if nulls.is_empty() { Some(found) } else { nullable(found) }
}

fn kind(value: &Value) -> Option<&'static str> {
    match value {
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) => Some(if number.is_f64() { "number" } else { "integer" }),
        Value::String(_) => Some("string"),
        _ => None,
    }
}
