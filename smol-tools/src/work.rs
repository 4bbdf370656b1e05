//! The work of one call, with its error, its panic or an unspeakable result put into words.

use futures::{FutureExt, channel::oneshot};
use serde::Serialize;
use serde_json::Value;
use smol_core::{attempt::panic_message, tool::ToolError};
use std::{any::Any, fmt::Display, panic::AssertUnwindSafe, thread};
use tokio::runtime::Handle;

/// Awaits the work of the tool `name`.
pub async fn run<T: Serialize, E: Display>(
    name: &str,
    work: impl Future<Output = Result<T, E>>,
) -> Result<Value, ToolError> {
    told(name, AssertUnwindSafe(work).catch_unwind().await)
}

/// Does the work of the tool `name` on a thread of its own, where it holds up nobody.
pub async fn run_on_thread<T: Serialize, E: Display>(
    name: &'static str,
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<Value, ToolError> {
    on_thread(name, move || told(name, std::panic::catch_unwind(AssertUnwindSafe(work)))).await?
}

/// Does work on a thread of its own. Not one of tokio's: a runtime waits for those before it ends, so work that hangs
/// would keep a program from ending.
pub(crate) async fn on_thread<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ToolError> {
    let (sender, reply) = oneshot::channel();
    let runtime = Handle::try_current().ok();
    let body = move || {
        let _entered = runtime.as_ref().map(Handle::enter);
        // Whoever asked may have given up by now.
        let _ = sender.send(work());
    };
    let no_thread = |error| ToolError(format!("the tool `{name}` could not get a thread: {error}"));
    thread::Builder::new().name(name.to_owned()).spawn(body).map_err(no_thread)?;
    reply.await.map_err(|_| ToolError(format!("the tool `{name}` panicked")))
}

fn told<T: Serialize, E: Display>(
    name: &str,
    done: Result<Result<T, E>, Box<dyn Any + Send>>,
) -> Result<Value, ToolError> {
    match done {
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
