//! The event-stream format read the slow and obvious way, whole text at once. The fuzz target holds the decoder
//! against it too.

use super::arbitrary::{Result, Unstructured};
use smol_models::sse::{Decoder, Event};

/// No event of these inputs is longer.
const LIMIT: usize = 1 << 20;
/// What streams are made of, besides single bytes.
const PIECES: &[&str] = &[
    "\n", "\n\n", "\r", "\r\n", "data", "data:", "event: x", ":", " ", "a", "ü", "\u{feff}", "🦀", "\0",
    "id: 7",
];

/// Makes a stream and its chunks, and checks them. Chunks often end between pieces, where line ends are cut in two.
pub(crate) fn check_any(source: &mut Unstructured) -> Result<()> {
    let (mut stream, mut cuts, mut since_cut) = (Vec::new(), Vec::new(), 0);
    while !source.is_empty() {
        let start = stream.len();
        match PIECES.get(usize::from(source.arbitrary::<u8>()?) % (PIECES.len() + 1)) {
            Some(piece) => stream.extend_from_slice(piece.as_bytes()),
            None => stream.push(source.arbitrary()?),
        }
        since_cut += stream.len() - start;
        match source.arbitrary::<u8>()? % 4 {
            0 => cuts.push(std::mem::take(&mut since_cut)),
            1 if since_cut > 1 => {
                cuts.push(since_cut - 1);
                since_cut = 1;
            }
            _ => {}
        }
    }
    check(&stream, &cuts);
    Ok(())
}

/// The events of `bytes`, decoded in chunks whose lengths `cuts` gives, are those that the format's rules give.
pub(crate) fn check(bytes: &[u8], cuts: &[usize]) {
    assert_eq!(decode(bytes, cuts), rules(bytes));
}

fn decode(bytes: &[u8], cuts: &[usize]) -> Vec<Event> {
    let mut decoder = Decoder::new(LIMIT);
    let mut events = Vec::new();
    let mut rest = bytes;
    for cut in cuts.iter().chain([&bytes.len()]) {
        let (chunk, after) = rest.split_at((*cut).min(rest.len()));
        rest = after;
        decoder.feed(chunk);
        while let Some(event) = decoder.next_event().expect("no event is too long") {
            events.push(event);
        }
    }
    events.extend(decoder.finish().expect("no event is too long"));
    events
}

fn rules(bytes: &[u8]) -> Vec<Event> {
    let text = String::from_utf8_lossy(bytes) + "\n\n";
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n").replace('\r', "\n");
    let mut events = Vec::new();
    let (mut name, mut data) = (String::new(), Vec::new());
    for line in text.split('\n') {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            _ if line.is_empty() => {
                let name = std::mem::take(&mut name);
                let data: Vec<String> = std::mem::take(&mut data);
                if !data.is_empty() {
                    events.push(Event { name, data: data.join("\n") });
                }
            }
            "data" => data.push(value.to_owned()),
            "event" => name = value.to_owned(),
            _ => {}
        }
    }
    events
}
