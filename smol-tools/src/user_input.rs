//! `user_input`: a question to the person for whom the agent works.

use crate::{
    schema::{parse_arguments, spec_of},
    text::tell,
};
use futures::{FutureExt, future::BoxFuture};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use smol_core::tool::{Tool, ToolError, ToolSpec};
use std::{fmt::Display, time::Duration};

#[derive(Deserialize, JsonSchema)]
struct Input {
    /// what the person is asked, in full
    question: String,
}

/// The tool `user_input(question)`. How a person is asked is for the program to say: a library has no terminal. It waits
/// as long as the person needs. A run that is to stop there instead, and to go on once somebody answered, has a
/// [`Gate`](smol_core::gate::Gate) that says `Wait` to this tool and `Answer` later.
pub struct UserInput {
    spec: ToolSpec,
    ask: Box<dyn Fn(String) -> BoxFuture<'static, Result<String, ToolError>> + Send + Sync>,
}

impl UserInput {
    /// Asks by `ask`, which is given the question.
    pub fn new<F, E>(ask: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<String, E>> + Send + 'static,
        E: Display,
    {
        let description = "Asks the person you work for, and returns the answer. Ask only for what you can neither \
                           find out nor decide.";
        let spec = spec_of::<Input, String>("user_input", description);
        let ask = Box::new(move |question| ask(question).map(|reply| reply.map_err(tell)).boxed());
        Self { spec, ask }
    }

    /// For a program without anybody to ask: the model is told so.
    pub fn nobody() -> Self {
        Self::new(|_| async {
            Err::<String, _>(
                "nobody is there to answer\n\nhint: decide yourself, and say in your answer what you assumed",
            )
        })
    }
}

#[async_trait::async_trait]
impl Tool for UserInput {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    fn time_limit(&self) -> Option<Duration> {
        None
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let Input { question } = parse_arguments(arguments)?;
        (self.ask)(question).await.map(Value::String)
    }

    fn python_source(&self) -> Option<String> {
        (self.spec().name == "user_input").then(|| "from smolagents import UserInputTool\n".to_owned())
    }
}
