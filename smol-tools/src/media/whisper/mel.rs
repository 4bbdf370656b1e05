//! What Whisper looks at: how loud each of 80 or 128 bands of the mel scale is, every hundredth of a second.
//!
//! The numbers are those of openai-whisper: power spectra of 400 samples under a Hann window, triangles of Slaney's mel
//! scale with equal area, the logarithm, and the loudest 80 dB of the whole recording moved to about -1 to 1.

use super::audio::SAMPLE_RATE;
use rayon::prelude::*;
use realfft::{RealFftPlanner, RealToComplex, num_complex::Complex32};
use std::sync::Arc;

/// Samples under the window.
const WINDOW: usize = 400;
/// Samples from one frame to the next.
pub(super) const HOP: usize = 160;
/// Frames in a second.
pub(super) const FRAMES_PER_SECOND: usize = SAMPLE_RATE / HOP;
/// Frames that one task makes.
const FRAMES_PER_TASK: usize = 256;
/// What is less than this counts as this before the logarithm.
const FLOOR: f32 = 1e-10;
/// How far below the loudest anything counts, in powers of ten.
const RANGE: f32 = 8.0;

/// Loudness in bands over time: frame by frame, each of `bands` numbers.
pub(super) struct Spectrogram {
    /// How many bands.
    bands: usize,
    /// Frames after each other.
    frames: Vec<f32>,
}

impl Spectrogram {
    /// That of `samples` at 16 kHz, a frame for every 160 of them, and of the half minute of silence after them.
    pub(super) fn new(samples: &[f32], bands: usize) -> Self {
        let analysis = Analysis::new(bands);
        // The last windows reach over the end.
        let count = samples.len() / HOP + WINDOW.div_ceil(2 * HOP);
        let mut frames = vec![0.0f32; count * bands];
        frames.par_chunks_mut(FRAMES_PER_TASK * bands).enumerate().for_each(|(task, frames)| {
            analysis.frames(samples, task * FRAMES_PER_TASK, frames);
        });
        let loudest = frames.par_iter().copied().reduce(|| FLOOR.log10(), f32::max);
        frames.par_iter_mut().for_each(|level| *level = (level.max(loudest - RANGE) + 4.0) / 4.0);
        let silence = (FLOOR.log10().max(loudest - RANGE) + 4.0) / 4.0;
        frames.resize(frames.len() + bands * FRAMES_PER_SECOND * super::WINDOW_SECONDS, silence);
        Self { bands, frames }
    }

    /// `count` frames from `first` on, each of as many numbers as there are bands; none where there are fewer.
    pub(super) fn window(&self, first: usize, count: usize) -> &[f32] {
        self.frames.get(first * self.bands..(first + count) * self.bands).unwrap_or_default()
    }
}

struct Analysis {
    fft: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    bands: Vec<Band>,
}

/// A triangle over frequencies.
struct Band {
    /// The first frequency that counts.
    first: usize,
    /// How much each counts.
    weights: Vec<f32>,
}

impl Analysis {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "small counts, rounded at the end"
    )]
    fn new(bands: usize) -> Self {
        let angle = |index: usize| std::f64::consts::TAU * index as f64 / WINDOW as f64;
        let window = (0..WINDOW).map(|index| (0.5 - 0.5 * angle(index).cos()) as f32).collect();
        Self { fft: RealFftPlanner::new().plan_fft_forward(WINDOW), window, bands: triangles(bands) }
    }

    /// Fills `frames` with the logarithms of the frames from `first` on.
    fn frames(&self, samples: &[f32], first: usize, frames: &mut [f32]) {
        let (mut input, mut output) = (self.fft.make_input_vec(), self.fft.make_output_vec());
        for (index, levels) in frames.chunks_exact_mut(self.bands.len()).enumerate() {
            let middle = (first + index) * HOP;
            for (place, (number, factor)) in input.iter_mut().zip(&self.window).enumerate() {
                *number = factor * mirrored(samples, middle + place);
            }
            // It fails only for buffers of other lengths than its own.
            if self.fft.process(&mut input, &mut output).is_ok() {
                self.levels(&output, levels);
            }
        }
    }

    fn levels(&self, spectrum: &[Complex32], levels: &mut [f32]) {
        let power: Vec<f32> = spectrum.iter().map(Complex32::norm_sqr).collect();
        for (level, band) in levels.iter_mut().zip(&self.bands) {
            let powers = power.iter().skip(band.first).zip(&band.weights);
            *level = powers.map(|(power, weight)| power * weight).sum::<f32>().max(FLOOR).log10();
        }
    }
}

/// The sample half a window before `place`; beyond the beginning the sound is mirrored, after the end there is none.
fn mirrored(samples: &[f32], place: usize) -> f32 {
    let index = place.abs_diff(WINDOW / 2);
    samples.get(index).copied().unwrap_or_default()
}

/// The triangles of `count` bands from 0 to 8 kHz, evenly apart on the mel scale, each of the same area.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "small counts, rounded at the end"
)]
fn triangles(count: usize) -> Vec<Band> {
    let top = mel(SAMPLE_RATE as f64 / 2.0);
    let corner = |index: usize| hertz(top * index as f64 / (count + 1) as f64);
    let frequency = |index: usize| index as f64 * SAMPLE_RATE as f64 / WINDOW as f64;
    let band = |index: usize| {
        let (low, middle, high) = (corner(index), corner(index + 1), corner(index + 2));
        let weight = move |bin: usize| {
            let rising = (frequency(bin) - low) / (middle - low);
            let falling = (high - frequency(bin)) / (high - middle);
            (rising.min(falling).max(0.0) * 2.0 / (high - low)) as f32
        };
        let weights: Vec<f32> = (0..=WINDOW / 2).map(weight).collect();
        let first = weights.iter().position(|weight| *weight > 0.0).unwrap_or(0);
        let last = weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0);
        Band { first, weights: weights.get(first..=last).unwrap_or_default().to_vec() }
    };
    (0..count).map(band).collect()
}

/// Below 1 kHz Slaney's scale is linear, 3 mels for 200 Hz.
const LINEAR: f64 = 200.0 / 3.0;
const BREAK_HERTZ: f64 = 1000.0;
const BREAK_MEL: f64 = BREAK_HERTZ / LINEAR;

/// Above it, 27 mels are a factor of 6.4.
fn step() -> f64 {
    6.4f64.ln() / 27.0
}

fn mel(hertz: f64) -> f64 {
    if hertz < BREAK_HERTZ { hertz / LINEAR } else { BREAK_MEL + (hertz / BREAK_HERTZ).ln() / step() }
}

fn hertz(mel: f64) -> f64 {
    if mel < BREAK_MEL { mel * LINEAR } else { BREAK_HERTZ * ((mel - BREAK_MEL) * step()).exp() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of faster-whisper 1.2.1's extractor, whose formulas are openai-whisper's, for a rising tone of a second.
    #[test]
    fn a_rising_tone_looks_as_it_does_to_whisper() {
        let tone = |index: u32| {
            let time = f64::from(index) / 16_000.0;
            (0.5 * (std::f64::consts::TAU * (200.0 + 1500.0 * time) * time).sin()) as f32
        };
        let samples: Vec<f32> = (0..16_000).map(tone).collect();
        let check = |bands: usize, frame: usize, expect: [f32; 5]| {
            let spectrogram = Spectrogram::new(&samples, bands);
            assert_eq!(spectrogram.frames.len() % bands, 0);
            let levels = spectrogram.window(frame, 1);
            let found = [0, 5, 20, 40, bands - 1].map(|band| levels[band]);
            let error =
                found.iter().zip(expect).map(|(found, expect)| (found - expect).abs()).fold(0.0, f32::max);
            assert!(error < 1e-3, "{bands} bands, frame {frame}: {found:?}");
        };
        check(80, 0, [1.1659, 1.2784, 0.5771, 0.2356, -0.2533]);
        check(80, 1, [0.5774, 1.4111, 0.0646, -0.2761, -0.5530]);
        check(80, 50, [-0.5530, -0.5530, -0.5530, 1.3889, -0.5530]);
        check(80, 99, [-0.1429, -0.1417, -0.1276, -0.0527, -0.2800]);
        check(80, 101, [-0.1428, -0.1419, -0.1274, -0.0523, -0.2800]);
        check(80, 103, [-0.5530; 5]);
        check(80, 2000, [-0.5530; 5]);
        check(128, 0, [1.0901, 1.2507, 0.8053, 0.5354, -0.2538]);
        check(128, 1, [0.5016, 0.9014, 0.2702, 0.0282, -0.5040]);
        check(128, 99, [-0.2187, -0.2182, -0.1479, -0.0672, -0.2808]);
        check(128, 103, [-0.5040; 5]);
    }
}
