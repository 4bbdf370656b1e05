//! Server-sent events, as every streaming chat service writes them.
//!
//! The decoder works on bytes, because a network chunk may end anywhere: in the middle of a letter, of a line end, of
//! an event. Whatever the chunks, the events are the same. An event that never ends must not fill the memory, so it
//! has a size limit, checked before more bytes are asked for.

/// One event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// The event's name; most services leave it empty.
    pub name: String,
    /// The lines of data, joined by line breaks.
    pub data: String,
}

/// An event grew past the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event is longer than {limit} bytes")]
pub struct TooLong {
    /// The limit, in bytes.
    pub limit: usize,
}

/// Turns bytes into events: [`Decoder::feed`] it a chunk, then take events until there is none.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    /// Bytes not yet decoded: `buffer[start..]`, of which `buffer[start..scanned]` holds no line end.
    buffer: Vec<u8>,
    start: usize,
    scanned: usize,
    /// The last line ended in a carriage return, so a line feed right after it belongs to that end.
    after_return: bool,
    first_line: bool,
    name: Vec<u8>,
    data: Option<Vec<u8>>,
    /// Bytes of the lines that the current event is made of.
    size: usize,
}

impl Decoder {
    /// A decoder that refuses events of more than `limit` bytes.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            buffer: Vec::new(),
            start: 0,
            scanned: 0,
            after_return: false,
            first_line: true,
            name: Vec::new(),
            data: None,
            size: 0,
        }
    }

    /// Takes in what the network gave.
    pub fn feed(&mut self, chunk: &[u8]) {
        self.buffer.drain(..self.start);
        self.scanned -= self.start;
        self.start = 0;
        self.buffer.extend_from_slice(chunk);
    }

    /// The next event whose end has arrived, if any.
    pub fn next_event(&mut self) -> Result<Option<Event>, TooLong> {
        while let Some(line) = self.next_line()? {
            let bytes = self.buffer.get(line).unwrap_or_default();
            let bytes =
                if self.first_line { bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes) } else { bytes };
            self.first_line = false;
            if bytes.is_empty() {
                if let Some(event) = self.dispatch() {
                    return Ok(Some(event));
                }
            } else if let Some((field, value)) = field(bytes) {
                self.size += bytes.len();
                match field {
                    b"data" => append_line(&mut self.data, value),
                    b"event" => self.name = value.to_vec(),
                    _ => {}
                }
            }
        }
        Ok(None)
    }

    /// What the end of the bytes leaves: some servers close without the blank line that ends their last event.
    pub fn finish(mut self) -> Result<Option<Event>, TooLong> {
        self.feed(b"\n\n");
        self.next_event()
    }

    /// Where the next line lies in the buffer, its end excluded.
    fn next_line(&mut self) -> Result<Option<std::ops::Range<usize>>, TooLong> {
        if self.after_return && self.start < self.buffer.len() {
            self.after_return = false;
            self.start += usize::from(self.buffer.get(self.start) == Some(&b'\n'));
            self.scanned = self.start;
        }
        let unscanned = self.buffer.get(self.scanned..).unwrap_or_default();
        let end = unscanned.iter().position(|byte| matches!(byte, b'\n' | b'\r')).map(|at| self.scanned + at);
        let line = self.start..end.unwrap_or(self.buffer.len());
        if self.size + line.len() > self.limit {
            return Err(TooLong { limit: self.limit });
        }
        self.scanned = line.end;
        let Some(end) = end else { return Ok(None) };
        self.after_return = self.buffer.get(end) == Some(&b'\r');
        self.start = end + 1;
        self.scanned = self.start;
        Ok(Some(line))
    }

    /// The event that a blank line ends. One without data is none.
    fn dispatch(&mut self) -> Option<Event> {
        self.size = 0;
        let name = std::mem::take(&mut self.name);
        let data = self.data.take()?;
        Some(Event { name: text(name), data: text(data) })
    }
}

/// Splits a line into the field's name and value. A comment has no name and is none.
fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let Some(colon) = line.iter().position(|byte| *byte == b':') else { return Some((line, b"")) };
    let (name, value) = line.split_at(colon);
    let value = value.strip_prefix(b":").unwrap_or_default();
    (!name.is_empty()).then_some((name, value.strip_prefix(b" ").unwrap_or(value)))
}

fn append_line(data: &mut Option<Vec<u8>>, line: &[u8]) {
    match data {
        None => *data = Some(line.to_vec()),
        Some(data) => {
            data.push(b'\n');
            data.extend_from_slice(line);
        }
    }
}

/// Bytes that are no UTF-8 become the replacement character, as the event-stream standard wants.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
