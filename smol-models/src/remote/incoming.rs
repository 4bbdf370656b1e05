//! A reply on its way in.

use super::frames::Frames;
use super::{
    error::{Failure, Retry, html_title, is_passing, message, refusal, root_cause, shorten},
    server::Server,
};
use crate::{
    dialect::{Dialect, Events, Heard, WireError},
    sse::Event,
};
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
    dialect: &'a dyn Dialect,
    /// Deltas to hand out before more are read.
    ready: Vec<Delta>,
    /// None once the reply is over.
    stream: Option<Stream>,
    /// Letters of text so far.
    received: usize,
}

/// A stream that is being read.
struct Stream {
    response: Response,
    frames: Frames,
    events: Box<dyn Events>,
    /// A reason to stop was given, so the end of the bytes is no accident.
    stopped: bool,
}

impl<'a> Incoming<'a> {
    /// Reads until there is a first piece.
    pub(super) async fn open(
        server: &'a Server,
        dialect: &'a dyn Dialect,
        response: Response,
    ) -> Result<Self, Failure> {
        let kind =
            response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let is_stream = !kind.starts_with("application/json") && !kind.contains("html");
        let mut incoming = Self { server, dialect, ready: Vec::new(), stream: None, received: 0 };
        if is_stream {
            let frames = Frames::new(dialect.framing(), LONGEST_EVENT);
            incoming.stream = Some(Stream { response, frames, events: dialect.events(), stopped: false });
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
        read.map_err(|failure| self.server.masked(self.dialect, failure.error))
    }

    /// Reads events until one has something to say. `patience` is how long the server may be silent.
    async fn read(&mut self, patience: Duration) -> Result<Vec<Delta>, Failure> {
        while let Some(mut stream) = self.stream.take() {
            let event = stream.frames.next_event().map_err(|error| self.malformed(error))?;
            let Some(event) = event else {
                let late = |_| self.server.timed_out(patience, "the next token");
                let chunk = tokio::time::timeout(patience, stream.response.chunk()).await.map_err(late)?;
                match chunk.map_err(|error| self.cut_off(&root_cause(&error.without_url())))? {
                    Some(chunk) => {
                        stream.frames.feed(&chunk);
                        self.stream = Some(stream);
                    }
                    None => return self.last(stream),
                }
                continue;
            };
            let Heard::Deltas(deltas) = self.hear(&mut stream, &event)? else {
                let _ = tokio::time::timeout(LAST_BYTES, stream.response.chunk()).await;
                return Ok(Vec::new());
            };
            self.stream = Some(stream);
            if !deltas.is_empty() {
                return Ok(deltas);
            }
        }
        Ok(Vec::new())
    }

    /// What the end of the bytes leaves. Some servers forget the last line ends, or to say that they are done.
    fn last(&mut self, mut stream: Stream) -> Result<Vec<Delta>, Failure> {
        let empty = Frames::new(self.dialect.framing(), 0);
        let frames = std::mem::replace(&mut stream.frames, empty);
        let event = frames.finish().map_err(|error| self.malformed(error))?;
        // Half an event is the sign of a cut, not of a bad server.
        let rest = match event.and_then(|event| self.hear(&mut stream, &event).ok()) {
            Some(Heard::Over) => Some(Vec::new()),
            Some(Heard::Deltas(deltas)) => stream.stopped.then_some(deltas),
            None => stream.stopped.then(Vec::new),
        };
        rest.ok_or_else(|| self.cut_off("it was closed before the reply ended"))
    }

    fn hear(&mut self, stream: &mut Stream, event: &Event) -> Result<Heard, Failure> {
        let heard = match event.name.as_str() {
            "error" => Err(reported(&event.data)),
            _ => stream.events.event(event),
        };
        let heard = heard.map_err(|error| self.wire(error))?;
        if let Heard::Deltas(deltas) = &heard {
            for delta in deltas {
                match delta {
                    Delta::Text(text) => self.received += text.chars().count(),
                    Delta::Stop(_) => stream.stopped = true,
                    _ => {}
                }
            }
        }
        Ok(heard)
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
        self.dialect.response(&json).map_err(|error| self.wire(error))
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
                let known = self.dialect.hint(status, &message);
                let hint = known.unwrap_or_else(|| self.server.hint(status, &Value::Null, "", None));
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
