//! A reply on its way in.

use super::{
    error::{Failure, Retry, html_title, is_passing, message, refusal, root_cause, shorten},
    response::{Chunks, WireError, response},
    server::Server,
};
use crate::sse::{Decoder, Event};
use reqwest::{Response, header::CONTENT_TYPE};
use serde_json::Value;
use smol_core::model::{Delta, ModelError};
use std::time::Duration;

/// Bytes of one event, or of a whole reply, that are taken: far more than any text a model writes.
const LONGEST_EVENT: usize = 16 * 1024 * 1024;
/// How long to wait for the end of a stream that has said its last word. It lets the connection be used again.
const LAST_BYTES: Duration = Duration::from_millis(50);

/// A reply of which the first piece has arrived.
pub(super) struct Incoming<'a> {
    server: &'a Server,
    /// Deltas to hand out before more are read.
    ready: Vec<Delta>,
    /// None once the reply is over.
    events: Option<Events>,
    /// Letters of text so far.
    received: usize,
}

/// A stream that is being read.
struct Events {
    response: Response,
    decoder: Decoder,
    chunks: Chunks,
    /// A reason to stop was given, so the end of the bytes is no accident.
    stopped: bool,
}

impl<'a> Incoming<'a> {
    /// Reads until there is a first piece.
    pub(super) async fn open(server: &'a Server, response: Response) -> Result<Self, Failure> {
        let kind =
            response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_stream = !kind.contains("json") && !kind.contains("html");
        let mut incoming = Self { server, ready: Vec::new(), events: None, received: 0 };
        if is_stream {
            let decoder = Decoder::new(LONGEST_EVENT);
            incoming.events = Some(Events { response, decoder, chunks: Chunks::default(), stopped: false });
            incoming.ready = incoming.read(server.first_token).await?;
        } else {
            incoming.ready = incoming.whole(response).await?;
        }
        Ok(incoming)
    }

    /// The next pieces; none when the reply is over.
    pub(super) async fn next(&mut self) -> Result<Vec<Delta>, ModelError> {
        if !self.ready.is_empty() {
            return Ok(std::mem::take(&mut self.ready));
        }
        let read = self.read(self.server.between_tokens).await;
        read.map_err(|failure| self.server.masked(failure.error))
    }

    /// Reads events until one has something to say. `patience` is how long the server may be silent.
    async fn read(&mut self, patience: Duration) -> Result<Vec<Delta>, Failure> {
        while let Some(mut events) = self.events.take() {
            let event = events.decoder.next_event().map_err(|error| self.malformed(error.to_string()))?;
            let Some(event) = event else {
                let late = |_| self.server.timed_out(patience, "the next token");
                let chunk = tokio::time::timeout(patience, events.response.chunk()).await.map_err(late)?;
                match chunk.map_err(|error| self.cut_off(&root_cause(&error.without_url())))? {
                    Some(chunk) => {
                        events.decoder.feed(&chunk);
                        self.events = Some(events);
                    }
                    None => return self.last(events),
                }
                continue;
            };
            if event.data == "[DONE]" {
                let _ = tokio::time::timeout(LAST_BYTES, events.response.chunk()).await;
                return Ok(Vec::new());
            }
            let deltas = self.deltas(&mut events, &event)?;
            self.events = Some(events);
            if !deltas.is_empty() {
                return Ok(deltas);
            }
        }
        Ok(Vec::new())
    }

    /// What the end of the bytes leaves. Some servers forget the last line ends, or to say that they are done.
    fn last(&mut self, mut events: Events) -> Result<Vec<Delta>, Failure> {
        let decoder = std::mem::replace(&mut events.decoder, Decoder::new(0));
        let event = decoder.finish().map_err(|error| self.malformed(error.to_string()))?;
        let rest = match event {
            Some(event) if event.data == "[DONE]" => Some(Vec::new()),
            // Half an event is the sign of a cut, not of a bad server.
            Some(event) => self.deltas(&mut events, &event).ok().filter(|_| events.stopped),
            None => events.stopped.then(Vec::new),
        };
        rest.ok_or_else(|| self.cut_off("it was closed before the reply ended"))
    }

    fn deltas(&mut self, events: &mut Events, event: &Event) -> Result<Vec<Delta>, Failure> {
        let deltas = match event.name.as_str() {
            "error" => Err(reported(&event.data)),
            _ => events.chunks.event(&event.data),
        };
        let deltas = deltas.map_err(|error| self.wire(error))?;
        for delta in &deltas {
            match delta {
                Delta::Text(text) => self.received += text.chars().count(),
                Delta::Stop(_) => events.stopped = true,
                _ => {}
            }
        }
        Ok(deltas)
    }

    /// A reply that comes at once, because it was asked for so or because the server cannot stream.
    async fn whole(&mut self, reply: Response) -> Result<Vec<Delta>, Failure> {
        let (body, cut) = read_body(reply, LONGEST_EVENT).await;
        if let Some(cause) = cut {
            return Err(self.cut_off(&cause));
        }
        let text = String::from_utf8_lossy(&body);
        if let Some(page) = html_title(&text) {
            return Err(self.web_page(&page).into());
        }
        let unreadable = |error| self.malformed(format!("{error} in `{}`", shorten(&text)));
        let json = serde_json::from_str(&text).map_err(unreadable)?;
        response(&json).map_err(|error| self.wire(error))
    }

    fn web_page(&self, page: &str) -> ModelError {
        ModelError::Setup {
            message: format!(
                "`{}` answered with {page} instead of a chat completion",
                self.server.shown_base()
            ),
            hint: "does the address of the server's API end in `/v1`?".to_owned(),
        }
    }

    fn malformed(&self, detail: String) -> ModelError {
        ModelError::Malformed { url: self.server.shown_base(), detail, received: self.received }
    }

    fn cut_off(&self, cause: &str) -> Failure {
        Failure { error: self.malformed(format!("the connection was cut: {cause}")), retry: Retry::Soon }
    }

    fn wire(&self, error: WireError) -> Failure {
        match error {
            WireError::Unreadable(detail) => self.malformed(detail).into(),
            WireError::Refused { status, message } => {
                let status = status.unwrap_or(200);
                let hint = self.server.hint(status, &Value::Null, None);
                let message = format!("in its reply, {message}");
                let error = ModelError::Status { url: self.server.shown_base(), status, message, hint };
                Failure { error, retry: if is_passing(status) { Retry::Soon } else { Retry::Never } }
            }
        }
    }
}

/// The error that an event of this name tells of, in whatever shape.
fn reported(data: &str) -> WireError {
    let json = serde_json::from_str::<Value>(data).unwrap_or_default();
    WireError::Refused { status: refusal(&json).and_then(|(status, _)| status), message: message(data) }
}

/// The first `limit` bytes of a body, and why they end early if the connection was cut.
pub(super) async fn read_body(mut response: Response, limit: usize) -> (Vec<u8>, Option<String>) {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > limit => {
                body.extend(chunk.into_iter().take(limit - body.len()));
                return (body, None);
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return (body, None),
            Err(error) => return (body, Some(root_cause(&error.without_url()))),
        }
    }
}
