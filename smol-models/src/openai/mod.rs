//! OpenAI's chat completions, the wire of most hosted services and of local servers such as Ollama, vLLM, LM Studio and
//! llama.cpp.
//!
//! The wire is that of <https://platform.openai.com/docs/api-reference/chat>, read with patience: servers differ in what
//! they leave out.

mod request;
mod response;

use crate::{
    dialect::{Dialect, Events, Settings, WireError, under},
    remote::RemoteModel,
};
use reqwest::Url;
use serde_json::Value;
use smol_core::model::{Delta, ModelError, Request};

/// The address of OpenAI itself.
const BASE: &str = "https://api.openai.com/v1";
/// What marks parts of a turn that this wire wants back.
const WIRE: &str = "openai";
/// The field of a tool call that carries Gemini's signature of the thought behind it.
const CALL_EXTRAS: &str = "extra_content";

/// The chat-completions wire, and how a service departs from it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenAiChat {
    /// What the limit of the reply is called, where it is not what the model's name tells.
    pub(crate) limit_field: Option<String>,
    /// A turn that called tools must come back with its reasoning.
    pub(crate) returns_reasoning: bool,
    /// The service cannot be told that a tool must be called.
    pub(crate) refuses_required: bool,
    /// The content of a message may only be text.
    pub(crate) text_only: bool,
    /// The header for the bare key, where it is no bearer token.
    pub(crate) key_header: Option<String>,
}

/// A model behind a chat-completions server.
///
/// ```
/// use smol_models::openai::OpenAiModel;
///
/// let model = OpenAiModel::new("qwen3:4b").api_base("http://localhost:11434/v1").temperature(0.2);
/// ```
pub type OpenAiModel = RemoteModel<OpenAiChat>;

/// The original's name for it.
pub type OpenAIModel = OpenAiModel;
/// The original's older name for it.
pub type OpenAIServerModel = OpenAiModel;

impl OpenAiModel {
    /// The model of this name at OpenAI, until another address is given.
    pub fn new(model: impl Into<String>) -> Self {
        let model = model.into();
        Self::with_dialect(OpenAiChat::default(), model.clone(), BASE)
            .known_as(&model, Some("OPENAI_API_KEY"))
    }
}

impl Dialect for OpenAiChat {
    fn url(&self, base: &Url, _: &Settings, _: bool) -> Url {
        under(base, &["chat", "completions"])
    }

    fn key_header(&self) -> (&str, &str) {
        self.key_header.as_deref().map_or(("authorization", "Bearer "), |name| (name, ""))
    }

    fn request(&self, request: &Request, settings: &Settings, stream: bool) -> Result<Value, ModelError> {
        Ok(request::request(self, request, settings, stream))
    }

    fn response(&self, body: &Value) -> Result<Vec<Delta>, WireError> {
        response::response(self, body)
    }

    fn events(&self) -> Box<dyn Events> {
        Box::new(response::Chunks::new(self))
    }
}
