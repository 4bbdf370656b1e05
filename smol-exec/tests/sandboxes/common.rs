//! What the tests of sandboxes share.

use serde_json::Value;
use smol_core::{
    exec::{Executor, Input, Outcome, Sandbox, SandboxSpec},
    message::ToolCall,
    tool::ToolSpec,
};
#[cfg(feature = "wasm")]
use std::sync::Once;

/// Compiled code goes to a folder of the build, so that the first test compiles and the others find it.
#[cfg(feature = "wasm")]
pub(crate) fn use_test_cache() {
    static SET: Once = Once::new();
    // SAFETY: set once, before any sandbox reads it, and read by nothing else in these tests.
    #[expect(unsafe_code, reason = "the environment is how the cache is named")]
    SET.call_once(|| unsafe {
        std::env::set_var("SMOLAGENTS_CACHE", concat!(env!("CARGO_TARGET_TMPDIR"), "/cache"))
    });
}

pub(crate) async fn open(executor: &dyn Executor, spec: SandboxSpec) -> Box<dyn Sandbox> {
    executor.open(spec, &|_| ()).await.expect("the sandbox opens")
}

pub(crate) async fn feed(sandbox: &mut dyn Sandbox, code: &str) -> Outcome {
    sandbox.feed(Input::Code(code.to_owned())).await.expect("the sandbox takes code")
}

/// Feeds a block and answers its calls until it ends.
pub(crate) async fn feed_with(
    sandbox: &mut dyn Sandbox,
    code: &str,
    tool: impl Fn(&ToolCall) -> Result<Value, String>,
) -> Outcome {
    let mut outcome = feed(sandbox, code).await;
    while let Outcome::Call(call) = outcome {
        let reply = tool(&call);
        outcome =
            sandbox.feed(Input::ToolReply { id: call.id, reply }).await.expect("the sandbox takes the reply");
    }
    outcome
}

pub(crate) fn tool(name: &str, input: Value) -> ToolSpec {
    ToolSpec { input, ..ToolSpec::new(name, format!("The tool {name}.")) }
}

pub(crate) fn text(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Value { text, .. } | Outcome::FinalAnswer { text, .. } => text,
        other => panic!("no value: {other:?}"),
    }
}

pub(crate) fn logs(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Value { logs, .. }
        | Outcome::FinalAnswer { logs, .. }
        | Outcome::Raised { logs, .. }
        | Outcome::Lost { logs, .. } => logs,
        other => panic!("no logs: {other:?}"),
    }
}

pub(crate) fn error(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Raised { error, .. } => error,
        other => panic!("nothing was raised: {other:?}"),
    }
}

pub(crate) fn lost(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Lost { reason, .. } => reason,
        other => panic!("the sandbox was not lost: {other:?}"),
    }
}
