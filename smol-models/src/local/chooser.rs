//! The next tokens of a reply: what the scores favour, among what its form allows, within the tokens that are left.

use super::{
    grammar::Grammar,
    sampler::{Sampler, best},
    vocabulary::Vocabulary,
};
use smol_core::model::ModelError;

/// Tokens that a byte may add to the way out at most: some open a bracket or a block that needs a line of its own.
const PER_BYTE: usize = 4;
/// Tokens that are kept for what that does not foresee.
const MARGIN: usize = 48;

/// Chooses the tokens of one reply.
pub(super) struct Chooser {
    sampler: Sampler,
    grammar: Option<Grammar>,
    way_out: WayOut,
}

/// How many tokens would end the reply.
struct WayOut {
    /// When last looked at.
    tokens: usize,
    /// Bytes said since.
    bytes: usize,
}

impl Chooser {
    /// A chooser for a reply of at most `limit` tokens. `None`: there is no way to say something of the form in so few.
    pub(super) fn new(sampler: Sampler, grammar: Option<Grammar>, limit: usize) -> Option<Self> {
        let tokens = match &grammar {
            Some(grammar) => grammar.ending(limit)?.len(),
            None => 0,
        };
        Some(Self { sampler, grammar, way_out: WayOut { tokens, bytes: 0 } })
    }

    /// The next tokens by `scores`: the one picked and those that must follow it, or, where only `left` tokens are left
    /// and the way out takes them, the way out, which may be none.
    pub(super) fn next(
        &mut self,
        mut scores: Vec<f32>,
        said: &[u32],
        left: usize,
        vocabulary: &Vocabulary,
    ) -> Result<Vec<u32>, ModelError> {
        self.sampler.penalise(&mut scores, said);
        let token = self.pick(&mut scores)?;
        let Some(grammar) = self.grammar.as_mut().filter(|_| !vocabulary.is_end(token)) else {
            return Ok(vec![token]);
        };
        let before = self.way_out.is_near(left).then(|| grammar.clone());
        grammar.accept(token)?;
        let forced = grammar.forced();
        let tokens: Vec<u32> = [token].into_iter().chain(forced).collect();
        self.way_out.bytes += tokens.iter().map(|token| vocabulary.text(*token).len()).sum::<usize>();
        let Some(before) = before else { return Ok(tokens) };
        match left.checked_sub(tokens.len()).and_then(|left| grammar.ending(left)) {
            Some(way) => {
                self.way_out = WayOut { tokens: way.len(), bytes: 0 };
                Ok(tokens)
            }
            None => self.leave(before, left).map(|way| way.unwrap_or(tokens)),
        }
    }

    /// How many of `tokens` may come next.
    pub(super) fn allowed(&mut self, tokens: &[u32]) -> usize {
        self.grammar.as_mut().map_or(tokens.len(), |grammar| grammar.allowed(tokens))
    }

    /// Whether nothing can follow.
    pub(super) fn is_complete(&self) -> bool {
        self.grammar.as_ref().is_some_and(Grammar::is_complete)
    }

    fn pick(&mut self, scores: &mut [f32]) -> Result<u32, ModelError> {
        let Some(grammar) = &mut self.grammar else { return Ok(self.sampler.pick(scores)) };
        // To ask for one token is a hundred times cheaper than to ask for all.
        let favourite = best(scores);
        if self.sampler.is_greedy() && grammar.allows(favourite) {
            return Ok(favourite);
        }
        match grammar.mask(scores)? {
            Some(only) => Ok(only),
            None => Ok(self.sampler.pick(scores)),
        }
    }

    /// Ends the reply from where `before` stands.
    fn leave(&mut self, before: Grammar, left: usize) -> Result<Option<Vec<u32>>, ModelError> {
        let Some(way) = before.ending(left) else { return Ok(None) };
        let grammar = self.grammar.insert(before);
        way.iter().try_for_each(|token| grammar.accept(*token))?;
        grammar.finish();
        Ok(Some(way))
    }
}

impl WayOut {
    /// Whether the way out may take all of `left` tokens soon.
    fn is_near(&self, left: usize) -> bool {
        self.tokens + self.bytes * PER_BYTE + MARGIN >= left
    }
}
