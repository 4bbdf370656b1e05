//! Which token comes next.
//!
//! The definitions are those of Hugging Face's `transformers` (`generation/logits_process.py`), in its order: repetition
//! penalty, temperature, top-k, top-p, min-p. Each narrows what the one before has left, and the rest shares the
//! probability.

use super::gguf::setup;
use rand::{Rng, SeedableRng, rngs::StdRng};
use smol_core::model::ModelError;

/// How tokens are chosen. The default always takes the likeliest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sampling {
    /// What scores are divided by; 0 takes the best.
    pub(super) temperature: f32,
    /// Only this many of the best take part, and those that score as the last of them; 0 is all.
    pub(super) top_k: usize,
    /// A token takes part if those that are likelier have less than this probability together.
    pub(super) top_p: f32,
    /// A token takes part if it is at least this likely, the likeliest being 1.
    pub(super) min_p: f32,
    /// Scores of tokens that stood in the window are divided by this where they are positive, else multiplied.
    pub(super) repetition_penalty: f32,
    /// How many of the latest tokens of the conversation count as repeated.
    pub(super) repetition_window: usize,
    pub(super) seed: u64,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            temperature: 0.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            repetition_penalty: 1.0,
            repetition_window: usize::MAX,
            seed: 0,
        }
    }
}

impl Sampling {
    /// Whether all values mean something.
    pub(super) fn check(&self) -> Result<(), ModelError> {
        let positive = f32::MIN_POSITIVE..=f32::MAX;
        let rows = [
            (
                "temperature",
                self.temperature,
                0.0..=f32::MAX,
                "a number from 0 on, where 0 takes the likeliest",
            ),
            ("top_p", self.top_p, f32::MIN_POSITIVE..=1.0, "a number above 0 and up to 1"),
            ("min_p", self.min_p, 0.0..=1.0, "a number from 0 to 1"),
            (
                "repetition_penalty",
                self.repetition_penalty,
                positive,
                "a number above 0, where 1 is no penalty",
            ),
        ];
        match rows.into_iter().find(|(_, value, range, _)| !range.contains(value)) {
            Some((name, value, _, expected)) => {
                Err(setup(format!("`{name}` is {value}"), &format!("give {expected}")))
            }
            None => Ok(()),
        }
    }
}

/// Picks tokens by their scores, the same way for the same seed.
pub(super) struct Sampler {
    sampling: Sampling,
    random: StdRng,
}

impl Sampler {
    pub(super) fn new(sampling: Sampling) -> Self {
        Self { random: StdRng::seed_from_u64(sampling.seed), sampling }
    }

    /// Whether nothing is left to chance.
    pub(super) fn is_greedy(&self) -> bool {
        self.sampling.temperature <= 0.0
    }

    /// Lowers the scores of tokens that stand in the window at the end of `said`, each once.
    pub(super) fn penalise(&self, scores: &mut [f32], said: &[u32]) {
        let penalty = self.sampling.repetition_penalty;
        if penalty == 1.0 {
            return;
        }
        let mut recent = said.iter().rev().take(self.sampling.repetition_window).copied().collect::<Vec<_>>();
        recent.sort_unstable();
        recent.dedup();
        for token in recent {
            if let Some(score) = scores.get_mut(token as usize) {
                *score = if *score > 0.0 { *score / penalty } else { *score * penalty };
            }
        }
    }

    /// The place of the chosen score. Scores of minus infinity are never chosen where others are.
    pub(super) fn pick(&mut self, scores: &[f32]) -> u32 {
        if self.is_greedy() {
            return best(scores);
        }
        let candidates = self.candidates(scores);
        let total = candidates.iter().map(|(_, weight)| weight).sum::<f32>();
        let mut left = self.random.random::<f32>() * total;
        let chosen = candidates.iter().find(|(_, weight)| {
            left -= weight;
            left < 0.0
        });
        chosen.or(candidates.last()).map_or_else(|| best(scores), |(token, _)| *token)
    }

    /// The tokens that take part, with weights in proportion to their probabilities.
    fn candidates(&self, scores: &[f32]) -> Vec<(u32, f32)> {
        let Sampling { temperature, top_k, top_p, min_p, .. } = self.sampling;
        let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let floor = kth_best(scores, top_k);
        let fitting =
            scores.iter().zip(0u32..).filter(|(score, _)| **score >= floor && **score > f32::NEG_INFINITY);
        let weigh = |(score, token): (&f32, u32)| (token, ((score - highest) / temperature).exp());
        let mut candidates: Vec<(u32, f32)> = fitting.map(weigh).collect();
        if top_p < 1.0 {
            candidates = likeliest(candidates, top_p);
        }
        // The likeliest has the weight 1.
        candidates.retain(|(_, weight)| *weight >= min_p);
        candidates
    }
}

/// The place of the highest score, the first of equals.
pub(super) fn best(scores: &[f32]) -> u32 {
    let start = (0, f32::NEG_INFINITY);
    let higher = |best: (u32, f32), (&score, token)| if score > best.1 { (token, score) } else { best };
    scores.iter().zip(0u32..).fold(start, higher).0
}

fn kth_best(scores: &[f32], k: usize) -> f32 {
    if k == 0 || k >= scores.len() {
        return f32::NEG_INFINITY;
    }
    let mut sorted = scores.to_vec();
    let (_, kth, _) = sorted.select_nth_unstable_by(k - 1, |left, right| right.total_cmp(left));
    *kth
}

fn likeliest(mut candidates: Vec<(u32, f32)>, top_p: f32) -> Vec<(u32, f32)> {
    candidates.sort_by(|left, right| right.1.total_cmp(&left.1));
    let total = candidates.iter().map(|(_, weight)| weight).sum::<f32>();
    let mut before = 0.0;
    let kept = candidates.iter().take_while(|(_, weight)| {
        let likelier = before;
        before += weight;
        likelier == 0.0 || likelier < top_p * total
    });
    let kept = kept.count();
    candidates.truncate(kept);
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn warm() -> Sampling {
        Sampling { temperature: 1.0, seed: 7, ..Sampling::default() }
    }

    #[test]
    fn temperature_zero_takes_the_first_of_the_best() {
        let check = |scores: &[f32], expect| {
            assert_eq!(Sampler::new(Sampling::default()).pick(scores), expect, "{scores:?}");
        };
        check(&[1.0, 3.0, 2.0], 1);
        check(&[3.0, 1.0, 3.0], 0);
        check(&[f32::NAN, 1.0], 1);
        check(&[f32::NEG_INFINITY, -9.0], 1);
    }

    #[test]
    fn temperature_follows_the_scores() {
        let scores = [0.0, 3f32.ln(), f32::NEG_INFINITY];
        let mut sampler = Sampler::new(warm());
        let mut counts = [0; 3];
        for _ in 0..4000 {
            counts[sampler.pick(&scores) as usize] += 1;
        }
        assert_eq!(counts[2], 0);
        assert!((2800..3200).contains(&counts[1]), "three of four, found {counts:?}");
    }

    /// Probabilities 0.4, 0.3, 0.2, 0.1, and a token that cannot come.
    #[test]
    fn what_takes_part() {
        let scores = [0.2f32.ln(), 0.4f32.ln(), 0.1f32.ln(), 0.3f32.ln(), f32::NEG_INFINITY];
        let check = |sampling: Sampling, expect: &[u32]| {
            let mut found: Vec<u32> = Sampler::new(sampling.clone())
                .candidates(&scores)
                .into_iter()
                .map(|(token, _)| token)
                .collect();
            found.sort_unstable();
            assert_eq!(found, expect, "{sampling:?}");
        };
        check(warm(), &[0, 1, 2, 3]);
        check(Sampling { top_k: 2, ..warm() }, &[1, 3]);
        check(Sampling { top_k: 9, ..warm() }, &[0, 1, 2, 3]);
        check(Sampling { top_p: 0.01, ..warm() }, &[1]);
        check(Sampling { top_p: 0.39, ..warm() }, &[1]);
        check(Sampling { top_p: 0.41, ..warm() }, &[1, 3]);
        check(Sampling { top_p: 0.8, ..warm() }, &[0, 1, 3]);
        check(Sampling { min_p: 0.6, ..warm() }, &[1, 3]);
        check(Sampling { min_p: 1.0, ..warm() }, &[1]);
        // Of the two that top-k leaves, the first has four sevenths.
        check(Sampling { top_k: 2, top_p: 0.56, ..warm() }, &[1]);
        check(Sampling { top_k: 2, top_p: 0.58, ..warm() }, &[1, 3]);
        // A low temperature makes the likeliest likelier before the others are asked.
        check(Sampling { temperature: 0.25, top_p: 0.7, ..warm() }, &[1]);
        check(Sampling { temperature: 0.25, min_p: 0.4, ..warm() }, &[1]);
    }

    #[test]
    fn equals_of_the_last_take_part() {
        let candidates = Sampler::new(Sampling { top_k: 2, ..warm() }).candidates(&[1.0, 2.0, 1.0, 0.0]);
        assert_eq!(candidates.iter().map(|(token, _)| *token).collect::<Vec<_>>(), [0, 1, 2]);
    }

    #[test]
    fn repetition_is_penalised_once_for_each_token() {
        let check = |window, said: &[u32], expect: [f32; 3]| {
            let sampling =
                Sampling { repetition_penalty: 2.0, repetition_window: window, ..Sampling::default() };
            let mut scores = [4.0, -1.0, 0.0];
            Sampler::new(sampling).penalise(&mut scores, said);
            assert_eq!(scores, expect, "{window} {said:?}");
        };
        check(usize::MAX, &[], [4.0, -1.0, 0.0]);
        check(usize::MAX, &[0, 0, 9], [2.0, -1.0, 0.0]);
        check(usize::MAX, &[1, 0], [2.0, -2.0, 0.0]);
        check(1, &[1, 0], [2.0, -1.0, 0.0]);
        check(0, &[1, 0], [4.0, -1.0, 0.0]);
    }

    #[test]
    fn a_seed_repeats() {
        let draw = |seed| {
            let mut sampler = Sampler::new(Sampling { temperature: 0.8, seed, ..Sampling::default() });
            (0..20).map(|_| sampler.pick(&[0.0; 64])).collect::<Vec<_>>()
        };
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
    }

    #[test]
    fn values_without_meaning_are_errors() {
        let check = |sampling: Sampling, expect: &str| {
            let message = sampling.check().unwrap_err().to_string();
            assert!(message.starts_with(expect) && message.contains("hint: give a number"), "{message}");
        };
        assert_eq!(warm().check(), Ok(()));
        check(Sampling { temperature: f32::NAN, ..warm() }, "`temperature` is NaN");
        check(Sampling { temperature: f32::INFINITY, ..warm() }, "`temperature` is inf");
        check(Sampling { temperature: -1.0, ..warm() }, "`temperature` is -1");
        check(Sampling { top_p: 1.5, ..warm() }, "`top_p` is 1.5");
        check(Sampling { top_p: 0.0, ..warm() }, "`top_p` is 0");
        check(Sampling { min_p: -0.1, ..warm() }, "`min_p` is -0.1");
        check(Sampling { repetition_penalty: 0.0, ..warm() }, "`repetition_penalty` is 0");
    }
}
