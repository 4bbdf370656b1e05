//! Cohere's own chat wire, in its second version.
//!
//! The wire is that of <https://docs.cohere.com/reference/chat> and, for streams,
//! <https://docs.cohere.com/reference/chat-stream>. What sets it apart from OpenAI's: plans that come before tool calls,
//! citations, and stop sequences and limits of other names.

mod request;
mod response;

use crate::{
    dialect::{Dialect, Events, Settings, WireError, under},
    remote::RemoteModel,
};
use reqwest::Url;
use serde_json::Value;
use smol_core::model::{Delta, ModelError, Request};

/// The address of Cohere itself.
const BASE: &str = "https://api.cohere.com";
/// What marks parts of a turn that this wire wants back.
const WIRE: &str = "cohere";

/// The `/v2/chat` wire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CohereChat;

/// A model of Cohere's.
///
/// ```
/// use smol_models::cohere::CohereModel;
///
/// let model = CohereModel::new("command-a-03-2025").api_key("your key").max_tokens(2000);
/// ```
pub type CohereModel = RemoteModel<CohereChat>;

impl CohereModel {
    /// The model of this name at Cohere, until another address is given.
    pub fn new(model: impl Into<String>) -> Self {
        let model = model.into();
        Self::with_dialect(CohereChat, model.clone(), BASE).known_as(&model, Some("COHERE_API_KEY"))
    }
}

impl Dialect for CohereChat {
    fn url(&self, base: &Url, _: &Settings, _: bool) -> Url {
        if base.path().trim_end_matches('/').ends_with("/v2") {
            return under(base, &["chat"]);
        }
        under(base, &["v2", "chat"])
    }

    fn request(&self, request: &Request, settings: &Settings, stream: bool) -> Result<Value, ModelError> {
        Ok(request::request(request, settings, stream))
    }

    fn response(&self, body: &Value) -> Result<Vec<Delta>, WireError> {
        response::response(body)
    }

    fn events(&self) -> Box<dyn Events> {
        Box::new(response::Reader::default())
    }
}
