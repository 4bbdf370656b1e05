//! Amazon's binary frames: whatever the bytes and their chunks, no panic, and good frames read as what was written.

use super::super::arbitrary::{Result, Unstructured};
use smol_models::{bedrock::Frames, sse::Event};

pub(super) fn check(source: &mut Unstructured, told: &[Event]) -> Result<()> {
    let bytes: Vec<u8> = told.iter().flat_map(frame).collect();
    assert_eq!(read(&bytes, source)?, told);
    let mut damaged = bytes;
    if !damaged.is_empty() {
        let place = source.choose_index(damaged.len())?;
        damaged[place] = source.arbitrary()?;
    }
    let _ = read(&damaged, source)?;
    Ok(())
}

/// What comes of the bytes in chunks, up to the first damage.
fn read(mut bytes: &[u8], source: &mut Unstructured) -> Result<Vec<Event>> {
    let (mut frames, mut found) = (Frames::new(1 << 20), Vec::new());
    while !bytes.is_empty() {
        let (chunk, rest) = bytes.split_at(source.int_in_range(1..=bytes.len())?);
        bytes = rest;
        frames.feed(chunk);
        loop {
            match frames.next_event() {
                Ok(Some(event)) => found.push(event),
                Ok(None) => break,
                Err(_) => return Ok(found),
            }
        }
    }
    Ok(found)
}

/// The message, as the format's description says it is written.
fn frame(event: &Event) -> Vec<u8> {
    let kind = if event.name.ends_with("Exception") { "exception" } else { "event" };
    let mut headers = Vec::new();
    for (name, value) in [(format!(":{kind}-type"), event.name.as_str()), (":message-type".to_owned(), kind)]
    {
        headers.push(u8::try_from(name.len()).expect("a name is short"));
        headers.extend(name.as_bytes());
        headers.push(7);
        headers.extend(u16::try_from(value.len()).expect("a value is short").to_be_bytes());
        headers.extend(value.as_bytes());
    }
    let number = |length: usize| u32::try_from(length).expect("a frame is short").to_be_bytes();
    let mut bytes = number(headers.len() + event.data.len() + 16).to_vec();
    bytes.extend(number(headers.len()));
    bytes.extend(checksum(&bytes).to_be_bytes());
    bytes.extend(headers);
    bytes.extend(event.data.as_bytes());
    bytes.extend(checksum(&bytes).to_be_bytes());
    bytes
}

/// CRC-32, bit by bit.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32| if sum & 1 == 1 { (sum >> 1) ^ 0xEDB8_8320 } else { sum >> 1 };
    !bytes.iter().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum)))
}
