//! Values that are written out in code, read without running it.

use ruff_python_ast::{Expr, Number, Operator, UnaryOp};
use serde_json::{Map, Value};

/// Deeper literals are not read: whoever drops such a value recurses, too.
const DEEPEST: u32 = 60;

/// The value of a literal as JSON; tuples and sets are lists. None: it is no literal, or none that JSON has.
pub(super) fn literal(expression: &Expr) -> Option<Value> {
    within(expression, DEEPEST)
}

fn within(expression: &Expr, depth: u32) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let list = |items: &[Expr]| items.iter().map(|item| within(item, depth)).collect::<Option<Vec<_>>>();
    match expression {
        Expr::StringLiteral(text) => Some(text.value.to_str().into()),
        Expr::BooleanLiteral(literal) => Some(literal.value.into()),
        Expr::NoneLiteral(_) => Some(Value::Null),
        Expr::NumberLiteral(literal) => number(&literal.value),
        Expr::UnaryOp(operation) if operation.op == UnaryOp::USub => {
            negative(&within(&operation.operand, depth)?)
        }
        Expr::BinOp(operation) if operation.op == Operator::Add => {
            let (left, right) = (within(&operation.left, depth)?, within(&operation.right, depth)?);
            Some(format!("{}{}", left.as_str()?, right.as_str()?).into())
        }
        Expr::List(items) => list(&items.elts).map(Value::Array),
        Expr::Tuple(items) => list(&items.elts).map(Value::Array),
        Expr::Set(items) => list(&items.elts).map(Value::Array),
        Expr::Dict(dict) => {
            let entries =
                dict.items.iter().map(|item| Some((key(item.key.as_ref()?)?, within(&item.value, depth)?)));
            entries.collect::<Option<Map<_, _>>>().map(Value::Object)
        }
        _ => None,
    }
}

/// Whether it is written out, also where JSON has no such value.
pub(super) fn is_literal(expression: &Expr) -> bool {
    matches!(expression, Expr::BytesLiteral(_) | Expr::EllipsisLiteral(_) | Expr::NumberLiteral(_))
        || literal(expression).is_some()
}

fn key(expression: &Expr) -> Option<String> {
    expression.as_string_literal_expr().map(|text| text.value.to_str().to_owned())
}

fn number(number: &Number) -> Option<Value> {
    match number {
        Number::Int(integer) => {
            integer.as_i64().map(Value::from).or_else(|| integer.as_u64().map(Value::from))
        }
        Number::Float(float) => serde_json::Number::from_f64(*float).map(Value::Number),
        Number::Complex { .. } => None,
    }
}

fn negative(value: &Value) -> Option<Value> {
    match value.as_i64() {
        Some(integer) => integer.checked_neg().map(Value::from),
        None => serde_json::Number::from_f64(-value.as_f64()?).map(Value::Number),
    }
}
