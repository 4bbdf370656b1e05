//! Reading tokens into a conversation, some of them ahead of time.
//!
//! Agents repeat themselves: a name from the question, a line of the code before, a whole observation. Where the last few
//! tokens stood in the conversation before, those that followed then are read together with the newest one, since a
//! processor reads several in little more time than one. If the model then picks what was read ahead, its scores are
//! there already; if not, what was read ahead is forgotten. Tokens are picked one by one from their own scores either way,
//! so neither the best choice nor the odds of a drawn one change.
//!
//! One thing may differ: sums of several tokens read at once are rounded another way than those of one, in the last bits,
//! as they are when a long prompt is read in pieces. Where two tokens score the same but for that, either may come first.
//! Ties are not sought out: that would cost a pass for each, and no reading is righter than the other.

use super::{conversations::Conversation, decoder::Decoder};
use candle_core::Result;
use std::collections::VecDeque;

/// Tokens that must agree before others are guessed from what followed them.
const AGREEING: usize = 3;
/// Tokens read ahead at first, at least and at most.
const FIRST: usize = 4;
const LEAST: usize = 2;
const MOST: usize = 12;
/// Tokens without reading ahead after a guess that was all wrong, doubled by every further one up to the longest.
const PAUSE: usize = 4;
const LONGEST_PAUSE: usize = 64;

/// A conversation as it is read.
pub(super) struct Reader<'a> {
    decoder: &'a Decoder,
    conversation: &'a mut Conversation,
    /// Tokens that were read ahead, each with the scores after it.
    ahead: VecDeque<(u32, Vec<f32>)>,
    guesses: Guesses,
}

impl<'a> Reader<'a> {
    pub(super) fn new(decoder: &'a Decoder, conversation: &'a mut Conversation, speculative: bool) -> Self {
        let guesses = Guesses { length: if speculative { FIRST } else { 0 }, wait: 0, pause: PAUSE };
        Self { decoder, conversation, ahead: VecDeque::new(), guesses }
    }

    /// All tokens read so far, without those that were read ahead.
    pub(super) fn tokens(&self) -> &[u32] {
        let tokens = &self.conversation.tokens;
        tokens.get(..tokens.len() - self.ahead.len()).unwrap_or_default()
    }

    /// Reads `tokens`, at least one, with nothing ahead. Returns the scores after them.
    pub(super) fn read(&mut self, tokens: &[u32]) -> Result<Vec<f32>> {
        self.forget();
        self.conversation.tokens.extend_from_slice(tokens);
        self.decoder.forward(tokens, &mut self.conversation.cache)
    }

    /// Reads `tokens`, at least one, which were picked. `likely` says how many of the tokens that are guessed to follow may.
    pub(super) fn follow(
        &mut self,
        tokens: &[u32],
        likely: impl FnOnce(&[u32]) -> usize,
    ) -> Result<Vec<f32>> {
        let mut rest = tokens;
        let mut scores = None;
        while let Some((first, others)) = rest.split_first()
            && let Some((_, known)) = self.ahead.pop_front_if(|(token, _)| token == first)
        {
            self.guesses.right(self.ahead.is_empty());
            (rest, scores) = (others, Some(known));
        }
        if let Some(scores) = scores.filter(|_| rest.is_empty()) {
            return Ok(scores);
        }
        self.forget();
        let guess = self.guess(rest, likely);
        if guess.is_empty() {
            return self.read(rest);
        }
        let read = [rest, &guess].concat();
        let mut rows = VecDeque::from(self.decoder.forward_rows(
            &read,
            guess.len() + 1,
            &mut self.conversation.cache,
        )?);
        self.conversation.tokens.extend(read);
        let scores = rows.pop_front().unwrap_or_default();
        self.ahead = guess.into_iter().zip(rows).collect();
        Ok(scores)
    }

    /// Takes back what was read ahead and did not come.
    pub(super) fn forget(&mut self) {
        if !self.ahead.is_empty() {
            self.guesses.wrong();
            let read = self.tokens().len();
            self.conversation.tokens.truncate(read);
            self.conversation.cache.truncate(read);
            self.ahead.clear();
        }
    }

    fn guess(&mut self, rest: &[u32], likely: impl FnOnce(&[u32]) -> usize) -> Vec<u32> {
        let room = self.decoder.config.context.saturating_sub(self.conversation.tokens.len() + rest.len());
        let length = self.guesses.next(rest.len()).min(room);
        if length == 0 {
            return Vec::new();
        }
        let said = [&self.conversation.tokens, rest].concat();
        let mut guess = followed(&said, length).to_vec();
        if !guess.is_empty() {
            guess.truncate(likely(&guess));
        }
        guess
    }
}

/// What followed the latest earlier place where the last tokens of `said` stood, up to `length` tokens.
fn followed(said: &[u32], length: usize) -> &[u32] {
    let Some((earlier, last)) = said.split_last_chunk::<AGREEING>() else { return &[] };
    // One token may be part of both places, as in a line of dashes.
    let end = earlier.len() + AGREEING - 1;
    let places = said.get(..end).unwrap_or_default().windows(AGREEING);
    let start = places.into_iter().rposition(|place| place == last).map(|at| at + AGREEING);
    let followed = start.and_then(|start| said.get(start..)).unwrap_or_default();
    followed.get(..length).unwrap_or(followed)
}

/// How much is guessed, by how well it went.
struct Guesses {
    /// Tokens of the next guess; 0 for none ever.
    length: usize,
    /// Tokens until the next guess.
    wait: usize,
    /// How long the next wait is.
    pause: usize,
}

impl Guesses {
    fn next(&mut self, read: usize) -> usize {
        self.wait = self.wait.saturating_sub(read);
        if self.wait == 0 { self.length } else { 0 }
    }

    /// A token came as guessed; `all` of the guess did.
    fn right(&mut self, all: bool) {
        self.pause = 0;
        if all {
            self.length = (self.length * 2).min(MOST);
        }
    }

    /// What was left of the guess did not come.
    fn wrong(&mut self) {
        self.length = (self.length / 2).max(LEAST);
        self.wait = self.pause;
        self.pause = (self.pause * 2).clamp(PAUSE, LONGEST_PAUSE);
    }
}
