//! The event-stream format read the slow and obvious way, whole text at once. The fuzz target holds the decoder
//! against it too.

use smol_models::sse::{Decoder, Event};

/// No event of these inputs is longer.
const LIMIT: usize = 1 << 20;

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
