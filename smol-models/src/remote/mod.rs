//! Models behind a service, whatever its wire: one request out, one reply in, with patience and with care.
//!
//! [`RemoteModel`] joins a [`Dialect`] with the parts that all services need alike: connections, retries, time limits,
//! pace, errors that a person can act on, and keys that show nowhere.

mod error;
mod frames;
mod incoming;
mod pace;
mod server;

pub use secrecy::SecretString;

pub(crate) use error::{refusal, root_cause, shorten};
pub(crate) use server::client;

use crate::{
    cassette::Cassette,
    dialect::{Dialect, Settings},
    stop::Cut,
};
use futures::stream::BoxStream;
use pace::Pace;
use serde_json::{Map, Value};
use server::Server;
use smol_core::model::{Delta, Model, ModelError, ModelInfo, Request};
use std::{fmt, sync::Arc, time::Duration};

/// A model behind a service that speaks `D`.
///
/// A request is tried again after 408, 409, 425, 429, any 5xx, or a lost connection, but never once a piece of the reply
/// has arrived. The waits grow, and a `Retry-After` of up to two minutes is obeyed. All models share one pool of
/// connections.
#[derive(Clone)]
pub struct RemoteModel<D> {
    id: String,
    settings: Settings,
    streaming: bool,
    info: ModelInfo,
    server: Server,
    pace: Arc<Pace>,
    dialect: D,
}

impl<D: Dialect> RemoteModel<D> {
    /// The model of this name at the service at `base`. Replies are streamed.
    pub fn with_dialect(dialect: D, model: impl Into<String>, base: impl Into<String>) -> Self {
        let settings = Settings { model: model.into(), ..Settings::default() };
        Self {
            id: settings.model.clone(),
            settings,
            streaming: true,
            info: ModelInfo::default(),
            server: Server::new(base.into()),
            pace: Arc::default(),
            dialect,
        }
    }

    /// The address of the service, up to its version, such as `http://localhost:11434/v1`.
    pub fn api_base(mut self, url: impl Into<String>) -> Self {
        self.server.base = url.into();
        self
    }

    /// The key, sent as the service wants it. It appears in no error, log or debug output.
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
        self.settings.extra_body.extend(fields);
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

    /// At most so many requests a minute, evenly spread. Clones of the model share the limit.
    pub fn requests_per_minute(mut self, requests: f64) -> Self {
        self.pace = Arc::new(self.pace.with_requests(requests));
        self
    }

    /// At most so many tokens a minute, prompts and replies together. What a reply took is known when it has come, so a
    /// request waits until what came before it is paid off. Clones of the model share the limit.
    pub fn tokens_per_minute(mut self, tokens: f64) -> Self {
        self.pace = Arc::new(self.pace.with_tokens(tokens));
        self
    }

    /// Records what goes back and forth, or replays it: see [`Cassette`].
    pub fn cassette(mut self, cassette: Arc<Cassette>) -> Self {
        self.server.cassette = Some(cassette);
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

    /// Whether it is asked at this address.
    pub(crate) fn is_at(&self, base: &str) -> bool {
        self.server.base == base
    }

    /// The name by which its service knows it.
    pub(crate) fn name_mut(&mut self) -> &mut String {
        &mut self.settings.model
    }

    /// Its wire, to change how it is spoken.
    pub(crate) fn dialect_mut(&mut self) -> &mut D {
        &mut self.dialect
    }
}

impl<D: Dialect> Model for RemoteModel<D> {
    fn stream(&self, asked: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        Box::pin(async_stream::try_stream! {
            let settings = self.settings.for_request(&asked);
            let body = self.dialect.request(&asked, &settings, self.streaming)?;
            self.pace.wait().await;
            // The server may not know stop sequences, so they are looked for here too. After one, only the token count
            // is still awaited: a budget must know what the reply cost.
            let mut cut = Cut::new(&asked.stop);
            let mut incoming = self.server.ask(&self.dialect, &settings, &body, self.streaming).await?;
            loop {
                let deltas = incoming.next().await?;
                if deltas.is_empty() {
                    break;
                }
                self.pace.note(&deltas);
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

impl<D: fmt::Debug> fmt::Debug for RemoteModel<D> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("RemoteModel");
        shown.field("id", &self.id).field("api_base", &self.server.shown_base());
        shown.field("settings", &self.settings).field("dialect", &self.dialect);
        shown.field("streaming", &self.streaming).finish_non_exhaustive()
    }
}

#[cfg(test)]
impl<D> RemoteModel<D> {
    /// Address, name and key, for tests of who sets them.
    pub(crate) fn parts(&self) -> (&str, &str, Option<&str>) {
        use secrecy::ExposeSecret;
        (&self.server.base, &self.settings.model, self.server.key.as_ref().map(|key| key.expose_secret()))
    }
}
