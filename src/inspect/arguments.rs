//! Whether the arguments of a call fit the tool. The sandbox's own stub binds them (`tools.py` of its guest), and what
//! it would refuse is refused here, no more and no less.

use super::{Lines, MOST_FAULTS, reader::PlainCall};
use ruff_python_ast::Arguments;
use ruff_text_size::TextSize;
use serde_json::{Map, Value};
use smol_core::{python_name, tool::ToolSpec};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

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
    properties: Cow<'a, Map<String, Value>>,
    required: Vec<&'a str>,
    takes_more: bool,
}

impl<'a> Parameters<'a> {
    /// None where the schema is not made of parameters.
    fn of(tool: &'a ToolSpec) -> Option<Self> {
        let schema = tool.input.as_object()?;
        let properties = match schema.get("properties") {
            None | Some(Value::Null) => Cow::default(),
            Some(properties) => Cow::Borrowed(properties.as_object()?),
        };
        let required = schema.get("required").and_then(Value::as_array);
        Some(Self {
            properties,
            required: required.into_iter().flatten().filter_map(Value::as_str).collect(),
            takes_more: schema.get("additionalProperties").is_some_and(is_truthy),
        })
    }

    fn problems(&self, arguments: &Arguments) -> Vec<String> {
        let given = arguments.args.iter().filter(|argument| !argument.is_starred_expr()).count();
        let placed: HashSet<&str> = self.properties.keys().take(given).map(String::as_str).collect();
        let keys: HashMap<String, &str> =
            self.properties.keys().map(|key| (python_name(key), key.as_str())).collect();
        let written = arguments.keywords.iter().filter_map(|keyword| Some(keyword.arg.as_ref()?.id.as_str()));
        let named: Vec<(&str, &str)> =
            written.map(|name| (name, keys.get(name).copied().unwrap_or(name))).collect();

        let mut problems = Vec::new();
        let takes = self.properties.len();
        if given > takes {
            let plural = if takes == 1 { "" } else { "s" };
            problems.push(format!("takes {takes} argument{plural} but is given {given}"));
        }
        problems.extend(self.misnamed(&placed, &named));
        // Arguments that are unpacked may be any.
        if given == arguments.args.len() && named.len() == arguments.keywords.len() {
            problems.extend(self.missing(&placed, &named));
        }
        problems
    }

    /// `named` is each keyword as it is written, and the argument it stands for.
    fn misnamed<'n>(&self, placed: &HashSet<&str>, named: &[(&'n str, &str)]) -> Vec<String> {
        let mut seen = HashSet::new();
        let problem = |(name, key): &(&'n str, &str)| {
            // The second of two spellings of one argument wins; the same twice is not even Python.
            let is_second = !seen.insert(*name);
            if is_second || placed.contains(key) {
                Some(format!("gets two values for the argument `{name}`"))
            } else {
                let is_taken = self.takes_more || self.properties.contains_key(*key);
                (!is_taken).then(|| format!("has no argument `{name}`"))
            }
        };
        named.iter().filter_map(problem).take(MOST_FAULTS).collect()
    }

    fn missing(&self, placed: &HashSet<&str>, named: &[(&str, &str)]) -> Option<String> {
        let is_given = |name: &str| placed.contains(name) || named.iter().any(|(_, key)| *key == name);
        let missing = self.required.iter().filter(|name| !is_given(name) && !self.has_default(name));
        let missing: Vec<String> = missing.map(|name| format!("`{}`", python_name(name))).collect();
        let plural = if missing.len() == 1 { "" } else { "s" };
        (!missing.is_empty()).then(|| format!("misses the argument{plural} {}", missing.join(", ")))
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
