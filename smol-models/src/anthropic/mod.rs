//! Anthropic's messages, the wire of Claude and of the services that answer like it.
//!
//! The wire is that of <https://platform.claude.com/docs/en/api/messages>, in its version of 2023-06-01, which all these
//! services speak. What is particular to it: the turns alternate, thoughts are signed and go back before the calls that
//! they led to (<https://platform.claude.com/docs/en/build-with-claude/extended-thinking>), and the parts of a prompt
//! that come again are marked for its cache (<https://platform.claude.com/docs/en/build-with-claude/prompt-caching>).

mod claude;
mod request;
mod response;

use crate::{
    dialect::{Dialect, Events, Settings, WireError, under},
    remote::RemoteModel,
};
use reqwest::Url;
use serde_json::Value;
use smol_core::model::{Delta, ModelError, Request};

/// The address of Anthropic itself.
const BASE: &str = "https://api.anthropic.com/v1";
/// The version of the wire.
const VERSION: &str = "2023-06-01";
/// What marks parts of a turn that this wire wants back.
const WIRE: &str = "anthropic";

/// The messages wire, and how it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anthropic {
    /// Tokens that the model may think for.
    thinking: Option<u64>,
    /// The prompt is marked for the service's cache.
    caches: bool,
}

impl Default for Anthropic {
    /// As the model thinks best, with the cache.
    fn default() -> Self {
        Self { thinking: None, caches: true }
    }
}

impl Anthropic {
    /// Lets the model think before it answers, for at most so many tokens (1024 or more). Models that decide by
    /// themselves how long to think are only told that they may. A model that thinks takes no temperature, and cannot be
    /// forced to call a tool.
    pub fn thinking_budget(self, tokens: u64) -> Self {
        Self { thinking: Some(tokens), ..self }
    }

    /// Whether the prompt is marked for the service's cache (the default). What comes again then costs a tenth; what is
    /// cached and never comes again costs a quarter more.
    pub fn prompt_caching(self, caches: bool) -> Self {
        Self { caches, ..self }
    }
}

/// A model behind a messages server.
///
/// ```
/// use smol_models::anthropic::AnthropicModel;
///
/// let model = AnthropicModel::new("claude-sonnet-4-5").api_key("sk-ant-...").thinking_budget(4096);
/// ```
pub type AnthropicModel = RemoteModel<Anthropic>;

impl AnthropicModel {
    /// The model of this name at Anthropic, until another address is given.
    pub fn new(model: impl Into<String>) -> Self {
        let model = model.into();
        Self::with_dialect(Anthropic::default(), model.clone(), BASE)
            .known_as(&model, Some("ANTHROPIC_API_KEY"))
    }

    /// See [`Anthropic::thinking_budget`].
    pub fn thinking_budget(mut self, tokens: u64) -> Self {
        self.dialect_mut().thinking = Some(tokens);
        self
    }

    /// See [`Anthropic::prompt_caching`].
    pub fn prompt_caching(mut self, caches: bool) -> Self {
        self.dialect_mut().caches = caches;
        self
    }
}

impl Dialect for Anthropic {
    fn url(&self, base: &Url, _: &Settings, _: bool) -> Url {
        under(base, &["messages"])
    }

    fn request(&self, request: &Request, settings: &Settings, stream: bool) -> Result<Value, ModelError> {
        Ok(request::request(self, request, settings, stream))
    }

    fn response(&self, body: &Value) -> Result<Vec<Delta>, WireError> {
        response::response(body)
    }

    fn events(&self) -> Box<dyn Events> {
        Box::new(response::Blocks::default())
    }

    fn key_header(&self) -> (&'static str, &'static str) {
        ("x-api-key", "")
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        vec![("anthropic-version", VERSION.to_owned())]
    }
}
