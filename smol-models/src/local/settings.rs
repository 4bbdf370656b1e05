//! How a local model replies: what its user sets, and what one request asks for instead.

use super::{LocalModel, sampler::Sampling};
use smol_core::model::{ModelError, Request};

/// How replies are made.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) max_new_tokens: usize,
    pub(super) sampling: Sampling,
    pub(super) constrained: bool,
    pub(super) speculative: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_new_tokens: 1024, sampling: Sampling::default(), constrained: true, speculative: true }
    }
}

impl Settings {
    /// These settings with what `request` asks for.
    pub(super) fn of(mut self, request: &Request) -> Result<Self, ModelError> {
        if let Some(temperature) = request.temperature {
            self.sampling.temperature = temperature as f32;
        }
        if let Some(tokens) = request.max_tokens {
            self.max_new_tokens = usize::try_from(tokens).unwrap_or(usize::MAX).max(1);
        }
        self.sampling.check().map(|()| self)
    }
}

/// Values that mean nothing, such as a negative temperature, are an error of the first request.
impl LocalModel {
    /// Ends replies after `tokens` tokens, at least one, with [`StopReason::Length`](smol_core::model::StopReason::Length).
    /// A reply whose form is settled ([`constrained`](Self::constrained)) is brought to its end within them.
    pub fn max_new_tokens(mut self, tokens: usize) -> Self {
        self.settings.max_new_tokens = tokens.max(1);
        self
    }

    /// How freely tokens are chosen: 0, the default, always takes the likeliest, 1 follows the model's own probabilities.
    pub fn temperature(mut self, temperature: f32) -> Self {
        self.settings.sampling.temperature = temperature;
        self
    }

    /// Chooses among the `tokens` likeliest only; 0, the default, is all. It matters above temperature 0, as do
    /// [`top_p`](Self::top_p) and [`min_p`](Self::min_p), which narrow the choice further, in this order.
    pub fn top_k(mut self, tokens: usize) -> Self {
        self.settings.sampling.top_k = tokens;
        self
    }

    /// Chooses among the fewest likeliest tokens that have the probability `share` together; 1, the default, is all.
    pub fn top_p(mut self, share: f32) -> Self {
        self.settings.sampling.top_p = share;
        self
    }

    /// Chooses among tokens that are at least `share` times as likely as the likeliest; 0, the default, is all.
    pub fn min_p(mut self, share: f32) -> Self {
        self.settings.sampling.min_p = share;
        self
    }

    /// Makes tokens less likely that stood in the conversation before: positive scores are divided by `penalty`, others
    /// multiplied by it. 1, the default, changes nothing.
    pub fn repetition_penalty(mut self, penalty: f32) -> Self {
        self.settings.sampling.repetition_penalty = penalty;
        self
    }

    /// How many of the latest tokens, asked and answered, the repetition penalty looks at; all unless set.
    pub fn repetition_window(mut self, tokens: usize) -> Self {
        self.settings.sampling.repetition_window = tokens;
        self
    }

    /// Where chance starts. The same seed, conversation and settings give the same reply.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.sampling.seed = seed;
        self
    }

    /// Whether replies are held to the form that the request settles, which they are unless this is switched off: a code
    /// agent's reply is any thought and then one block of Python that parses; a reply with tools to call calls them by
    /// their names and schemas; a reply that should be JSON of a schema is.
    pub fn constrained(mut self, constrained: bool) -> Self {
        self.settings.constrained = constrained;
        self
    }

    /// Whether text that seems to repeat what the conversation holds is read ahead, several tokens at once, which it is
    /// unless this is switched off. It changes the speed and not the reply.
    pub fn speculative(mut self, speculative: bool) -> Self {
        self.settings.speculative = speculative;
        self
    }
}
