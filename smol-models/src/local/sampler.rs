//! Which token comes next.

use rand::{Rng, SeedableRng, rngs::StdRng};

/// Picks tokens by their scores: always the best at temperature 0, else at random by the softmax of score over
/// temperature, the same way for the same seed.
pub(super) struct Sampler {
    temperature: f32,
    random: StdRng,
}

impl Sampler {
    pub(super) fn new(temperature: f32, seed: u64) -> Self {
        Self { temperature, random: StdRng::seed_from_u64(seed) }
    }

    /// The place of the chosen score; the first of equals where the best is chosen.
    pub(super) fn pick(&mut self, scores: &[f32]) -> u32 {
        let (best, best_score) = best(scores);
        if self.temperature <= 0.0 {
            return best;
        }
        let weight = |score: &f32| ((score - best_score) / self.temperature).exp();
        let mut left = self.random.random::<f32>() * scores.iter().map(weight).sum::<f32>();
        let chosen = scores.iter().zip(0u32..).find(|(score, _)| {
            left -= weight(score);
            left < 0.0
        });
        chosen.map_or(best, |(_, token)| token)
    }
}

fn best(scores: &[f32]) -> (u32, f32) {
    let start = (0, f32::NEG_INFINITY);
    scores
        .iter()
        .zip(0u32..)
        .fold(start, |best, (&score, token)| if score > best.1 { (token, score) } else { best })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn temperature_zero_takes_the_first_of_the_best() {
        let check =
            |scores: &[f32], expect| assert_eq!(Sampler::new(0.0, 1).pick(scores), expect, "{scores:?}");
        check(&[1.0, 3.0, 2.0], 1);
        check(&[3.0, 1.0, 3.0], 0);
        check(&[f32::NAN, 1.0], 1);
    }

    #[test]
    fn temperature_follows_the_scores() {
        let scores = [0.0, 3f32.ln(), f32::NEG_INFINITY];
        let mut sampler = Sampler::new(1.0, 7);
        let mut counts = [0; 3];
        for _ in 0..4000 {
            counts[sampler.pick(&scores) as usize] += 1;
        }
        assert_eq!(counts[2], 0);
        assert!((2800..3200).contains(&counts[1]), "three of four, found {counts:?}");
    }

    #[test]
    fn a_seed_repeats() {
        let draw = |seed| {
            let mut sampler = Sampler::new(0.8, seed);
            (0..20).map(|_| sampler.pick(&[0.0; 64])).collect::<Vec<_>>()
        };
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
    }
}
