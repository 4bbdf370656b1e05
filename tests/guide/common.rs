//! A scripted model, and an agent on the real sandbox.

use smolagents::{
    AgentBuilder, AgentRunResult,
    models::scripted::{ScriptedModel, text},
    prelude::*,
};
use std::sync::Arc;

/// A model that writes these blocks of code, one a reply.
pub(crate) fn model(blocks: &[&str]) -> Arc<ScriptedModel> {
    Arc::new(ScriptedModel::new(
        blocks.iter().map(|code| text(format!("Thought: on.\n<code>\n{code}\n</code>"))),
    ))
}

pub(crate) fn agent(blocks: &[&str]) -> AgentBuilder {
    CodeAgent::builder(model(blocks))
}

pub(crate) async fn run(builder: AgentBuilder) -> AgentRunResult {
    builder.build().unwrap().run("Do it").await.unwrap()
}
