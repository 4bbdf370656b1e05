//! A tool of LangChain's as one of ours. Its Python runs in a confined worker process, out of a virtual environment that
//! holds LangChain; here it is known by its name, description and schema, which LangChain itself tells.
//!
//! ```text
//! python3 -m venv venv && venv/bin/pip install langchain-core
//! cargo run --example langchain_tool --features process -- venv/bin/python3
//! ```
//!
//! A package of LangChain's, such as `langchain_community.tools`, is used in the same way: its import is the source.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use anyhow::{Context, bail};
use async_trait::async_trait;
use serde_json::{Value, json};
use smolagents::{
    exec::{Executor, Input, Outcome, SandboxSpec},
    executors::Process,
    models::scripted::{ScriptedModel, text},
    prelude::*,
    tool::{ToolError, ToolSpec},
};

/// What makes the tool; its last line names it `langchain_tool`.
const SOURCE: &str = r#"
from langchain_core.tools import tool

@tool
def count_letter(word: str, letter: str = "r") -> int:
    """Counts how often a letter is in a word."""
    return word.count(letter)

langchain_tool = count_letter
"#;

/// Has LangChain describe it.
const DESCRIBE: &str = r"
import json
json.dumps({
    'name': langchain_tool.name,
    'description': langchain_tool.description,
    'input': langchain_tool.get_input_schema().model_json_schema(),
})
";

/// A tool of LangChain's, run anew for each call, so that nothing stays between them.
struct LangChainTool {
    spec: ToolSpec,
    source: String,
    executor: Process,
}

impl LangChainTool {
    async fn new(executor: Process, source: &str) -> anyhow::Result<Self> {
        let described = run(&executor, &format!("{source}\n{DESCRIBE}")).await?;
        let described: Value = serde_json::from_str(described.as_str().context("no description")?)?;
        let part = |name: &str| described.get(name).cloned().unwrap_or_default();
        let said = |name: &str| part(name).as_str().unwrap_or_default().to_owned();
        let mut spec = ToolSpec::new(said("name"), said("description"));
        spec.input = part("input");
        spec.untrusted = true;
        Ok(Self { spec, source: source.to_owned(), executor })
    }
}

#[async_trait]
impl Tool for LangChainTool {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        // A text of JSON in a text of JSON is also a text of Python.
        let arguments = json!(arguments.to_string());
        let code = format!("{}\nimport json\nlangchain_tool.invoke(json.loads({arguments}))", self.source);
        run(&self.executor, &code).await.map_err(|error| ToolError(error.to_string()))
    }
}

/// The value of the last expression of `code`.
async fn run(executor: &Process, code: &str) -> anyhow::Result<Value> {
    let mut sandbox = executor.open(SandboxSpec::default(), &|_| ()).await?;
    match sandbox.feed(Input::Code(code.to_owned())).await? {
        Outcome::Value { value, .. } => Ok(value),
        Outcome::Raised { error, .. } => bail!("{error}"),
        other => bail!("the code did not end: {other:?}"),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let python =
        std::env::args().nth(1).context("say which Python has LangChain, such as `venv/bin/python3`")?;
    let tool = LangChainTool::new(Process::new().python(python), SOURCE).await?;
    println!("{}: {}", tool.spec.name, tool.spec.description);

    // In the place of a real model.
    let model = ScriptedModel::new([text(
        "Thought: I count.\n<code>final_answer(count_letter(word='strawberry'))</code>",
    )]);
    let agent = CodeAgent::builder(model).tool(tool).build()?;
    let result = agent.run("How often is the letter r in strawberry?").await?;
    println!("{}", result.output);
    Ok(())
}
