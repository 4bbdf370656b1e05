//! Something shared, put to the test: its sources against the original's rules, its tools and examples in a sandbox.
//!
//! Examples lie in `examples.json`, a list of calls: `[{"tool": "celsius", "arguments": {"fahrenheit": 212}, "result": 100}]`.
//! Of a tool alone the name may be left out; without a `result` any will do.

use super::{LoadedAgent, LoadedTool, ShareError, tool::Source};
use serde::Deserialize;
use serde_json::{Map, Value};
use smol_core::{
    exec::Executor,
    tool::{Tool, ToolError},
};
use smol_hub::{HubError, folder::Files};
use smol_tools::PythonTool;
use std::sync::Arc;

/// The file of examples.
const EXAMPLES: &str = "examples.json";

/// A call that shows what a tool does.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Example {
    /// The tool; of a tool alone it may be left out.
    pub tool: Option<String>,
    /// What it is called with.
    #[serde(default)]
    pub arguments: Map<String, Value>,
    /// What it must give, if that is said.
    pub result: Option<Value>,
}

/// What came of one look.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// What was looked at.
    pub subject: String,
    /// What is wrong with it; none if it is good.
    pub fault: Option<String>,
}

impl LoadedTool {
    /// Its examples.
    ///
    /// # Errors
    /// [`ShareError::Hub`] where `examples.json` is broken.
    pub fn examples(&self) -> Result<Vec<Example>, ShareError> {
        examples(&self.folder.others)
    }

    /// Puts it to the test, in sandboxes of `executor`.
    ///
    /// # Errors
    /// [`ShareError::Hub`] where `examples.json` is broken.
    pub async fn check(&self, executor: &Arc<dyn Executor>) -> Result<Vec<Verdict>, ShareError> {
        check(&[("tool.py".to_owned(), &self.source)], &self.examples()?, executor).await
    }
}

impl LoadedAgent {
    /// Its examples, which are calls of its tools.
    ///
    /// # Errors
    /// [`ShareError::Hub`] where `examples.json` is broken.
    pub fn examples(&self) -> Result<Vec<Example>, ShareError> {
        examples(&self.folder().others)
    }

    /// Puts its tools to the test, in sandboxes of `executor`.
    ///
    /// # Errors
    /// [`ShareError::Hub`] where `examples.json` is broken.
    pub async fn check(&self, executor: &Arc<dyn Executor>) -> Result<Vec<Verdict>, ShareError> {
        check(&self.sources(), &self.examples()?, executor).await
    }
}

fn examples(files: &Files) -> Result<Vec<Example>, ShareError> {
    let Some(text) = files.text(EXAMPLES)? else { return Ok(Vec::new()) };
    let wrong =
        |cause: serde_json::Error| HubError::Format { file: EXAMPLES.to_owned(), cause: cause.to_string() };
    Ok(serde_json::from_str(text).map_err(wrong)?)
}

async fn check(
    sources: &[(String, &Source)],
    examples: &[Example],
    executor: &Arc<dyn Executor>,
) -> Result<Vec<Verdict>, ShareError> {
    let mut verdicts = Vec::new();
    for (file, source) in sources {
        let Source::Python(source) = source else { continue };
        let rules = source
            .faults
            .iter()
            .map(|fault| Verdict { subject: file.clone(), fault: Some(fault.to_string()) });
        verdicts.extend(rules);
        let tool = PythonTool::new((**source).clone(), executor.clone());
        verdicts.push(verdict(format!("{file} makes `{}`", source.name), tool.make().await));
        for example in examples.iter().filter(|example| example.is_of(&source.name, sources.len())) {
            let subject = format!("{}({})", source.name, Value::Object(example.arguments.clone()));
            verdicts.push(verdict(subject, example.run(&tool).await));
        }
    }
    Ok(verdicts)
}

fn verdict(subject: String, outcome: Result<(), ToolError>) -> Verdict {
    Verdict { subject, fault: outcome.err().map(|error| error.0) }
}

impl Example {
    fn is_of(&self, tool: &str, tools: usize) -> bool {
        self.tool.as_deref().map_or(tools == 1, |name| name == tool)
    }

    async fn run(&self, tool: &PythonTool) -> Result<(), ToolError> {
        let found = tool.call(Value::Object(self.arguments.clone())).await?;
        match &self.result {
            Some(expected) if !is_same(expected, &found) => {
                Err(ToolError(format!("it gave {found}, and should give {expected}")))
            }
            _ => Ok(()),
        }
    }
}

/// Whether two values are the same; `100` and `100.0` are.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(two)) => {
            one.len() == two.len()
                && one.iter().all(|(key, value)| two.get(key).is_some_and(|other| is_same(value, other)))
        }
        (one, other) => one == other,
    }
}
