//! One channel at any rate to one at 16 kHz, while it is decoded: hours at 48 kHz are never held whole.

use super::audio::SAMPLE_RATE;
use rubato::{
    Fft, FixedSync, Resampler as _, ResamplerConstructionError, WindowFunction,
    audioadapter_buffers::direct::SequentialSlice,
};

/// About how many samples are resampled at once.
const CHUNK: usize = 4096;
/// What sound is recorded at; outside of it a file is damaged or hostile.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=768_000;

/// Takes samples at one rate and gives them at [`SAMPLE_RATE`].
pub(super) struct Resampler {
    rate: u32,
    /// Nothing where the rate is right already.
    filter: Option<Fft<f32>>,
    received: usize,
    pending: Vec<f32>,
    samples: Vec<f32>,
}

impl Resampler {
    /// From `rate` samples a second.
    pub(super) fn new(rate: u32) -> Result<Self, String> {
        if !RATES.contains(&rate) {
            return Err(format!("{rate} samples a second are no sound"));
        }
        let filter = match rate as usize {
            SAMPLE_RATE => None,
            rate => Some(filter(rate).map_err(|error| error.to_string())?),
        };
        Ok(Self { rate, filter, received: 0, pending: Vec::new(), samples: Vec::new() })
    }

    /// The rate it takes.
    pub(super) fn rate(&self) -> u32 {
        self.rate
    }

    /// How much it was given, in seconds.
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52 samples")]
    pub(super) fn seconds(&self) -> f64 {
        self.received as f64 / f64::from(self.rate)
    }

    /// Takes more samples.
    pub(super) fn push(&mut self, samples: impl ExactSizeIterator<Item = f32>) -> Result<(), String> {
        self.received += samples.len();
        let Some(filter) = &mut self.filter else {
            self.samples.extend(samples);
            return Ok(());
        };
        self.pending.extend(samples);
        let mut taken = 0;
        while let Some(chunk) = self.pending.get(taken..taken + filter.input_frames_next()) {
            taken += chunk.len();
            let input = SequentialSlice::new(chunk, 1, chunk.len()).map_err(|error| error.to_string())?;
            let output = filter.process(&input, None).map_err(|error| error.to_string())?;
            self.samples.extend(output.take_data());
        }
        self.pending.drain(..taken);
        Ok(())
    }

    /// All samples, as long as what was given and with the filter's delay taken out.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length")]
    pub(super) fn finish(mut self) -> Result<Vec<f32>, String> {
        let Some(filter) = &self.filter else { return Ok(self.samples) };
        #[expect(clippy::cast_precision_loss, reason = "a rate")]
        let length = (self.seconds() * SAMPLE_RATE as f64).ceil() as usize;
        let (delay, chunk) = (filter.output_delay(), filter.input_frames_next());
        while self.samples.len() < length + delay {
            let missing = chunk.saturating_sub(self.pending.len()).max(1);
            self.push(std::iter::repeat_n(0.0, missing))?;
        }
        self.samples.truncate(length + delay);
        self.samples.drain(..delay);
        Ok(self.samples)
    }
}

fn filter(rate: usize) -> Result<Fft<f32>, ResamplerConstructionError> {
    // In one piece of an even length: others have their middle between two samples, and the sound would come too late.
    let step = rate / common_divisor(rate, SAMPLE_RATE);
    let chunk = step * CHUNK.div_ceil(step).next_multiple_of(2);
    Fft::new_custom(rate, SAMPLE_RATE, chunk, 1, 1, WindowFunction::BlackmanHarris2, FixedSync::Input)
}

/// The greatest number that divides both.
fn common_divisor(one: usize, other: usize) -> usize {
    if other == 0 { one } else { common_divisor(other, one % other) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tone comes out as the same tone, at the same time; what 16 kHz cannot hold is gone.
    #[test]
    fn tones_keep_their_place_and_those_too_high_vanish() {
        let tone = |rate: usize, hertz: f64| {
            let radians = move |index: usize| index as f64 / rate as f64 * hertz * std::f64::consts::TAU;
            (0..rate).map(move |index| radians(index).sin() as f32).collect::<Vec<_>>()
        };
        let resampled = |rate: usize, hertz: f64| {
            let mut resampler = Resampler::new(u32::try_from(rate).unwrap()).unwrap();
            for part in tone(rate, hertz).chunks(1000) {
                resampler.push(part.iter().copied()).unwrap();
            }
            resampler.finish().unwrap()
        };
        let check = |rate: usize, hertz: f64, expected: f64| {
            let found = resampled(rate, hertz);
            assert_eq!(found.len(), SAMPLE_RATE, "{rate}");
            let inner = 1000..SAMPLE_RATE - 1000;
            let expected = tone(SAMPLE_RATE, expected);
            let error = expected[inner.clone()].iter().zip(&found[inner]);
            let error = error.map(|(expected, found)| (expected - found).abs()).fold(0.0, f32::max);
            assert!(error < 2e-3, "{hertz} Hz at {rate}: {error}");
        };
        for rate in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000] {
            check(rate, 440.0, 440.0);
        }
        check(48_000, 12_000.0, 0.0);
        check(44_100, 9_500.0, 0.0);
    }

    #[test]
    fn rates_that_are_no_sound_are_refused() {
        for rate in [0, 1, 999, 768_001, u32::MAX] {
            assert!(Resampler::new(rate).is_err(), "{rate}");
        }
    }
}
