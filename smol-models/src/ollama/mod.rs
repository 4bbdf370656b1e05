//! Ollama's own chat wire.
//!
//! Ollama speaks OpenAI's wire too, but only here can a request say how much of the conversation the model may see
//! (`num_ctx`): left to itself, a server drops the oldest messages of a long conversation, an agent's rules first, and
//! tells nobody. Thinking has a switch of its own here as well.
//!
//! The wire is that of <https://docs.ollama.com/api/chat>; streams are one JSON value a line.

mod request;
mod response;

use crate::{
    dialect::{Dialect, Events, Framing, Settings, WireError, under},
    remote::RemoteModel,
};
use reqwest::Url;
use serde_json::Value;
use smol_core::model::{Delta, ModelError, Request};

/// Where a server listens on the machine it runs on.
const BASE: &str = "http://localhost:11434";
/// What marks parts of a turn that this wire wants back.
const WIRE: &str = "ollama";

/// The `/api/chat` wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OllamaChat;

/// A model behind an Ollama server.
///
/// What `extra_body` names goes to the body if `/api/chat` has a field of that name, such as `think` or `keep_alive`,
/// and else to its `options`.
///
/// ```
/// use smol_models::ollama::OllamaModel;
///
/// let options = serde_json::json!({"num_ctx": 32768, "think": false});
/// let options = options.as_object().cloned().unwrap_or_default();
/// let model = OllamaModel::new("qwen3:4b").extra_body(options);
/// ```
pub type OllamaModel = RemoteModel<OllamaChat>;

impl OllamaModel {
    /// The model of this name at the server on this machine, until another address is given.
    pub fn new(model: impl Into<String>) -> Self {
        let model = model.into();
        Self::with_dialect(OllamaChat, model.clone(), BASE).known_as(&model, Some("OLLAMA_API_KEY"))
    }
}

impl Dialect for OllamaChat {
    fn url(&self, base: &Url, _: &Settings, _: bool) -> Url {
        under(base, &["api", "chat"])
    }

    fn request(&self, request: &Request, settings: &Settings, stream: bool) -> Result<Value, ModelError> {
        request::request(request, settings, stream)
    }

    fn response(&self, body: &Value) -> Result<Vec<Delta>, WireError> {
        response::response(body)
    }

    fn events(&self) -> Box<dyn Events> {
        Box::new(response::Lines::default())
    }

    fn framing(&self) -> Framing {
        Framing::Lines
    }

    fn hint(&self, status: u16, said: &str) -> Option<String> {
        let hint = if said.contains("does not support tools") {
            "take a model that calls tools, or a `CodeAgent`, which needs none of it"
        } else if said.contains("does not support thinking") {
            "leave `think` out of `extra_body`"
        } else if status == 404 && said.contains("not found") && said.contains("model") {
            "fetch it with `ollama pull`; `ollama list` shows what is there"
        } else if status == 404 {
            "is the address right, without a `/v1` at its end?"
        } else {
            return None;
        };
        Some(hint.to_owned())
    }
}
