//! Every service that speaks OpenAI's chat completions: OpenAI, most hosted ones, and local servers such as Ollama,
//! vLLM, LM Studio and llama.cpp.
//!
//! [`request()`], [`response()`] and [`Chunks`] are the wire, as functions from values to values; [`OpenAiModel`] moves the
//! bytes, and waits, retries and gives up in their stead.

mod error;
mod incoming;
mod request;
mod response;
mod server;

pub use request::{Settings, request};
pub use response::{Chunks, WireError, response};
pub use secrecy::SecretString;

use crate::stop::Cut;
use futures::stream::BoxStream;
use serde_json::{Map, Value};
use server::Server;
use smol_core::model::{Delta, Model, ModelError, ModelInfo, Request};
use std::{fmt, time::Duration};

/// A model behind a chat-completions server.
///
/// A request is tried again after 408, 409, 425, 429, any 5xx, or a lost connection, but never once a piece of the reply
/// has arrived. The waits grow, and a `Retry-After` of up to two minutes is obeyed. All models share one pool of
/// connections.
///
/// ```
/// use smol_models::openai::OpenAiModel;
///
/// let model = OpenAiModel::new("qwen3:4b").api_base("http://localhost:11434/v1").temperature(0.2);
/// ```
#[derive(Clone)]
pub struct OpenAiModel {
    id: String,
    settings: Settings,
    streaming: bool,
    info: ModelInfo,
    server: Server,
}

impl OpenAiModel {
    /// The model of this name at OpenAI, until another address is given. Replies are streamed.
    pub fn new(model: impl Into<String>) -> Self {
        let settings = Settings { model: model.into(), ..Settings::default() };
        Self {
            id: settings.model.clone(),
            settings,
            streaming: true,
            info: ModelInfo::default(),
            server: Server::default(),
        }
    }

    /// The address that `/chat/completions` is put after, such as `http://localhost:11434/v1`.
    pub fn api_base(mut self, url: impl Into<String>) -> Self {
        self.server.base = url.into();
        self
    }

    /// Sent as a bearer token. It appears in no error, log or debug output.
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.server.key = Some(key.into());
        self
    }

    /// A further header of every request. Its value is kept as secret as the key.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.server.headers.push((name.into(), value.into()));
        self
    }

    /// How freely the model picks its words, from 0.
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.settings.temperature = Some(temperature);
        self
    }

    /// The longest reply, in tokens.
    pub fn max_tokens(mut self, tokens: u64) -> Self {
        self.settings.max_tokens = Some(tokens);
        self
    }

    /// Further fields of the request's body. They replace ours of the same name; a null removes it.
    pub fn extra_body(mut self, fields: Map<String, Value>) -> Self {
        self.settings.extra_body = fields;
        self
    }

    /// Whether the reply comes piece by piece (the default) or at once.
    pub fn streaming(mut self, streaming: bool) -> Self {
        self.streaming = streaming;
        self
    }

    /// How long to wait for the first piece of a reply (10 minutes), and for the server's next sign of life (2 minutes).
    pub fn timeouts(mut self, first_token: Duration, between_tokens: Duration) -> Self {
        self.server.first_token = first_token;
        self.server.between_tokens = between_tokens;
        self
    }

    /// How often a request is tried again (3 times).
    pub fn retries(mut self, retries: usize) -> Self {
        self.server.retries = retries;
        self
    }

    /// What agents should know of the model: its window, its price, what it can.
    pub fn describe(mut self, info: ModelInfo) -> Self {
        self.info = info;
        self
    }

    /// Names the model for people, and the variable that its key is expected in for hints.
    pub(crate) fn known_as(mut self, id: &str, key_variable: Option<&str>) -> Self {
        self.id = id.to_owned();
        self.server.key_variable = key_variable.map(str::to_owned);
        self
    }
}

impl Model for OpenAiModel {
    fn stream(&self, asked: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        Box::pin(async_stream::try_stream! {
            let body = request(&asked, &self.settings, self.streaming);
            // The server may not know stop sequences, so they are looked for here too. After one, only the token count
            // is still awaited: a budget must know what the reply cost.
            let mut cut = Cut::new(&asked.stop);
            let mut incoming = self.server.ask(&body).await?;
            loop {
                let deltas = incoming.next().await?;
                if deltas.is_empty() {
                    break;
                }
                for delta in deltas.into_iter().flat_map(|delta| cut.push(delta)) {
                    yield delta;
                }
            }
            if let Some(rest) = cut.finish() {
                yield rest;
            }
        })
    }

    fn info(&self) -> ModelInfo {
        self.info.clone()
    }

    fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Debug for OpenAiModel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("OpenAiModel");
        shown.field("id", &self.id).field("api_base", &self.server.shown_base());
        shown.field("settings", &self.settings).field("streaming", &self.streaming).finish_non_exhaustive()
    }
}

#[cfg(test)]
impl OpenAiModel {
    /// Address, name and key, for tests of who sets them.
    pub(crate) fn parts(&self) -> (&str, &str, Option<&str>) {
        use secrecy::ExposeSecret;
        (&self.server.base, &self.settings.model, self.server.key.as_ref().map(|key| key.expose_secret()))
    }
}
