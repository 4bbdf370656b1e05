//! A tool of a server as a tool of an agent.

use super::{McpClient, content, plain, schema};
use async_trait::async_trait;
use rmcp::model;
use serde_json::{Value, json};
use smol_core::tool::{Effect, Tool, ToolError, ToolSpec};

/// Characters of a description: enough for a manual, too few to fill a model's window.
const LONGEST_DESCRIPTION: usize = 4_000;

/// One tool of a connected server.
#[derive(Clone)]
pub(super) struct McpTool {
    client: McpClient,
    /// What the server calls it.
    pub(super) name: String,
    pub(super) spec: ToolSpec,
    structured: bool,
}

impl McpTool {
    /// The tool as an agent is told of it; what about it cannot be used is the error. A server's word that its tool
    /// only reads is taken: what such a tool gives is still untrusted.
    pub(super) fn new(client: &McpClient, tool: model::Tool) -> Result<Self, String> {
        let input = schema::input(&tool.input_schema)?;
        let output = tool.output_schema.as_ref().map(|output| schema::output(output)).transpose()?;
        let hints = tool.annotations.unwrap_or_default();
        let words = tool.description.as_deref().or(tool.title.as_deref()).or(hints.title.as_deref());
        let spec = ToolSpec {
            input,
            output: output.clone().unwrap_or_else(|| json!({})),
            effect: if hints.read_only_hint == Some(true) { Effect::Reads } else { Effect::Writes },
            untrusted: !client.config().trusted,
            ..ToolSpec::new("", plain(words.unwrap_or("It has no description."), LONGEST_DESCRIPTION))
        };
        Ok(Self { client: client.clone(), name: tool.name.into_owned(), spec, structured: output.is_some() })
    }
}

#[async_trait]
impl Tool for McpTool {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let repeatable = self.spec.effect != Effect::Writes;
        let result = self.client.call(&self.name, arguments, repeatable).await;
        content::outcome(result.map_err(|error| ToolError(error.to_string()))?, self.structured)
    }
}
