//! Whether the arguments of a call fit the tool. The sandbox's own stub binds them (`tools.py` of its guest), and what
//! it would refuse is refused here, no more and no less.

use super::{Lines, reader::PlainCall};
use ruff_python_ast::{Arguments, Expr};
use ruff_text_size::TextSize;
use serde_json::{Map, Value};
use smol_core::{python_name, tool::ToolSpec};
use std::collections::{HashMap, HashSet};

/// What is wrong with the calls of tools, and where. A tool whose name the code binds in any scope is left alone.
pub(super) fn faults(
    calls: &[PlainCall<'_>],
    tools: &HashMap<&str, &ToolSpec>,
    bound: &HashSet<&str>,
    lines: &Lines,
) -> Vec<(TextSize, String)> {
    let checked = calls.iter().filter(|call| call.is_tool && !call.expected.wrong_arguments);
    let checked = checked.filter(|call| !bound.contains(call.name));
    let fault = |call: &PlainCall<'_>| {
        let (tool, arguments) = (tools.get(call.name)?, call.arguments?);
        let parameters = Parameters::of(tool)?;
        let problems = parameters.problems(arguments);
        let (name, usage, line) = (call.name, parameters.usage(), lines.of(call.at));
        let problems = (!problems.is_empty()).then(|| problems.join(", and "))?;
        Some((call.at, format!("`{name}` on line {line} {problems}: use `{name}({usage})`")))
    };
    checked.filter_map(fault).collect()
}

/// A tool's schema, as its stub reads it.
struct Parameters<'a> {
    properties: &'a Map<String, Value>,
    required: Vec<&'a str>,
    takes_more: bool,
}

impl<'a> Parameters<'a> {
    /// None where the schema is not made of parameters.
    fn of(tool: &'a ToolSpec) -> Option<Self> {
        let properties = tool.input.get("properties")?.as_object()?;
        let required = tool.input.get("required").and_then(Value::as_array);
        Some(Self {
            properties,
            required: required.into_iter().flatten().filter_map(Value::as_str).collect(),
            takes_more: tool.input.get("additionalProperties").is_some_and(is_truthy),
        })
    }

    fn problems(&self, arguments: &Arguments) -> Vec<String> {
        let mut problems = Vec::new();
        let is_starred = |argument: &Expr| argument.is_starred_expr();
        let takes = self.properties.len();
        let given = arguments.args.iter().filter(|argument| !is_starred(argument)).count();
        if given > takes {
            problems.push(format!(
                "takes {takes} argument{} but is given {given}",
                if takes == 1 { "" } else { "s" }
            ));
        }
        let placed: Vec<&str> = self.properties.keys().take(given).map(String::as_str).collect();
        let keys: HashMap<String, &str> =
            self.properties.keys().map(|key| (python_name(key), key.as_str())).collect();
        let written = arguments.keywords.iter().filter_map(|keyword| keyword.arg.as_ref());
        let mut named: Vec<&str> = Vec::new();
        for name in written.map(|name| name.id.as_str()) {
            let key = keys.get(name).copied().unwrap_or(name);
            if placed.contains(&key) || named.contains(&key) {
                problems.push(format!("gets two values for the argument `{name}`"));
            } else if !self.properties.contains_key(key) && !self.takes_more {
                problems.push(format!("has no argument `{name}`"));
            }
            named.push(key);
        }
        // Arguments that are unpacked may be any.
        let is_whole =
            !arguments.args.iter().any(is_starred) && arguments.keywords.iter().all(|one| one.arg.is_some());
        let is_given = |name: &str| placed.contains(&name) || named.contains(&name) || self.has_default(name);
        let missing = self.required.iter().filter(|name| is_whole && !is_given(name));
        let missing: Vec<String> = missing.map(|name| format!("`{}`", python_name(name))).collect();
        if !missing.is_empty() {
            let plural = if missing.len() == 1 { "" } else { "s" };
            problems.push(format!("misses the argument{plural} {}", missing.join(", ")));
        }
        problems
    }

    fn has_default(&self, name: &str) -> bool {
        self.properties.get(name).is_some_and(|schema| schema.get("default").is_some())
    }

    fn usage(&self) -> String {
        self.properties.keys().map(|key| python_name(key)).collect::<Vec<_>>().join(", ")
    }
}

/// As Python's `bool`.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(entries) => !entries.is_empty(),
    }
}
