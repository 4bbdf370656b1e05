//! A tool as Python code sees it: a function signature with a docstring, made from JSON Schema.

use crate::tool::ToolSpec;
use serde_json::Value;
use std::fmt::Write;

const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Whether Python code can use `name`. Only ASCII: look-alike letters would be normalised to another name.
pub(crate) fn is_identifier(name: &str) -> bool {
    let starts_well = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let all = name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    starts_well && all && !KEYWORDS.contains(&name)
}

/// How code writes an argument whose name is no identifier: `from` as `from_`, `max-results` as `max_results`. The
/// guest of a sandbox maps it back by the same rule.
pub fn python_name(key: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '_' };
    let mut name: String = key.chars().map(letter).collect();
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    if KEYWORDS.contains(&name.as_str()) { name + "_" } else { name }
}

/// `def name(query: str, limit: int = 10) -> list[str]:` and its docstring.
pub(crate) fn python_signature(tool: &ToolSpec) -> String {
    let properties = tool.input.get("properties").and_then(Value::as_object);
    let properties: Vec<(&String, &Value)> = properties.into_iter().flatten().collect();
    let required = |name: &str| {
        let names = tool.input.get("required").and_then(Value::as_array);
        names.is_some_and(|names| names.iter().any(|required| required == name))
    };
    let parameters = properties.iter().map(|(name, schema)| {
        let default = schema.get("default").map_or_else(|| "None".to_owned(), python_literal);
        let default = if required(name) { String::new() } else { format!(" = {default}") };
        format!("{}: {}{default}", python_name(name), python_type(schema))
    });
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    let mut text = format!("def {}({parameters}) -> {}:\n", tool.name, python_type(&tool.output));
    text.push_str(&indent(&docstring(tool, &properties)));
    text
}

fn docstring(tool: &ToolSpec, properties: &[(&String, &Value)]) -> String {
    let mut text = format!("\"\"\"{}\n", tool.description.trim().replace("\"\"\"", "'''"));
    let described =
        properties.iter().filter_map(|(name, schema)| Some((name, schema.get("description")?.as_str()?)));
    let described: Vec<String> =
        described.map(|(name, words)| format!("    {}: {words}\n", python_name(name))).collect();
    if !described.is_empty() {
        let _ = write!(text, "\nArgs:\n{}", described.concat());
    }
    if tool.output.pointer("/properties").or(tool.output.pointer("/items/properties")).is_some() {
        let _ = write!(text, "\nReturns a value of this JSON Schema: {}\n", tool.output);
    }
    text + "\"\"\""
}

fn indent(text: &str) -> String {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!("    {line}") });
    lines.collect::<Vec<_>>().join("\n")
}

fn python_type(schema: &Value) -> String {
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        let choices: Vec<String> = choices.iter().map(python_literal).collect();
        return format!("Literal[{}]", choices.join(", "));
    }
    let alternatives = schema.get("anyOf").or(schema.get("oneOf")).and_then(Value::as_array);
    if let Some(alternatives) = alternatives {
        return alternatives.iter().map(python_type).collect::<Vec<_>>().join(" | ");
    }
    match schema.get("type") {
        Some(Value::String(kind)) => named_type(kind, schema),
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(|kind| Some(named_type(kind.as_str()?, schema)))
            .collect::<Vec<_>>()
            .join(" | "),
        _ if schema.get("$ref").is_some() => "dict".to_owned(),
        _ => "Any".to_owned(),
    }
}

fn named_type(kind: &str, schema: &Value) -> String {
    match kind {
        "string" => "str".to_owned(),
        "integer" => "int".to_owned(),
        "number" => "float".to_owned(),
        "boolean" => "bool".to_owned(),
        "null" => "None".to_owned(),
        "object" => "dict".to_owned(),
        "array" => schema
            .get("items")
            .map_or_else(|| "list".to_owned(), |items| format!("list[{}]", python_type(items))),
        _ => "Any".to_owned(),
    }
}

/// Python that gives each of these variables its value; empty for none.
pub(crate) fn assignments(variables: &serde_json::Map<String, Value>) -> String {
    variables.iter().map(|(name, value)| format!("{name} = {}\n", python_literal(value))).collect()
}

/// A name for a tool, made of any text: `Financial Analyst` as `Financial_Analyst`.
pub(crate) fn identifier(name: &str) -> String {
    python_name(name.trim())
}

/// A JSON value in Python's spelling.
fn python_literal(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(python_literal).collect::<Vec<_>>().join(", "))
        }
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), python_literal(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
