//! Bytes of a stream to events, by whichever framing the wire uses.

use crate::{
    dialect::Framing,
    sse::{Decoder, Event},
};

/// Cuts a stream into events.
#[derive(Debug)]
pub(super) enum Frames {
    /// Server-sent events.
    ServerSentEvents(Decoder),
    /// One event a line.
    Lines { buffer: Vec<u8>, limit: usize },
    #[cfg(feature = "bedrock")]
    Amazon(crate::bedrock::Frames),
}

impl Frames {
    /// Events of more than `limit` bytes are refused.
    pub(super) fn new(framing: Framing, limit: usize) -> Self {
        match framing {
            Framing::ServerSentEvents => Self::ServerSentEvents(Decoder::new(limit)),
            Framing::Lines => Self::Lines { buffer: Vec::new(), limit },
            #[cfg(feature = "bedrock")]
            Framing::Amazon => Self::Amazon(crate::bedrock::Frames::new(limit)),
        }
    }

    pub(super) fn feed(&mut self, chunk: &[u8]) {
        match self {
            Self::ServerSentEvents(decoder) => decoder.feed(chunk),
            Self::Lines { buffer, .. } => buffer.extend_from_slice(chunk),
            #[cfg(feature = "bedrock")]
            Self::Amazon(frames) => frames.feed(chunk),
        }
    }

    /// The next event whose end has arrived, if any.
    pub(super) fn next_event(&mut self) -> Result<Option<Event>, String> {
        match self {
            Self::ServerSentEvents(decoder) => decoder.next_event().map_err(|error| error.to_string()),
            Self::Lines { buffer, limit } => next_line(buffer, *limit),
            #[cfg(feature = "bedrock")]
            Self::Amazon(frames) => frames.next_event(),
        }
    }

    /// What the end of the bytes completes.
    pub(super) fn finish(self) -> Result<Option<Event>, String> {
        match self {
            Self::ServerSentEvents(decoder) => decoder.finish().map_err(|error| error.to_string()),
            Self::Lines { buffer, .. } => Ok(line(&buffer)),
            #[cfg(feature = "bedrock")]
            Self::Amazon(_) => Ok(None),
        }
    }
}

fn next_line(buffer: &mut Vec<u8>, limit: usize) -> Result<Option<Event>, String> {
    while let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
        let bytes: Vec<u8> = buffer.drain(..=end).collect();
        if let Some(event) = line(&bytes) {
            return Ok(Some(event));
        }
    }
    if buffer.len() > limit { Err(format!("a line is longer than {limit} bytes")) } else { Ok(None) }
}

fn line(bytes: &[u8]) -> Option<Event> {
    let data = String::from_utf8_lossy(bytes).trim().to_owned();
    (!data.is_empty()).then(|| Event { name: String::new(), data })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_events_however_they_arrive() {
        let text = "{\"a\":1}\n\n{\"b\":\"ü\"}\r\n{\"c\":3}";
        for size in 1..=text.len() {
            let mut frames = Frames::new(Framing::Lines, 20);
            let mut found = Vec::new();
            for chunk in text.as_bytes().chunks(size) {
                frames.feed(chunk);
                while let Some(event) = frames.next_event().unwrap() {
                    found.push(event.data);
                }
            }
            found.extend(frames.finish().unwrap().map(|event| event.data));
            assert_eq!(found, ["{\"a\":1}", "{\"b\":\"ü\"}", "{\"c\":3}"], "{size}");
        }
        let mut frames = Frames::new(Framing::Lines, 3);
        frames.feed(b"12345");
        assert_eq!(frames.next_event(), Err("a line is longer than 3 bytes".to_owned()));
    }
}
