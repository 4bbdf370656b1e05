//! A client of the crate `openai-api-rs` as a model, for programs that hold one already.
//!
//! Whole replies only: the crate's streams lose the arguments of tool calls and rewrite `\n` inside code. Its errors are
//! texts, so nothing is tried again. [`crate::openai`] has neither limit, and is the way for everybody else.

use crate::{
    dialect::{Dialect, Settings},
    openai::OpenAiChat,
    stop::Cut,
};
use futures::{
    FutureExt, StreamExt,
    stream::{self, BoxStream},
};
use openai_api_rs::v1::{
    api::OpenAIClient,
    chat_completion::{Tool, ToolChoiceType, ToolType, chat_completion::ChatCompletionRequest},
    types::{Function, FunctionParameters, JSONSchemaType},
};
use serde_json::{Value, json};
use smol_core::model::{Delta, Model, ModelError, Request, ToolChoice};

/// A model asked through a client of `openai-api-rs`.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use openai_api_rs::v1::api::OpenAIClient;
/// use smol_models::openai_api_rs::ClientModel;
///
/// let client = OpenAIClient::builder().with_endpoint("http://localhost:11434/v1").build()?;
/// let model = ClientModel::new(client, "qwen3:4b");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ClientModel {
    client: OpenAIClient,
    settings: Settings,
}

impl ClientModel {
    /// The model of this name at the client's service.
    pub fn new(client: OpenAIClient, model: impl Into<String>) -> Self {
        Self { client, settings: Settings { model: model.into(), ..Settings::default() } }
    }

    async fn reply(&self, asked: &Request) -> Result<Vec<Delta>, ModelError> {
        let request = self.request(asked)?;
        let reply = self.client.chat_completion(request).await;
        let reply = reply.map_err(|error| ModelError::Other(format!("`openai-api-rs`: {error}")))?;
        let body = serde_json::to_value(&reply.inner).map_err(other)?;
        let deltas = OpenAiChat::default().response(&body).map_err(other)?;
        let mut cut = Cut::new(&asked.stop);
        let mut said: Vec<Delta> = deltas.into_iter().flat_map(|delta| cut.push(delta)).collect();
        said.extend(cut.finish());
        Ok(said)
    }

    /// Our request in the crate's types, which have a place for most of it.
    fn request(&self, asked: &Request) -> Result<ChatCompletionRequest, ModelError> {
        let settings = self.settings.for_request(asked);
        let mut untyped = asked.clone();
        untyped.tools.clear();
        let body = OpenAiChat::default().request(&untyped, &settings, false)?;
        let mut request: ChatCompletionRequest = serde_json::from_value(body).map_err(other)?;
        request.max_tokens = settings.max_tokens.and_then(|limit| i64::try_from(limit).ok());
        if !asked.tools.is_empty() {
            request.tools = Some(asked.tools.iter().map(tool).collect());
            request.tool_choice = match &asked.tool_choice {
                ToolChoice::Required => Some(ToolChoiceType::Required),
                ToolChoice::None => Some(ToolChoiceType::None),
                _ => None,
            };
        }
        Ok(request)
    }
}

impl Model for ClientModel {
    fn stream(&self, request: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        let deltas = async move {
            match self.reply(&request).await {
                Ok(deltas) => deltas.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            }
        };
        deltas.map(stream::iter).flatten_stream().boxed()
    }

    fn id(&self) -> &str {
        &self.settings.model
    }
}

fn other(error: impl std::fmt::Display) -> ModelError {
    ModelError::Other(error.to_string())
}

fn tool(tool: &smol_core::tool::ToolSpec) -> Tool {
    let typed = serde_json::from_value(plain(&tool.input));
    let any = FunctionParameters { schema_type: JSONSchemaType::Object, properties: None, required: None };
    let function = Function {
        name: tool.name.clone(),
        description: Some(tool.description.clone()),
        parameters: typed.unwrap_or(any),
    };
    Tool { r#type: ToolType::Function, function }
}

/// A schema in the few types that the crate knows: whole numbers are numbers, and a choice of types is any.
fn plain(schema: &Value) -> Value {
    let Some(fields) = schema.as_object() else { return schema.clone() };
    let mut plain: serde_json::Map<_, _> =
        fields.iter().map(|(name, value)| (name.clone(), self::plain(value))).collect();
    match fields.get("type").and_then(Value::as_str) {
        Some("integer") => plain.insert("type".to_owned(), json!("number")),
        Some(_) => None,
        None => plain.remove("type"),
    };
    plain.into()
}
