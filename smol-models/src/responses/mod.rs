//! OpenAI's responses, the wire that its newest models are best at.
//!
//! The wire is that of <https://platform.openai.com/docs/api-reference/responses>. Nothing is stored at the service: the
//! conversation is sent whole each time, and reasoning comes and goes encrypted
//! (<https://platform.openai.com/docs/guides/reasoning#encrypted-reasoning-items>). It knows no stop sequences; the
//! shared code looks for them in the reply.

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
const WIRE: &str = "openai-responses";

/// The responses wire.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Responses;

/// A model behind a responses server.
///
/// ```
/// use smol_models::responses::ResponsesModel;
///
/// let model = ResponsesModel::new("gpt-5-mini").api_key("sk-...").max_tokens(4096);
/// ```
pub type ResponsesModel = RemoteModel<Responses>;

impl ResponsesModel {
    /// The model of this name at OpenAI, until another address is given.
    pub fn new(model: impl Into<String>) -> Self {
        let model = model.into();
        Self::with_dialect(Responses, model.clone(), BASE).known_as(&model, Some("OPENAI_API_KEY"))
    }
}

impl Dialect for Responses {
    fn url(&self, base: &Url, _: &Settings, _: bool) -> Url {
        under(base, &["responses"])
    }

    fn request(&self, request: &Request, settings: &Settings, stream: bool) -> Result<Value, ModelError> {
        Ok(request::request(request, settings, stream))
    }

    fn response(&self, body: &Value) -> Result<Vec<Delta>, WireError> {
        response::response(body)
    }

    fn events(&self) -> Box<dyn Events> {
        Box::new(response::Items::default())
    }
}
