//! Google's Gemini, by the API of AI Studio. Vertex AI takes the same bodies at another address ([`crate::vertex`]).
//!
//! The wire is that of <https://ai.google.dev/api/generate-content>. What is particular to it: calls often have no id,
//! and their signatures (<https://ai.google.dev/gemini-api/docs/thought-signatures>) must come back with them.

mod request;
mod response;

use crate::{
    dialect::{Dialect, Events, Settings, WireError, under},
    remote::RemoteModel,
};
use reqwest::Url;
use serde_json::Value;
use smol_core::model::{Delta, ModelError, Request};

/// The address of Google's own service.
const BASE: &str = "https://generativelanguage.googleapis.com/v1beta";
/// What marks parts of a turn that this wire wants back.
const WIRE: &str = "gemini";

/// The generate-content wire.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gemini;

/// A model of Gemini's API.
///
/// Further settings go into the body, whose `generationConfig` is joined with ours:
///
/// ```
/// use serde_json::json;
/// use smol_models::gemini::GeminiModel;
///
/// let thoughts = json!({"generationConfig": {"thinkingConfig": {"includeThoughts": true}}});
/// let model = GeminiModel::new("gemini-2.5-flash").extra_body(thoughts.as_object().cloned().unwrap_or_default());
/// ```
pub type GeminiModel = RemoteModel<Gemini>;

impl GeminiModel {
    /// The model of this name at Google's AI Studio, until another address is given.
    pub fn new(model: impl Into<String>) -> Self {
        let model = model.into();
        Self::with_dialect(Gemini, model.clone(), BASE).known_as(&model, Some("GEMINI_API_KEY"))
    }
}

impl Dialect for Gemini {
    fn url(&self, base: &Url, settings: &Settings, stream: bool) -> Url {
        let (kind, name) = settings.model.rsplit_once('/').unwrap_or(("models", &settings.model));
        ask_at(base, &[kind], name, stream)
    }

    fn request(&self, request: &Request, settings: &Settings, _: bool) -> Result<Value, ModelError> {
        Ok(request::request(request, settings))
    }

    fn response(&self, body: &Value) -> Result<Vec<Delta>, WireError> {
        response::response(body)
    }

    fn events(&self) -> Box<dyn Events> {
        Box::new(response::Chunks::default())
    }

    fn key_header(&self) -> (&'static str, &'static str) {
        ("x-goog-api-key", "")
    }
}

/// The address that answers for the model of this name, below the folders of `path`.
pub(crate) fn ask_at(base: &Url, path: &[&str], model: &str, stream: bool) -> Url {
    let method = if stream { "streamGenerateContent" } else { "generateContent" };
    let model = format!("{model}:{method}");
    let mut url = under(base, &[path, &[model.as_str()]].concat());
    if stream {
        url.query_pairs_mut().append_pair("alt", "sse");
    }
    url
}
