//! `python_interpreter`: one block of Python, for agents that act by tool calls instead of code.

use crate::schema::{parse_arguments, spec_of};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use smol_core::{
    exec::{ExecError, Executor, Input, Outcome, SandboxSpec},
    tool::{Effect, Tool, ToolError, ToolSpec},
};
use std::sync::Arc;

#[derive(Deserialize, JsonSchema)]
struct Code {
    /// the Python code to run
    code: String,
}

/// The tool `python_interpreter(code)`. Each call gets a new sandbox of the executor, so nothing stays from one
/// call to the next, and no call can reach a tool.
pub struct PythonInterpreter {
    spec: ToolSpec,
    executor: Arc<dyn Executor>,
    authorized_imports: Option<Vec<String>>,
}

impl PythonInterpreter {
    /// Runs code with `executor`, which may import whatever its sandboxes hold.
    pub fn new(executor: Arc<dyn Executor>) -> Self {
        let description = "Runs Python code and returns what it printed and the value of its last expression. \
                           Nothing is kept from earlier calls.";
        let spec = spec_of::<Code, String>("python_interpreter", description);
        let spec = ToolSpec { effect: Effect::Pure, ..spec };
        Self { spec, executor, authorized_imports: None }
    }

    /// Calls the tool something else, such as `exec_python`.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.spec.name = name.into();
        self
    }

    /// Lets code import these modules and their submodules, and no others.
    #[must_use]
    pub fn authorized_imports(mut self, modules: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.authorized_imports = Some(modules.into_iter().map(Into::into).collect());
        self
    }

    /// The report, or what the model is told instead.
    async fn run(&self, code: String) -> Result<Result<String, String>, ExecError> {
        let spec =
            SandboxSpec { authorized_imports: self.authorized_imports.clone(), ..SandboxSpec::default() };
        let mut sandbox = self.executor.open(spec, &|_| ()).await?;
        let mut input = Input::Code(code);
        loop {
            input = match sandbox.feed(input).await? {
                Outcome::Call(call) => {
                    let reply = Err(format!("no tool can be called here, so neither can `{}`", call.name));
                    Input::ToolReply { id: call.id, reply }
                }
                Outcome::Value { text, logs, .. } | Outcome::FinalAnswer { text, logs, .. } => {
                    let shown = if text.is_empty() { "None" } else { &text };
                    return Ok(Ok(format!("Stdout:\n{logs}\nOutput: {shown}")));
                }
                Outcome::Raised { error, logs, .. } => return Ok(Err(format!("Stdout:\n{logs}\n{error}"))),
                Outcome::Lost { reason, logs } => return Ok(Err(format!("Stdout:\n{logs}\n{reason}"))),
            };
        }
    }
}

#[async_trait::async_trait]
impl Tool for PythonInterpreter {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let Code { code } = parse_arguments(arguments)?;
        let report = self.run(code).await.map_err(|error| ToolError(error.to_string()))?;
        report.map(Value::String).map_err(ToolError)
    }

    fn python_source(&self) -> Option<String> {
        (self.spec.name == "python_interpreter")
            .then(|| "from smolagents import PythonInterpreterTool\n".to_owned())
    }
}
