//! Amazon's binary event stream, as far as models need it.
//!
//! The format is that of <https://smithy.io/2.0/aws/amazon-eventstream.html>: each message says its length first, has
//! named headers and a payload, and two checksums. `aws-smithy-eventstream` reads messages; what it leaves to us is to
//! refuse a length that no reply has, before memory is taken for it.

use crate::sse::Event;
use aws_smithy_eventstream::frame::read_message_from;
use aws_smithy_types::event_stream::Message;

/// Bytes that say how long a message is.
const LENGTH: usize = 4;

/// Turns bytes into events: [`Frames::feed`] it a chunk, then take events until there is none.
#[derive(Debug)]
pub struct Frames {
    limit: usize,
    /// Bytes not yet decoded: `buffer[start..]`.
    buffer: Vec<u8>,
    start: usize,
}

impl Frames {
    /// A decoder that refuses messages of more than `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self { limit, buffer: Vec::new(), start: 0 }
    }

    /// Takes in what the network gave.
    pub fn feed(&mut self, chunk: &[u8]) {
        self.buffer.drain(..self.start);
        self.start = 0;
        self.buffer.extend_from_slice(chunk);
    }

    /// The next event whose end has arrived, if any: its name is the type of the event or of the exception.
    ///
    /// # Errors
    /// The message is longer than the limit, or damaged. Nothing after it can be read.
    pub fn next_event(&mut self) -> Result<Option<Event>, String> {
        let bytes = self.buffer.get(self.start..).unwrap_or_default();
        let Some(length) = bytes.first_chunk::<LENGTH>() else { return Ok(None) };
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
        if length > self.limit {
            return Err(format!("an event is longer than {} bytes", self.limit));
        }
        // A length too short for the message itself is left to its reader to refuse.
        let Some(message) = bytes.get(..length.max(LENGTH)) else { return Ok(None) };
        let read = read_message_from(message).map_err(|error| format!("an event is damaged: {error}"))?;
        self.start += length;
        Ok(Some(event(&read)))
    }
}

fn event(message: &Message) -> Event {
    let header = |name: &str| {
        let found = message.headers().iter().find(|header| header.name().as_str() == name)?;
        found.value().as_string().ok().map(|text| text.as_str().to_owned())
    };
    match header(":message-type").as_deref() {
        // An error that is none of the wire's own: it has no payload.
        Some("error") => {
            let said = [header(":error-code"), header(":error-message")];
            let said: Vec<String> = said.into_iter().flatten().collect();
            Event { name: "error".to_owned(), data: said.join(": ") }
        }
        Some("exception") => named(header(":exception-type"), message),
        _ => named(header(":event-type"), message),
    }
}

fn named(name: Option<String>, message: &Message) -> Event {
    let data = String::from_utf8_lossy(message.payload()).into_owned();
    Event { name: name.unwrap_or_default(), data }
}
