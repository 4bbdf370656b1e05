//! From the bytes of tokens to text that may be shown: whole characters, and nothing of a stop sequence.

use crate::stop::Held;

/// Text of a reply as it grows.
pub(super) struct ReplyText {
    /// Bytes of a character that is not complete yet.
    bytes: Vec<u8>,
    held: Held,
}

impl ReplyText {
    /// A reply that ends before the first of `stops`.
    pub(super) fn new(stops: Vec<String>) -> Self {
        Self { bytes: Vec::new(), held: Held::new(stops) }
    }

    /// Adds the bytes of a token. Returns the text that is now certain, and whether a stop sequence ended the reply.
    pub(super) fn push(&mut self, bytes: &[u8]) -> (String, bool) {
        self.bytes.extend_from_slice(bytes);
        self.held.push(&take_characters(&mut self.bytes))
    }

    /// What was held back, now that the model has nothing to add.
    pub(super) fn finish(&mut self) -> String {
        self.held.finish() + &String::from_utf8_lossy(&std::mem::take(&mut self.bytes))
    }
}

/// Takes all complete characters out of `bytes`; what can never become one is replaced by U+FFFD.
fn take_characters(bytes: &mut Vec<u8>) -> String {
    let mut text = String::new();
    let mut taken = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        taken += chunk.valid().len();
        let is_unfinished =
            std::str::from_utf8(chunk.invalid()).is_err_and(|error| error.error_len().is_none());
        let is_last = taken + chunk.invalid().len() == bytes.len();
        if chunk.invalid().is_empty() || is_last && is_unfinished {
            continue;
        }
        text.push(char::REPLACEMENT_CHARACTER);
        taken += chunk.invalid().len();
    }
    bytes.drain(..taken);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `pieces`, and expects the texts that come out, then the rest.
    fn check(stops: &[&str], pieces: &[&[u8]], expect: &[&str], rest: Option<&str>) {
        let mut reply = ReplyText::new(stops.iter().map(ToString::to_string).collect());
        let mut texts = Vec::new();
        for piece in pieces {
            let (text, stopped) = reply.push(piece);
            texts.push(text);
            if stopped {
                assert_eq!(
                    (texts, None),
                    (expect.iter().map(ToString::to_string).collect(), rest),
                    "{stops:?} {pieces:?}"
                );
                return;
            }
        }
        assert_eq!(texts, expect, "{stops:?} {pieces:?}");
        assert_eq!(Some(reply.finish().as_str()), rest, "{stops:?} {pieces:?}");
    }

    #[test]
    fn characters_come_out_whole() {
        check(&[], &[b"a", "é".as_bytes()], &["a", "é"], Some(""));
        check(&[], &[b"\xF0\x9F", b"\x98", b"\x80!"], &["", "", "😀!"], Some(""));
        check(&[], &[b"a\xFFb"], &["a\u{FFFD}b"], Some(""));
        check(&[], &[b"a\xE2\x82"], &["a"], Some("\u{FFFD}"));
        check(&[], &[b"\xE2\x82", b"x"], &["", "\u{FFFD}x"], Some(""));
    }

    #[test]
    fn a_stop_sequence_never_shows() {
        check(&["</code>"], &[b"x = 1\n</", b"co", b"de>tail"], &["x = 1\n", "", ""], None);
        check(&["</code>"], &[b"a <", b"b"], &["a ", "<b"], Some(""));
        check(&["</code>"], &[b"a </cod"], &["a "], Some("</cod"));
        check(&["ab", "b"], &[b"xab"], &["x"], None);
        check(&["aab"], &[b"a", b"a", b"a", b"b"], &["", "", "a", ""], None);
        check(&["é!"], &[b"\xC3", b"\xA9", b"?"], &["", "", "é?"], Some(""));
        check(&[""], &[b"a"], &["a"], Some(""));
    }
}
