//! Ends a reply before its first stop sequence, whoever wrote it.
//!
//! Some services refuse stop sequences, and a script or a local model knows of none. [`Cut`] gives them all the same
//! behaviour, also in the middle of a stream: text that may turn out to be the start of a stop sequence is held back
//! until that is known, so no part of one is ever seen.

use smol_core::model::{Delta, StopReason};

/// Cuts the deltas of one reply.
#[derive(Debug)]
pub struct Cut {
    stops: Vec<String>,
    held: String,
    done: bool,
}

impl Cut {
    /// Cuts before the first of `stops`; an empty one never matches.
    pub fn new(stops: &[String]) -> Self {
        let stops = stops.iter().filter(|stop| !stop.is_empty()).cloned().collect();
        Self { stops, held: String::new(), done: false }
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
        let held = std::mem::take(&mut self.held);
        (!held.is_empty()).then_some(Delta::Text(held))
    }

    fn text(&mut self, text: &str) -> Vec<Delta> {
        if self.stops.is_empty() {
            return vec![Delta::Text(text.to_owned())];
        }
        self.held.push_str(text);
        let found = self.stops.iter().filter_map(|stop| self.held.find(stop.as_str())).min();
        self.done = found.is_some();
        let shown = found.unwrap_or_else(|| self.held.len() - self.partial());
        let rest = self.held.split_off(shown);
        let shown = std::mem::replace(&mut self.held, if self.done { String::new() } else { rest });
        let text = (!shown.is_empty()).then_some(Delta::Text(shown));
        text.into_iter().chain(self.done.then_some(Delta::Stop(StopReason::End))).collect()
    }

    /// How many bytes at the end may be the start of a stop sequence.
    fn partial(&self) -> usize {
        let starts = |stop: &String| {
            let lengths = stop.char_indices().map(|(at, _)| at).rev();
            lengths.into_iter().find(|length| {
                self.held.as_bytes().ends_with(stop.as_bytes().get(..*length).unwrap_or_default())
            })
        };
        self.stops.iter().filter_map(starts).max().unwrap_or(0)
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
        let usage = Delta::Usage(smol_core::message::TokenUsage { input_tokens: 1, output_tokens: 2 });
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
