//! One window's tokens: tried at the likeliest first, and again with some chance where the result looks wrong.
//!
//! What looks wrong is what openai-whisper found out: words that repeat, which compress too well, and words that the model
//! itself thinks unlikely.

use super::{
    Model,
    decoder::{Heard, Past},
};
use candle_core::Result;
use flate2::{Compression, write::ZlibEncoder};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::{
    io::Write,
    sync::atomic::{AtomicBool, Ordering},
};

/// How freely words are picked, from one attempt to the next.
const TEMPERATURES: [f32; 6] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0];
/// Text that compresses better than this repeats itself.
const MOST_COMPRESSED: f64 = 2.4;
/// The least that a token's logarithmic probability may be, on average.
const LEAST_LIKELY: f32 = -1.0;
/// From this probability on nobody speaks, if the words are unlikely too.
const NO_SPEECH: f32 = 0.6;

/// What was made of a window.
#[derive(Default)]
pub(super) struct Attempt {
    /// Words and times, without the end.
    pub(super) tokens: Vec<u32>,
    /// How freely they were picked.
    pub(super) temperature: f32,
    likelihood: f32,
    no_speech: f32,
}

impl Attempt {
    /// Whether there is nothing in the window but sounds.
    pub(super) fn is_silence(&self) -> bool {
        self.no_speech > NO_SPEECH && self.likelihood < LEAST_LIKELY
    }
}

impl Model {
    /// The best that can be made of `heard` after `prompt`; nothing if it was told to stop.
    pub(super) fn attempts(
        &self,
        heard: &Heard,
        prompt: &[u32],
        stopped: &AtomicBool,
    ) -> Result<Option<Attempt>> {
        let mut last = None;
        for temperature in TEMPERATURES {
            let Some(attempt) = self.attempt(heard, prompt, temperature, stopped)? else { return Ok(None) };
            let repeats = compression(&self.vocabulary.text(&attempt.tokens)) > MOST_COMPRESSED;
            let is_good = !repeats && attempt.likelihood >= LEAST_LIKELY;
            if is_good || attempt.is_silence() {
                return Ok(Some(attempt));
            }
            last = Some(attempt);
        }
        Ok(last)
    }

    fn attempt(
        &self,
        heard: &Heard,
        prompt: &[u32],
        temperature: f32,
        stopped: &AtomicBool,
    ) -> Result<Option<Attempt>> {
        let mut past = self.decoder.past();
        let rows = self.decoder.read(prompt, &mut past, heard)?;
        let mut logits = self.decoder.next(&rows, prompt.len() - 1)?;
        let mut attempt =
            Attempt { temperature, no_speech: self.no_speech(prompt, &rows)?, ..Attempt::default() };
        // Always the same choices: a recording has one transcript.
        let mut chance = StdRng::seed_from_u64(0);
        let longest = (self.decoder.context() / 2).min(self.decoder.context().saturating_sub(prompt.len()));
        let mut likelihood = 0.0;
        while !stopped.load(Ordering::Relaxed) {
            self.rules.apply(&attempt.tokens, &mut logits);
            let (token, likely) = pick(&logits, temperature, &mut chance);
            likelihood += likely;
            if token == self.vocabulary.end || attempt.tokens.len() + 1 >= longest {
                #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
                let count = (attempt.tokens.len() + 1) as f32;
                attempt.likelihood = likelihood / count;
                return Ok(Some(attempt));
            }
            attempt.tokens.push(token);
            logits = self.go_on(token, &mut past, heard)?;
        }
        Ok(None)
    }

    fn go_on(&self, token: u32, past: &mut Past, heard: &Heard) -> Result<Vec<f32>> {
        self.decoder.next(&self.decoder.read(&[token], past, heard)?, 0)
    }

    /// How likely it is that nobody speaks, which the model says in the place after the start.
    fn no_speech(&self, prompt: &[u32], rows: &candle_core::Tensor) -> Result<f32> {
        let start = prompt.iter().position(|token| *token == self.vocabulary.start).unwrap_or(0);
        let logits = self.decoder.next(rows, start)?;
        let likely = logits.get(self.vocabulary.no_speech as usize).map(|logit| logit - log_sum(&logits));
        Ok(likely.map_or(0.0, f32::exp))
    }
}

/// A token, with the logarithm of its probability.
fn pick(logits: &[f32], temperature: f32, chance: &mut StdRng) -> (u32, f32) {
    let freely = |logit: f32| logit / temperature;
    let token = if temperature == 0.0 {
        logits
            .iter()
            .zip(0..)
            .max_by(|(one, _), (other, _)| one.total_cmp(other))
            .map_or(0, |(_, token)| token)
    } else {
        let logits: Vec<f32> = logits.iter().copied().map(freely).collect();
        let total = log_sum(&logits);
        let mut rest = chance.random::<f32>();
        let fits = |logit: &f32| {
            rest -= (logit - total).exp();
            rest <= 0.0
        };
        let best = || logits.iter().rposition(|logit| logit.is_finite()).unwrap_or(0);
        u32::try_from(logits.iter().position(fits).unwrap_or_else(best)).unwrap_or(0)
    };
    (token, logits.get(token as usize).map_or(f32::NEG_INFINITY, |logit| logit - log_sum(logits)))
}

/// The logarithm of the sum of what these are logarithms of.
pub(super) fn log_sum(logits: &[f32]) -> f32 {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    logits.iter().map(|logit| (logit - largest).exp()).sum::<f32>().ln() + largest
}

/// How many times shorter `text` is when compressed.
#[expect(clippy::cast_precision_loss, reason = "a few hundred bytes")]
fn compression(text: &str) -> f64 {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let compressed = encoder.write_all(text.as_bytes()).and_then(|()| encoder.finish());
    compressed.map_or(0.0, |compressed| text.len() as f64 / compressed.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_is_picked_or_chance_has_its_say() {
        let logits = [0.0, 2.0, f32::NEG_INFINITY, 1.0];
        let mut chance = StdRng::seed_from_u64(1);
        let (token, likely) = pick(&logits, 0.0, &mut chance);
        assert_eq!(token, 1);
        assert!((likely.exp() - 0.665).abs() < 1e-3, "{likely}");
        let picked: Vec<u32> = (0..1000).map(|_| pick(&logits, 1.0, &mut chance).0).collect();
        let count = |wanted: u32| picked.iter().filter(|token| **token == wanted).count();
        assert!(count(1) > count(3) && count(3) > count(0) && count(0) > 0 && count(2) == 0);
    }

    #[test]
    fn repeated_words_compress_too_well() {
        assert!(compression("The quick brown fox jumps over the lazy dog.") < MOST_COMPRESSED);
        assert!(compression(&"And so on. ".repeat(20)) > MOST_COMPRESSED);
    }
}
