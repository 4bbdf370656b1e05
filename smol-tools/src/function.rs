//! A closure with a spec is a tool.

use futures::{FutureExt, future::BoxFuture};
use serde::Serialize;
use serde_json::Value;
use smol_core::tool::{Tool, ToolError, ToolSpec};
use std::{any::Any, fmt::Display, panic::AssertUnwindSafe};

/// A tool made of a spec and a closure. Unlike a function under [`tool`](crate::tool) it may hold state.
///
/// ```
/// use smol_core::tool::ToolSpec;
/// use smol_tools::FunctionTool;
///
/// let spec = ToolSpec::new("roll", "Rolls a die");
/// let roll = FunctionTool::new(spec, |_arguments| async { Ok(4.into()) });
/// # let _: &dyn smol_core::tool::Tool = &roll;
/// ```
pub struct FunctionTool {
    spec: ToolSpec,
    function: Box<dyn Fn(Value) -> BoxFuture<'static, Result<Value, ToolError>> + Send + Sync>,
}

impl FunctionTool {
    /// A tool that answers each call with what `function` makes of the arguments, a JSON object. A panic becomes
    /// an error, which the model reads.
    pub fn new<F>(spec: ToolSpec, function: impl Fn(Value) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Value, ToolError>> + Send + 'static,
    {
        Self { spec, function: Box::new(move |arguments| function(arguments).boxed()) }
    }
}

#[async_trait::async_trait]
impl Tool for FunctionTool {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        // Inside the block, so that a panic before the future exists is caught as well.
        run(&self.spec.name, async { (self.function)(arguments).await }).await
    }
}

/// Awaits the work of the tool `name`, with its error, its panic or an unspeakable result put into words.
pub async fn run<T: Serialize, E: Display>(
    name: &str,
    work: impl Future<Output = Result<T, E>>,
) -> Result<Value, ToolError> {
    match AssertUnwindSafe(work).catch_unwind().await {
        // The alternate form makes errors that know their causes tell them.
        Ok(result) => to_value(name, result.map_err(|error| ToolError(format!("{error:#}")))?),
        Err(panic) => {
            Err(ToolError(format!("the tool `{name}` panicked: {}", panic_message(panic.as_ref()))))
        }
    }
}

fn to_value(name: &str, result: impl Serialize) -> Result<Value, ToolError> {
    serde_json::to_value(result)
        .map_err(|error| ToolError(format!("the result of `{name}` is not JSON: {error}")))
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
