//! Where the text of a call comes from. A page that an agent reads may tell it what to do; what the page says should
//! not reach a call that changes the world without somebody having looked.
//!
//! This compares what calls say with what untrusted tools said. It watches no data on its way through the code: a
//! sandbox gives back values, not where they have been.

use serde::Deserialize;
use serde_json::Value;
use smol_core::{
    gate::Ask,
    memory::{CallRecord, MemoryStep},
};
use std::collections::HashSet;

/// How a rule tells that what strangers wrote is in a call, or behind it. Strangers' are the replies, errors too, of
/// tools whose spec says [`untrusted`](crate::ToolSpec::untrusted), and of managed agents that have such a tool.
///
/// This is a net and no wall. Text is found again whatever its case and white space; it is not found if code or the
/// model changed it more than that: encoded, translated, put in other words, cut into short pieces, or made into
/// numbers. [`Untrusted::Call`] lets none of this through, and asks about more than it must. Neither sees what a
/// *reading* call gives away: an address to be visited can carry a secret, so a policy may want rules for those, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Untrusted {
    /// Text of the arguments is text of an untrusted reply: 16 characters in a row; or, from 6 characters on, a whole
    /// argument that is a whole text of the reply, or stands in it and is more than letters, as addresses and account
    /// numbers are. White space does not count.
    Content,
    /// Any untrusted reply came before, whatever the arguments say.
    Call,
}

/// So many characters in a row are no accident.
const PIECE: usize = 16;
/// A whole text of so many is none, either.
const WHOLE: usize = 6;

/// How a call comes from an untrusted reply of this run, if it does.
pub(super) fn trace(ask: &Ask<'_>, by: Untrusted) -> Option<String> {
    let mut replies = untrusted_replies(ask);
    match by {
        Untrusted::Call => replies
            .next()
            .map(|(tool, _)| format!("it comes after `{tool}`, which gives what strangers wrote")),
        Untrusted::Content => {
            let said = texts(&ask.call.arguments);
            let pieces: HashSet<&str> = said.iter().flat_map(|text| pieces(text)).collect();
            replies.find_map(|(tool, reply)| {
                let found = reply.iter().find_map(|text| shared(&said, &pieces, text))?;
                Some(format!("its arguments hold what `{tool}` gave: `{found}`"))
            })
        }
    }
}

/// The texts that untrusted tools of the calling agent gave, by tool, oldest first.
fn untrusted_replies<'a>(ask: &Ask<'a>) -> impl Iterator<Item = (&'a str, Vec<String>)> {
    let (tools, memory, calls) = (ask.tools, ask.memory, ask.calls);
    let finished = memory.iter().filter_map(|step| match step {
        MemoryStep::Action(step) => Some(&step.tool_calls),
        _ => None,
    });
    let is_untrusted =
        |record: &&CallRecord| tools.iter().any(|tool| tool.untrusted && tool.name == record.call.name);
    finished.flatten().chain(calls).filter(is_untrusted).filter_map(|record| {
        let texts = match record.reply.as_ref()? {
            Ok(value) => texts(value),
            Err(error) => vec![plain(error)],
        };
        Some((record.call.name.as_str(), texts))
    })
}

/// What of the arguments this text of a reply has in it.
fn shared(said: &[String], said_pieces: &HashSet<&str>, text: &str) -> Option<String> {
    let whole = said.iter().find(|said| {
        let tells = said.chars().any(|letter| !letter.is_alphabetic());
        said.chars().count() >= WHOLE && (*said == text || (tells && text.contains(*said)))
    });
    let piece = || pieces(text).find(|piece| said_pieces.contains(piece)).map(str::to_owned);
    whole.map(|whole| whole.chars().take(3 * PIECE).collect()).or_else(piece)
}

/// All texts of a value, keys too, without what is easily changed.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![plain(text)],
        Value::Array(elements) => elements.iter().flat_map(texts).collect(),
        Value::Object(entries) => {
            entries.iter().flat_map(|(key, value)| texts(value).into_iter().chain([plain(key)])).collect()
        }
        _ => Vec::new(),
    }
}

fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Every run of [`PIECE`] characters.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let starts = text.char_indices().map(|(start, _)| start);
    let ends = text.char_indices().map(|(start, letter)| start + letter.len_utf8()).skip(PIECE - 1);
    starts.zip(ends).filter_map(|(start, end)| text.get(start..end))
}
