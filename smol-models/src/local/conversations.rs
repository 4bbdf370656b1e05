//! The conversations a model still remembers, so that the next step of a run costs only its new tokens.

use super::{cache::Cache, decoder::Decoder};
use candle_core::Result;

/// How many conversations are remembered; the one unused for longest goes first.
const REMEMBERED: usize = 4;

/// Tokens that have been read, with their keys and values.
pub(super) struct Conversation {
    /// The tokens in `cache`.
    pub(super) tokens: Vec<u32>,
    pub(super) cache: Cache,
    /// How many of the tokens were asked, not answered.
    prompt: usize,
}

/// Remembered conversations, the latest last.
#[derive(Default)]
pub(super) struct Conversations(Vec<Conversation>);

impl Conversations {
    /// A conversation that has read a beginning of `prompt`, as long a one as is remembered, but never all of it: the
    /// last token's scores are needed.
    pub(super) fn take(&mut self, decoder: &Decoder, prompt: &[u32]) -> Result<Conversation> {
        let common = |conversation: &Conversation| common_length(&conversation.tokens, prompt);
        let best = self.0.iter().enumerate().max_by_key(|(_, conversation)| common(conversation));
        let Some((index, best)) = best.filter(|(_, conversation)| common(conversation) > 0) else {
            return Ok(Conversation { tokens: Vec::new(), cache: decoder.cache()?, prompt: prompt.len() });
        };
        let common = common(best).min(prompt.len() - 1);
        // The next step of the same run repeats all that was asked before. Any other run shares less, and must leave
        // the remembered one whole.
        let mut conversation = match common + 1 >= best.prompt {
            true => self.0.remove(index),
            false => Conversation { tokens: best.tokens.clone(), cache: best.cache.fork(common)?, prompt: 0 },
        };
        conversation.tokens.truncate(common);
        conversation.cache.truncate(common);
        conversation.prompt = prompt.len();
        Ok(conversation)
    }

    /// Remembers `conversation`.
    pub(super) fn keep(&mut self, conversation: Conversation) {
        self.0.push(conversation);
        if self.0.len() > REMEMBERED {
            self.0.remove(0);
        }
    }
}

fn common_length(left: &[u32], right: &[u32]) -> usize {
    left.iter().zip(right).take_while(|(left, right)| left == right).count()
}
