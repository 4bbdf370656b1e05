//! Where code runs, and with what options.

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use smolagents::{
    exec::{ExecError, Executor},
    executors::ExecutorKind,
};
use std::sync::Arc;

/// Where code runs.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct SandboxArguments {
    /// Where the code runs: wasm, process, docker, jupyter, e2b, modal or blaxel; see `smolagent executors`
    #[arg(long, visible_alias = "executor-type", default_value = "wasm")]
    pub executor: String,
    /// An option of the executor, such as `image=python:3.13` for docker; `smolagent executors` lists them
    #[arg(long = "executor-option", value_name = "NAME=VALUE", value_parser = option)]
    #[serde(default)]
    pub options: Vec<(String, Value)>,
    /// The only modules that code may import, separated by commas [default: all of the standard library]
    #[arg(long, value_delimiter = ',')]
    pub imports: Option<Vec<String>>,
}

impl Default for SandboxArguments {
    fn default() -> Self {
        Self { executor: "wasm".to_owned(), options: Vec::new(), imports: None }
    }
}

impl SandboxArguments {
    /// The executor that they ask for.
    pub fn executor(&self) -> Result<Arc<dyn Executor>, ExecError> {
        let (kind, options) = self.kind()?;
        kind.executor_with(&options)
    }

    /// What kind of executor they ask for, and its options.
    pub fn kind(&self) -> Result<(ExecutorKind, Map<String, Value>), ExecError> {
        let mut options = Map::new();
        for (name, value) in &self.options {
            match options.get_mut(name) {
                // What is given twice is a list.
                Some(Value::Array(values)) => values.push(value.clone()),
                Some(first) => *first = json!([first, value]),
                None => {
                    options.insert(name.clone(), value.clone());
                }
            }
        }
        Ok((self.executor.parse()?, options))
    }
}

/// `NAME=VALUE`, where the value is JSON or else a text.
fn option(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("not of the form `NAME=VALUE`")?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    Ok((name.trim().replace('-', "_"), value))
}
