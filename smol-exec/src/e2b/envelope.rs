//! Messages of a stream of the Connect protocol, <https://connectrpc.com/docs/protocol>: a byte of flags, the length as four
//! bytes, the most significant first, then the message.

use serde_json::Value;

/// Says that a message is compressed, which we do not ask for.
const COMPRESSED: u8 = 1;
/// Says that it is the last, and no message but how the stream ended.
const LAST: u8 = 2;
/// The largest message that is taken, in bytes. The daemon hands output on in pieces of some ten thousand.
const LARGEST: usize = 16 << 20;

/// What a stream holds.
#[derive(Debug, PartialEq)]
pub(super) enum Message {
    One(Value),
    /// The stream ended, with an error if it says so.
    Last(Option<String>),
}

/// The envelope of a message.
pub(super) fn seal(message: &Value) -> Vec<u8> {
    let message = message.to_string();
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    [&[0], &length.to_be_bytes()[..], message.as_bytes()].concat()
}

/// Gathers what comes of a stream.
#[derive(Default)]
pub(super) struct Envelopes {
    bytes: Vec<u8>,
}

impl Envelopes {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next message that has come whole.
    pub(super) fn next(&mut self) -> Result<Option<Message>, String> {
        let Some((&[flags, a, b, c, d], rest)) = self.bytes.split_first_chunk() else { return Ok(None) };
        let length = u32::from_be_bytes([a, b, c, d]) as usize;
        if length > LARGEST {
            return Err(format!("it sent a message of {length} bytes, limit {LARGEST}"));
        }
        let Some(message) = rest.get(..length) else { return Ok(None) };
        let opened = open(flags, message);
        self.bytes.drain(..5 + length);
        opened.map(Some)
    }
}

fn open(flags: u8, message: &[u8]) -> Result<Message, String> {
    if flags & COMPRESSED != 0 {
        return Err("it sent a compressed message".to_owned());
    }
    let message = serde_json::from_slice::<Value>(message);
    let message = message.map_err(|error| format!("it sent a message that cannot be read: {error}"))?;
    if flags & LAST == 0 {
        return Ok(Message::One(message));
    }
    Ok(Message::Last(message.get("error").map(|error| {
        let part = |name| error.get(name).and_then(Value::as_str).unwrap_or_default();
        format!("{} ({})", part("message"), part("code"))
    })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(pieces: &[&[u8]], expect: &[Result<Message, &str>]) {
        let mut envelopes = Envelopes::default();
        let mut got = Vec::new();
        for piece in pieces {
            envelopes.push(piece);
            while let Some(next) = envelopes.next().transpose() {
                let failed = next.is_err();
                got.push(next);
                if failed {
                    break;
                }
            }
        }
        let expect: Vec<_> =
            expect.iter().map(|expect| expect.as_ref().map_err(|error| error.to_string())).collect();
        assert_eq!(got.iter().map(|got| got.as_ref().map_err(Clone::clone)).collect::<Vec<_>>(), expect);
    }

    #[test]
    fn messages_come_whole_however_they_were_cut() {
        let one = seal(&json!({ "event": {} }));
        check(&[], &[]);
        check(&[&one], &[Ok(Message::One(json!({ "event": {} })))]);
        check(&[&one[..3], &one[3..8], &one[8..]], &[Ok(Message::One(json!({ "event": {} })))]);
        let two = [one.clone(), one.clone()].concat();
        check(&[&two], &[Ok(Message::One(json!({ "event": {} }))), Ok(Message::One(json!({ "event": {} })))]);
    }

    #[test]
    fn the_last_says_how_it_ended() {
        check(&[b"\x02\0\0\0\x02{}"], &[Ok(Message::Last(None))]);
        let error = br#"{"error":{"code":"unavailable","message":"gone"}}"#;
        let sealed = [&[2, 0, 0, 0, error.len() as u8][..], error].concat();
        check(&[&sealed], &[Ok(Message::Last(Some("gone (unavailable)".to_owned())))]);
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        check(&[b"\x01\0\0\0\x02{}"], &[Err("it sent a compressed message")]);
        check(&[b"\0\xff\0\0\0"], &[Err("it sent a message of 4278190080 bytes, limit 16777216")]);
        check(
            &[b"\0\0\0\0\x01{"],
            &[Err("it sent a message that cannot be read: EOF while parsing an object at line 1 column 1")],
        );
    }
}
