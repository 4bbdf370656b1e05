//! How a family of services words requests and replies.
//!
//! A [`Dialect`] is plain functions from values to values: it does no IO, reads no clock and no environment, so it can be
//! tested on recorded bodies. What moves the bytes, tries again and keeps time is [`crate::remote`], the same for all.

use crate::sse::Event;
use futures::future::BoxFuture;
use reqwest::Url;
use secrecy::SecretString;
use serde_json::{Map, Value};
use smol_core::model::{Delta, ModelError, Request};
use std::{fmt, sync::Arc};

/// What shapes every request of a model, apart from the conversation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// The model's name, as its service knows it.
    pub model: String,
    /// How freely the model picks its words; `None` leaves it to the service.
    pub temperature: Option<f64>,
    /// The longest reply, in tokens; `None` leaves it to the service.
    pub max_tokens: Option<u64>,
    /// Further fields of the body. They replace ours of the same name; a null removes it.
    pub extra_body: Map<String, Value>,
}

impl Settings {
    /// These, with what the request itself asks for.
    pub(crate) fn for_request(&self, request: &Request) -> Self {
        Self {
            temperature: request.temperature.or(self.temperature),
            max_tokens: request.max_tokens.or(self.max_tokens),
            ..self.clone()
        }
    }

    /// These with only those further fields that the body has a place for, and the rest of them.
    pub(crate) fn split(&self, places: &[&str]) -> (Self, Map<String, Value>) {
        let (fields, rest) =
            self.extra_body.clone().into_iter().partition(|(name, _)| places.contains(&name.as_str()));
        (Self { extra_body: fields, ..self.clone() }, rest)
    }

    /// The body with the further fields, and without those that are null.
    pub(crate) fn complete(&self, mut body: Map<String, Value>) -> Value {
        for (name, value) in &self.extra_body {
            body.insert(name.clone(), value.clone());
        }
        body.retain(|_, value| !value.is_null());
        body.into()
    }
}

/// One wire.
pub trait Dialect: fmt::Debug + Send + Sync + 'static {
    /// Where the request goes, under the address of the service.
    fn url(&self, base: &Url, settings: &Settings, stream: bool) -> Url;

    /// The body that asks for `request`, in one piece or as a stream.
    ///
    /// # Errors
    /// [`ModelError::Setup`] where the wire has no place for what is asked.
    fn request(&self, request: &Request, settings: &Settings, stream: bool) -> Result<Value, ModelError>;

    /// The deltas of a whole reply's body.
    ///
    /// # Errors
    /// The body reports an error, or is no reply.
    fn response(&self, body: &Value) -> Result<Vec<Delta>, WireError>;

    /// A reader for the events of one streamed reply.
    fn events(&self) -> Box<dyn Events>;

    /// How events are told apart in the bytes of a stream.
    fn framing(&self) -> Framing {
        Framing::ServerSentEvents
    }

    /// The header that carries the key, and what stands before the key in it.
    fn key_header(&self) -> (&str, &str) {
        ("authorization", "Bearer ")
    }

    /// What the user may do about a refusal, where this wire knows better than its status tells. `said` is the body.
    fn hint(&self, status: u16, said: &str) -> Option<String> {
        let _ = (status, said);
        None
    }

    /// Headers of every request, such as the version of the wire.
    fn headers(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// What it signs with: no error may show it.
    fn secrets(&self) -> Vec<SecretString> {
        Vec::new()
    }

    /// Further headers that depend on the request: a signature, or a token that is fetched. Most wires have none.
    fn sign<'a>(&'a self, _: Unsigned<'a>) -> BoxFuture<'a, Result<Vec<(String, SecretString)>, ModelError>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }
}

/// What speaks another's wire as it is: a type of its own for the sake of how its models are made.
pub(crate) trait Speaks: fmt::Debug + Send + Sync + 'static {
    fn wire(&self) -> &dyn Dialect;
}

impl Speaks for Arc<dyn Dialect> {
    fn wire(&self) -> &dyn Dialect {
        &**self
    }
}

impl<S: Speaks> Dialect for S {
    fn url(&self, base: &Url, settings: &Settings, stream: bool) -> Url {
        self.wire().url(base, settings, stream)
    }

    fn request(&self, request: &Request, settings: &Settings, stream: bool) -> Result<Value, ModelError> {
        self.wire().request(request, settings, stream)
    }

    fn response(&self, body: &Value) -> Result<Vec<Delta>, WireError> {
        self.wire().response(body)
    }

    fn events(&self) -> Box<dyn Events> {
        self.wire().events()
    }

    fn framing(&self) -> Framing {
        self.wire().framing()
    }

    fn key_header(&self) -> (&str, &str) {
        self.wire().key_header()
    }

    fn hint(&self, status: u16, said: &str) -> Option<String> {
        self.wire().hint(status, said)
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        self.wire().headers()
    }

    fn secrets(&self) -> Vec<SecretString> {
        self.wire().secrets()
    }

    fn sign<'a>(
        &'a self,
        unsigned: Unsigned<'a>,
    ) -> BoxFuture<'a, Result<Vec<(String, SecretString)>, ModelError>> {
        self.wire().sign(unsigned)
    }
}

/// A request before it is signed: a POST of JSON.
#[derive(Debug, Clone, Copy)]
pub struct Unsigned<'a> {
    /// Where it goes.
    pub url: &'a Url,
    /// What is sent.
    pub body: &'a [u8],
}

/// How a stream is cut into events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// Server-sent events ([`crate::sse`]).
    ServerSentEvents,
    /// One JSON value a line.
    Lines,
    /// Amazon's binary event stream.
    #[cfg(feature = "bedrock")]
    Amazon,
}

/// Reads the events of one streamed reply, in order.
pub trait Events: Send {
    /// What an event says.
    ///
    /// # Errors
    /// The event reports an error, or cannot be read.
    fn event(&mut self, event: &Event) -> Result<Heard, WireError>;
}

/// What an event said.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// More of the reply; empty for an event that only keeps the connection alive.
    Deltas(Vec<Delta>),
    /// The reply is complete.
    Over,
}

/// Why a body or an event gave no deltas.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// The service reported an error inside its reply.
    #[error("{message}")]
    Refused {
        /// The HTTP status that it would have had, if the report names one.
        status: Option<u16>,
        /// What the service said.
        message: String,
    },
    /// The body is no reply.
    #[error("{0}")]
    Unreadable(String),
}

impl WireError {
    /// Something in `found` that the wire does not allow.
    pub(crate) fn unreadable(what: impl fmt::Display, found: &str) -> Self {
        Self::Unreadable(format!("{what} in `{}`", crate::remote::shorten(found)))
    }
}

/// `base` with further parts of a path, unless it ends in them already.
pub(crate) fn under(base: &Url, parts: &[&str]) -> Url {
    let mut url = base.clone();
    if !url.path().trim_end_matches('/').ends_with(&format!("/{}", parts.join("/")))
        && let Ok(mut segments) = url.path_segments_mut()
    {
        segments.pop_if_empty().extend(parts);
    }
    url
}
