//! Ends a reply before its first stop sequence, whoever wrote it.
//!
//! Some services refuse stop sequences, and a script or a local model knows of none. [`Cut`] gives them all the same
//! behaviour, also in the middle of a stream: text that may turn out to be the start of a stop sequence is held back
//! until that is known, so no part of one is ever seen.

use smol_core::model::{Delta, StopReason};

/// Text that grows and ends before the first of its stop sequences.
#[derive(Debug)]
pub(crate) struct Held {
    stops: Vec<String>,
    /// What may turn out to be the beginning of a stop sequence.
    text: String,
}

impl Held {
    /// An empty stop sequence never matches.
    pub(crate) fn new(mut stops: Vec<String>) -> Self {
        stops.retain(|stop| !stop.is_empty());
        Self { stops, text: String::new() }
    }

    /// Adds text. Returns what is now certain, and whether a stop sequence ended it.
    pub(crate) fn push(&mut self, text: &str) -> (String, bool) {
        self.text.push_str(text);
        let found = self.stops.iter().filter_map(|stop| self.text.find(stop.as_str())).min();
        let shown = found.unwrap_or_else(|| self.text.len() - self.doubtful());
        let rest = self.text.split_off(shown);
        (
            std::mem::replace(&mut self.text, if found.is_some() { String::new() } else { rest }),
            found.is_some(),
        )
    }

    /// What was held back, now that nothing is to come.
    pub(crate) fn finish(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// How many bytes at the end may be the start of a stop sequence.
    fn doubtful(&self) -> usize {
        let starts =
            self.stops.iter().flat_map(|stop| stop.char_indices().map(move |(end, _)| stop.split_at(end).0));
        starts.filter(|start| self.text.ends_with(start)).map(str::len).max().unwrap_or(0)
    }
}

/// Cuts the deltas of one reply.
#[derive(Debug)]
pub struct Cut {
    held: Held,
    done: bool,
}

impl Cut {
    /// Cuts before the first of `stops`; an empty one never matches.
    pub fn new(stops: &[String]) -> Self {
        Self { held: Held::new(stops.to_vec()), done: false }
    }

    /// Whether a stop sequence was met: nothing but token counts follows.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// What of `delta` may be shown now.
    pub fn push(&mut self, delta: Delta) -> Vec<Delta> {
        match delta {
            Delta::Usage(_) => vec![delta],
            _ if self.done => Vec::new(),
            Delta::Text(text) => self.text(&text),
            Delta::Stop(_) => self.finish().into_iter().chain([delta]).collect(),
            _ => vec![delta],
        }
    }

    /// The reply is over: what was held back is text after all.
    pub fn finish(&mut self) -> Option<Delta> {
        let held = self.held.finish();
        (!held.is_empty()).then_some(Delta::Text(held))
    }

    fn text(&mut self, text: &str) -> Vec<Delta> {
        let (shown, done) = self.held.push(text);
        self.done = done;
        let text = (!shown.is_empty()).then_some(Delta::Text(shown));
        text.into_iter().chain(done.then_some(Delta::Stop(StopReason::End))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stops: &[&str], pieces: &[&str], expect: &[&str]) {
        let stops: Vec<String> = stops.iter().map(|stop| (*stop).to_owned()).collect();
        let mut cut = Cut::new(&stops);
        let mut shown: Vec<Delta> =
            pieces.iter().flat_map(|piece| cut.push(Delta::Text((*piece).into()))).collect();
        shown.extend(cut.finish());
        let texts = shown.iter().filter_map(|delta| match delta {
            Delta::Text(text) => Some(text.as_str()),
            _ => None,
        });
        assert_eq!(texts.collect::<Vec<_>>(), expect, "{stops:?} over {pieces:?}");
        assert_eq!(cut.is_done(), shown.contains(&Delta::Stop(StopReason::End)));
    }

    #[test]
    fn text_ends_before_the_first_stop_and_no_part_of_one_is_shown() {
        check(&[], &["a", "b"], &["a", "b"]);
        check(&[""], &["a"], &["a"]);
        check(&["</code>"], &["x = 1\n</code> more"], &["x = 1\n"]);
        check(&["</code>"], &["x = 1\n", "</", "co", "de>", " more"], &["x = 1\n"]);
        check(&["</code>"], &["a </", "b"], &["a ", "</b"]);
        check(&["</code>"], &["a </co"], &["a ", "</co"]);
        check(&["</code>"], &["<", "</code>"], &["<"]);
        check(&["Observation:", "bse"], &["Obse"], &["O"]);
        check(&["ab", "b"], &["xb"], &["x"]);
        check(&["aab"], &["aa", "aab"], &["aa"]);
        check(&["é!"], &["caf", "é", "!"], &["caf"]);
        check(&["é!"], &["caf", "é", "?"], &["caf", "é?"]);
        check(&["stop"], &["stop"], &[]);
    }

    #[test]
    fn after_a_stop_only_token_counts_pass() {
        let mut cut = Cut::new(&["#".to_owned()]);
        assert_eq!(
            cut.push(Delta::Text("a#b".into())),
            [Delta::Text("a".into()), Delta::Stop(StopReason::End)]
        );
        assert_eq!(cut.push(Delta::Text("c".into())), []);
        assert_eq!(cut.push(Delta::Stop(StopReason::Length)), []);
        let usage = Delta::Usage(smol_core::message::TokenUsage::new(1, 2));
        assert_eq!(cut.push(usage.clone()), [usage]);
    }

    #[test]
    fn held_text_comes_before_the_stop_reason() {
        let mut cut = Cut::new(&["##".to_owned()]);
        assert_eq!(cut.push(Delta::Text("a#".into())), [Delta::Text("a".into())]);
        let end = Delta::Stop(StopReason::Length);
        assert_eq!(cut.push(end.clone()), [Delta::Text("#".into()), end]);
    }
}
