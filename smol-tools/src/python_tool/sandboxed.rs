//! A tool of Python source, at work in a sandbox.

use super::source::ToolSource;
use serde_json::{Value, json};
use smol_core::{
    exec::{ExecError, Executor, Input, Outcome, Sandbox, SandboxSpec},
    tool::{Tool, ToolError, ToolSpec},
};
use std::{sync::Arc, time::Duration};
use tokio::sync::Mutex;

/// What is fed first: the package `smolagents` and the tool, which the host hands over as the value of `given()`.
const FIRST: &str = concat!(include_str!("runner.py"), "\n\nprovide()\n_made = load(**given())\nNone\n");

/// What is fed for each call.
const CALL: &str = "use(_made, **given())";

/// The tool by which code in the sandbox gets what the host hands over.
const GIVEN: &str = "given";

/// A tool made of the original's `tool.py`. Its code runs in a sandbox of its own, of the executor it is given: opened by
/// the first call, kept for the calls that follow (so what the tool remembers is there), and replaced if it is lost. Each
/// run of an agent has its own.
///
/// Arguments and results travel as sandboxes send values: JSON, with pictures, bytes and the like tagged. What the tool
/// prints is shown only where it fails.
///
/// ```
/// use smol_tools::{PythonTool, ToolSource};
/// # use smol_core::{exec::Executor, tool::Tool};
/// # use std::sync::Arc;
///
/// # fn example(executor: Arc<dyn Executor>) -> Result<(), Box<dyn std::error::Error>> {
/// let source = ToolSource::read(
///     "from smolagents import tool
///
/// @tool
/// def shout(text: str) -> str:
///     '''Says it louder.
///
///     Args:
///         text: What to say.
///     '''
///     return text.upper() + '!'
/// ",
/// )?;
/// assert_eq!(source.inputs["text"]["type"], "string");
/// let shout = PythonTool::new(source, executor);
/// assert_eq!(shout.spec().name, "shout");
/// # Ok(())
/// # }
/// ```
pub struct PythonTool {
    source: Arc<ToolSource>,
    spec: ToolSpec,
    executor: Arc<dyn Executor>,
    timeout: Option<Duration>,
    sandbox: Mutex<Option<Box<dyn Sandbox>>>,
}

impl PythonTool {
    /// Makes a tool of `source`, whose code `executor` will run.
    pub fn new(source: ToolSource, executor: Arc<dyn Executor>) -> Self {
        let spec = source.spec();
        Self { source: Arc::new(source), spec, executor, timeout: None, sandbox: Mutex::default() }
    }

    /// Sets how long one call may take. Otherwise it is the executor's limit for one block.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// What it was made of.
    pub fn source(&self) -> &ToolSource {
        &self.source
    }

    /// Makes the tool in its sandbox without calling it, which shows whether it can be made.
    ///
    /// # Errors
    /// What its code raised, or why there is no sandbox.
    pub async fn make(&self) -> Result<(), ToolError> {
        let mut place = self.sandbox.lock().await;
        let opened = self.open().await.map_err(|error| ToolError(error.to_string()))?;
        *place = Some(opened.map_err(ToolError)?);
        Ok(())
    }

    /// A sandbox that holds the tool.
    async fn open(&self) -> Result<Result<Box<dyn Sandbox>, String>, ExecError> {
        let spec = SandboxSpec {
            tools: vec![ToolSpec::new(GIVEN, "What the host hands over.")],
            time_per_block: self.timeout,
            ..SandboxSpec::default()
        };
        let mut sandbox = self.executor.open(spec, &|_| ()).await?;
        let given = json!({"source": self.source.code, "name": self.source.class});
        let opened = feed(&mut *sandbox, FIRST, given).await?;
        Ok(opened.map(|_| sandbox).map_err(|end| self.explained(end.text)))
    }

    /// A package that is missing is not the model's to mend, and may be had elsewhere.
    fn explained(&self, mut error: String) -> String {
        if error.contains("ModuleNotFoundError") && !self.source.imports.is_empty() {
            let needed =
                self.source.imports.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            error += &format!(
                "\n\nhint: `{}` imports {needed}; the executors `process` and `docker` can have packages",
                self.spec.name
            );
        }
        error
    }

    /// One call. A lost sandbox is not kept.
    async fn work(&self, arguments: Value) -> Result<Result<Value, String>, ExecError> {
        let mut place = self.sandbox.lock().await;
        // Taken out while it works: if this future is dropped meanwhile, the sandbox goes with it.
        let mut sandbox = match place.take() {
            Some(sandbox) => sandbox,
            None => match self.open().await? {
                Ok(sandbox) => sandbox,
                Err(text) => {
                    return Ok(Err(format!("the tool `{}` could not be made:\n{text}", self.source.name)));
                }
            },
        };
        let given = json!({"output_type": self.source.output_type, "arguments": arguments});
        let ended = feed(&mut *sandbox, CALL, given).await?;
        if !matches!(&ended, Err(Failed { is_lost: true, .. })) {
            *place = Some(sandbox);
        }
        Ok(ended.map_err(|failed| self.explained(failed.text)))
    }
}

/// Why a block gave no value.
struct Failed {
    text: String,
    is_lost: bool,
}

/// Runs a block, which is handed `given` once.
async fn feed(
    sandbox: &mut dyn Sandbox,
    code: &str,
    given: Value,
) -> Result<Result<Value, Failed>, ExecError> {
    let mut given = Some(given);
    let mut input = Input::Code(code.to_owned());
    let failed = |logs: String, text: &str, is_lost| {
        let gap = if logs.is_empty() || logs.ends_with('\n') { "" } else { "\n" };
        Ok(Err(Failed { text: format!("{logs}{gap}{text}"), is_lost }))
    };
    loop {
        input = match sandbox.feed(input).await? {
            Outcome::Call(call) => {
                let reply = given.take().ok_or_else(|| format!("`{}` is not for tools to call", call.name));
                Input::ToolReply { id: call.id, reply }
            }
            Outcome::Value { value, .. } | Outcome::FinalAnswer { value, .. } => return Ok(Ok(value)),
            Outcome::Raised { error, logs, .. } => return failed(logs, &error, false),
            Outcome::Lost { reason, logs } => return failed(logs, &reason, true),
        };
    }
}

#[async_trait::async_trait]
impl Tool for PythonTool {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let reply = self.work(arguments).await.map_err(|error| ToolError(error.to_string()))?;
        reply.map_err(ToolError)
    }

    fn for_run(&self) -> Option<Arc<dyn Tool>> {
        let (source, executor) = (self.source.clone(), self.executor.clone());
        let (spec, timeout) = (self.spec.clone(), self.timeout);
        Some(Arc::new(Self { source, spec, executor, timeout, sandbox: Mutex::default() }))
    }

    fn python_source(&self) -> Option<String> {
        Some(self.source.as_class())
    }
}
