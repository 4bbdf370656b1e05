//! What the agents of these tests work with.

use futures::future::BoxFuture;
use serde_json::{Value, json};
use smolagents::{
    Effect, Executor, Tool, ToolError, ToolSpec,
    exec::{ExecError, Input, Outcome, Progress, Sandbox, SandboxSpec},
    message::ToolCall,
};
use std::sync::LazyLock;

/// Knows how warm Oslo and Rome are.
pub(crate) struct Temperature;

#[async_trait::async_trait]
impl Tool for Temperature {
    fn spec(&self) -> &ToolSpec {
        static SPEC: LazyLock<ToolSpec> = LazyLock::new(|| ToolSpec {
            input: json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}),
            effect: Effect::Reads,
            ..ToolSpec::new("temperature", "Degrees in a city now.")
        });
        &SPEC
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        match arguments["city"].as_str() {
            Some("Oslo") => Ok(json!(3.5)),
            Some("Rome") => Ok(json!(17.25)),
            _ => Err(ToolError("no such city".into())),
        }
    }
}

/// A sandbox for which every block asks for the temperature of Rome, and answers with it.
pub(crate) struct OneCall;

impl Executor for OneCall {
    fn open<'a>(
        &'a self,
        _: SandboxSpec,
        _: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        Box::pin(async { Ok(Box::new(Self) as Box<dyn Sandbox>) })
    }
}

#[async_trait::async_trait]
impl Sandbox for OneCall {
    async fn feed(&mut self, input: Input) -> Result<Outcome, ExecError> {
        Ok(match input {
            Input::Code(_) => Outcome::Call(ToolCall {
                id: "call_1".into(),
                name: "temperature".into(),
                arguments: json!({"city": "Rome"}),
            }),
            Input::ToolReply { reply, .. } => {
                let value = reply.unwrap();
                Outcome::FinalAnswer { text: value.to_string(), value, logs: String::new() }
            }
        })
    }
}
