//! Parts of a reply that go back to where they stood.
//!
//! A turn keeps its text, its calls and what only the wire can read apart, but some services check the order in which
//! they said them: a signed thought must come before the call that it led to. So each such part remembers how much of
//! the text and how many calls came before it.

use serde_json::{Value, json};
use smol_core::{
    message::{Message, Opaque},
    model::Delta,
};

/// Counts a reply as it is read.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// Bytes of text so far.
    text: usize,
    calls: usize,
}

impl Places {
    /// More text, if it is any.
    pub(crate) fn text(&mut self, text: &str) -> Option<Delta> {
        self.text += text.len();
        (!text.is_empty()).then(|| Delta::Text(text.to_owned()))
    }

    /// The index of a call that begins.
    pub(crate) fn call(&mut self) -> usize {
        self.calls += 1;
        self.calls - 1
    }

    /// What stands here and goes back so.
    pub(crate) fn keep(&self, wire: &str, part: Value) -> Delta {
        self.keep_instead(wire, 0, part)
    }

    /// What goes back instead of the last `bytes` of the text.
    pub(crate) fn keep_instead(&self, wire: &str, bytes: usize, part: Value) -> Delta {
        let value = json!({"text": self.text.saturating_sub(bytes), "instead": bytes, "calls": self.calls, "part": part});
        Delta::Opaque(Opaque { wire: wire.to_owned(), value })
    }
}

/// A piece of a turn, in the order in which it was said.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    /// The call of this index.
    Call(usize),
    Kept(&'a Value),
}

/// The pieces of a turn whose text is `text`.
pub(crate) fn pieces<'a>(message: &'a Message, text: &'a str, wire: &str) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let (mut rest, mut calls) = (text, 0..message.tool_calls.len());
    for value in message.opaque.iter().filter(|part| part.wire == wire).map(|part| &part.value) {
        let Some(part) = value.get("part") else { continue };
        let count = |name: &str| {
            let count = value.get(name).and_then(Value::as_u64).unwrap_or(0);
            usize::try_from(count).unwrap_or(usize::MAX)
        };
        let said = split(rest, count("text").saturating_sub(text.len() - rest.len()));
        pieces.extend(Some(Piece::Text(said.0)).filter(|_| !said.0.is_empty()));
        rest = split(said.1, count("instead")).1;
        let begun = count("calls").saturating_sub(calls.start);
        pieces.extend(calls.by_ref().take(begun).map(Piece::Call));
        pieces.push(Piece::Kept(part));
    }
    pieces.extend(Some(Piece::Text(rest)).filter(|_| !rest.is_empty()));
    pieces.extend(calls.map(Piece::Call));
    pieces
}

/// Splits after so many bytes, or as many as there are, and never inside a letter.
fn split(text: &str, bytes: usize) -> (&str, &str) {
    text.split_at(text.floor_char_boundary(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use smol_core::message::{Role, ToolCall};

    #[track_caller]
    fn check(text: &str, expect: &[Piece]) {
        let mut places = Places::default();
        let mut opaque = vec![places.keep("w", json!(1))];
        places.text("greet");
        assert_eq!(places.call(), 0);
        opaque.push(places.keep_instead("w", 2, json!(2)));
        opaque.push(places.keep("other", json!(3)));
        let call = |id: &str| ToolCall { id: id.into(), name: "f".into(), arguments: json!({}) };
        let opaque = opaque.into_iter().filter_map(|delta| match delta {
            Delta::Opaque(part) => Some(part),
            _ => None,
        });
        let message = Message {
            tool_calls: vec![call("a"), call("b")],
            opaque: opaque.collect(),
            ..Message::new(Role::Assistant, text)
        };
        assert_eq!(pieces(&message, text, "w"), expect, "{text}");
    }

    #[test]
    fn pieces_come_in_the_order_in_which_they_were_said() {
        let (one, two) = (&json!(1), &json!(2));
        let (kept, text, call) = (Piece::Kept, Piece::Text, Piece::Call);
        check("greet!", &[kept(one), text("gre"), call(0), kept(two), text("!"), call(1)]);
        check("gr", &[kept(one), text("gr"), call(0), kept(two), call(1)]);
        check("", &[kept(one), call(0), kept(two), call(1)]);
        // A text that was changed is cut between letters all the same.
        check("grüße", &[kept(one), text("gr"), call(0), kept(two), text("ße"), call(1)]);
    }
}
