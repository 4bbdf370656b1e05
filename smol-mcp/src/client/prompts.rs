//! What servers would have a model told, for people to pick from.

use super::{Content, McpClient, plain};
use crate::McpError;
use rmcp::model::{GetPromptRequestParams, Role as Speaker};
use serde_json::{Map, Value};
use smol_core::message::{Message, Role};
use std::sync::Arc;

/// A prompt of a server.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Prompt {
    /// By which it is asked for.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What is to be filled in.
    pub arguments: Vec<PromptArgument>,
}

/// Something to fill in.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PromptArgument {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: String,
    /// There is no prompt without it.
    pub required: bool,
}

impl McpClient {
    /// Its prompts. Empty for a server without any.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn prompts(&self) -> Result<Vec<Prompt>, McpError> {
        if !self.has_prompts() {
            return Ok(Vec::new());
        }
        let prompts = self.list("`prompts/list`", |session, page| async move {
            let page = session.service.list_prompts(page).await?;
            Ok((page.prompts, page.next_cursor))
        });
        let words = |text: Option<String>| plain(&text.unwrap_or_default(), 500);
        let prompts = prompts.await?.into_iter().map(|prompt| Prompt {
            name: prompt.name,
            description: words(prompt.description),
            arguments: prompt
                .arguments
                .unwrap_or_default()
                .into_iter()
                .map(|argument| PromptArgument {
                    name: argument.name,
                    description: words(argument.description),
                    required: argument.required.unwrap_or_default(),
                })
                .collect(),
        });
        Ok(prompts.collect())
    }

    /// A prompt with its arguments filled in, as messages.
    ///
    /// # Errors
    /// If the server does not answer, has no such prompt, or misses an argument.
    pub async fn prompt(
        &self,
        name: &str,
        arguments: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Vec<Message>, McpError> {
        let mut params = GetPromptRequestParams::new(name);
        let arguments: Map<String, Value> =
            arguments.into_iter().map(|(name, value)| (name, value.into())).collect();
        params.arguments = (!arguments.is_empty()).then_some(arguments);
        let get = |session: Arc<super::reach::Session>| {
            let params = params.clone();
            async move { session.service.get_prompt(params).await }
        };
        let result = self.ask(&format!("the prompt `{}`", plain(name, 100)), true, get).await?;
        let message = |message: rmcp::model::PromptMessage| {
            let role = if message.role == Speaker::Assistant { Role::Assistant } else { Role::User };
            Message { content: vec![Content::of(message.content).part()], ..Message::new(role, "") }
        };
        Ok(result.messages.into_iter().map(message).collect())
    }
}
