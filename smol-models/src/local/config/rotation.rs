//! How far positions turn each head's numbers: the base's powers, and the ways to stretch them over longer contexts.
//!
//! Formulas: rotary embeddings by Su et al. (arXiv 2104.09864), YaRN (arXiv 2309.00071), LongRoPE (arXiv 2402.13753);
//! Llama 3's is that of its reference code.

use std::f32::consts::TAU;

/// How one kind of layer turns queries and keys.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rotation {
    /// Radians from one position to the next, for each pair that turns at all.
    pub(crate) turns: Vec<f32>,
    /// Cosines and sines are multiplied by this.
    pub(crate) magnitude: f32,
    /// Other turns for a conversation of more than so many tokens.
    pub(crate) beyond: Option<(usize, Vec<f32>)>,
}

/// How a model's positions are stretched, as its header states it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stretch {
    /// Not at all.
    None,
    /// Positions are divided by a factor.
    Linear(f32),
    /// Each turn is divided by a factor of its own.
    Factors(Vec<f32>),
    /// Slow turns are divided by a factor, fast ones are left, those between are mixed.
    Llama3 {
        factor: f32,
        /// Wavelengths over the original context over this are slow.
        low: f32,
        /// Wavelengths below the original context over this are fast.
        high: f32,
        original: f32,
    },
    /// As before, but mixed by dimension.
    Yarn { factor: f32, fast: f32, slow: f32, original: f32, magnitude: Option<f32> },
    /// One set of factors up to the original context, another beyond.
    Long { short: Vec<f32>, long: Vec<f32>, original: usize, magnitude: f32 },
}

impl Rotation {
    /// The rotation of `rotated` numbers of each head, by the powers of `base`.
    pub(crate) fn new(rotated: usize, base: f32, stretch: &Stretch) -> Self {
        let powers = (0..rotated / 2).map(|pair| base.powf(-((2 * pair) as f32) / rotated as f32));
        let powers = powers.collect::<Vec<_>>();
        let divided = |factors: &[f32]| {
            powers.iter().zip(factors).map(|(power, factor)| power / factor).collect::<Vec<_>>()
        };
        let plain = |turns| Self { turns, magnitude: 1.0, beyond: None };
        match stretch {
            Stretch::None => plain(powers),
            Stretch::Linear(factor) => plain(powers.iter().map(|power| power / factor).collect()),
            Stretch::Factors(factors) => plain(divided(factors)),
            Stretch::Llama3 { factor, low, high, original } => {
                plain(powers.iter().map(|power| llama3(*power, *factor, *low, *high, *original)).collect())
            }
            Stretch::Yarn { factor, fast, slow, original, magnitude } => {
                let place = |turns: f32| rotated as f32 * (original / (turns * TAU)).ln() / (2.0 * base.ln());
                let limit = rotated as f32 - 1.0;
                let (first, last) = (place(*fast).floor().max(0.0), place(*slow).ceil().min(limit));
                let turns = powers.iter().zip(0u16..).map(|(power, pair)| {
                    let slowness = ((f32::from(pair) - first) / (last - first).max(0.001)).clamp(0.0, 1.0);
                    power / factor * slowness + power * (1.0 - slowness)
                });
                let magnitude =
                    magnitude.unwrap_or_else(|| if *factor > 1.0 { 0.1 * factor.ln() + 1.0 } else { 1.0 });
                Self { turns: turns.collect(), magnitude, beyond: None }
            }
            Stretch::Long { short, long, original, magnitude } => Self {
                turns: divided(short),
                magnitude: *magnitude,
                beyond: Some((*original, divided(long))),
            },
        }
    }
}

fn llama3(power: f32, factor: f32, low: f32, high: f32, original: f32) -> f32 {
    let wavelength = TAU / power;
    if wavelength < original / high {
        return power;
    }
    if wavelength > original / low {
        return power / factor;
    }
    let smooth = (original / wavelength - low) / (high - low);
    (1.0 - smooth) * power / factor + smooth * power
}

/// What LongRoPE multiplies cosines and sines by where a model does not say: `factor` is how many times the original
/// context the longer one is.
pub(crate) fn long_magnitude(factor: f32, original: usize) -> f32 {
    if factor > 1.0 { (1.0 + factor.ln() / (original as f32).ln()).sqrt() } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(stretch: &Stretch, expect: &[f32], magnitude: f32) {
        let found = Rotation::new(8, 10_000.0, stretch);
        assert_eq!(found.turns.len(), expect.len());
        let close = |(found, expect): (&f32, &f32)| (found - expect).abs() <= 1e-5 * expect.abs();
        assert!(found.turns.iter().zip(expect).all(close), "{stretch:?}: {found:?}");
        assert!((found.magnitude - magnitude).abs() < 1e-5, "{stretch:?}: {found:?}");
    }

    #[test]
    fn turns_are_powers_stretched() {
        check(&Stretch::None, &[1.0, 0.1, 0.01, 0.001], 1.0);
        check(&Stretch::Linear(4.0), &[0.25, 0.025, 0.0025, 0.00025], 1.0);
        check(&Stretch::Factors(vec![1.0, 2.0, 4.0, 8.0]), &[1.0, 0.05, 0.0025, 0.000_125], 1.0);
        // Wavelengths 6, 63, 628 and 6283 against 1024 / 4 and 1024 / 1.
        let llama3 = Stretch::Llama3 { factor: 8.0, low: 1.0, high: 4.0, original: 1024.0 };
        check(&llama3, &[1.0, 0.1, 0.003_086_76, 0.000_125], 1.0);
        let yarn = Stretch::Yarn { factor: 4.0, fast: 32.0, slow: 1.0, original: 1024.0, magnitude: None };
        check(&yarn, &[1.0, 0.075, 0.005, 0.000_25], 1.138_629_4);
        let long = Stretch::Long { short: vec![1.0; 4], long: vec![2.0; 4], original: 64, magnitude: 1.5 };
        check(&long, &[1.0, 0.1, 0.01, 0.001], 1.5);
        assert_eq!(long_magnitude(1.0, 64), 1.0);
    }
}
