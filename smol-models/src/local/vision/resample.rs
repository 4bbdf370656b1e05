//! Bicubic scaling of pictures, to the last bit as the Python imaging library does it.
//!
//! Vision models were trained on pictures that went through Pillow. Other good scalers differ by a shade or two, which
//! moves the first numbers of a model by more than its rounding; so this follows Pillow's arithmetic: weights as whole
//! numbers of 22 bits, rows first, then columns, each rounded to 8 bits. Only the part that is asked for is computed:
//! a picture of one pixel by a million takes no more room than any other.

use std::ops::Range;

/// The channels of a pixel: red, green, blue.
pub(super) const CHANNELS: usize = 3;
/// Bits behind the point of a weight.
const PRECISION: u32 = 22;
/// How far the bicubic filter reaches, in pixels.
const REACH: f64 = 2.0;

/// Rows of pixels, each three bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) bytes: Vec<u8>,
}

/// One length as it is, as it shall be, and the part of the latter that is wanted.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) part: Range<usize>,
}

/// The pixels that one new pixel is made of.
struct Mix {
    first: usize,
    weights: Vec<i32>,
}

/// `picture` scaled along both axes, and cut to the parts wanted.
pub(super) fn scale(picture: &Picture, width: &Axis, height: &Axis) -> Picture {
    let (columns, rows) = (mixes(width), mixes(height));
    // Only rows that some new row is made of are needed.
    let first = rows.iter().map(|mix| mix.first).min().unwrap_or(0);
    let last = rows.iter().map(|mix| mix.first + mix.weights.len()).max().unwrap_or(0);
    let stride = picture.width * CHANNELS;
    let narrow = picture.bytes.chunks_exact(stride.max(1)).skip(first).take(last - first);
    let narrow = narrow
        .flat_map(|row| columns.iter().flat_map(move |mix| mix.of(row, mix.first * CHANNELS, CHANNELS)));
    let narrow = narrow.collect::<Vec<_>>();
    let stride = columns.len() * CHANNELS;
    let bytes = rows.iter().flat_map(|mix| {
        let start = (mix.first - first) * stride;
        let narrow = &narrow;
        (0..columns.len()).flat_map(move |column| mix.of(narrow, start + column * CHANNELS, stride))
    });
    let bytes = bytes.collect();
    Picture { width: columns.len(), height: rows.len(), bytes }
}

impl Mix {
    /// The mixed pixel. In `bytes`, the first of those it is made of begins at `start`, each further one `stride` later.
    fn of(&self, bytes: &[u8], start: usize, stride: usize) -> [u8; CHANNELS] {
        let mut sums = [1i32 << (PRECISION - 1); CHANNELS];
        for (start, weight) in (start..).step_by(stride).zip(&self.weights) {
            let Some(pixel) = bytes.get(start..).and_then(|bytes| bytes.first_chunk::<CHANNELS>()) else {
                break;
            };
            for (sum, value) in sums.iter_mut().zip(pixel) {
                *sum += i32::from(*value) * weight;
            }
        }
        sums.map(|sum| (sum >> PRECISION).clamp(0, 255) as u8)
    }
}

fn mixes(axis: &Axis) -> Vec<Mix> {
    if axis.from == axis.to {
        return axis.part.clone().map(|first| Mix { first, weights: vec![1 << PRECISION] }).collect();
    }
    let scale = axis.from as f64 / axis.to as f64;
    // When a picture shrinks, the filter grows, so that every old pixel counts.
    let stretch = scale.max(1.0);
    let mix = |index: usize| {
        let centre = (index as f64 + 0.5) * scale;
        let first = (centre - REACH * stretch + 0.5).max(0.0) as usize;
        let end = ((centre + REACH * stretch + 0.5) as usize).min(axis.from);
        let weights = (first..end).map(|at| cubic((at as f64 - centre + 0.5) / stretch)).collect::<Vec<_>>();
        let total = weights.iter().sum::<f64>();
        let whole = |weight: &f64| (weight / total * f64::from(1 << PRECISION)).round() as i32;
        Mix { first, weights: weights.iter().map(whole).collect() }
    };
    axis.part.clone().map(mix).collect()
}

/// The cubic convolution kernel of Keys with a = -0.5.
fn cubic(x: f64) -> f64 {
    const A: f64 = -0.5;
    match x.abs() {
        x if x < 1.0 => ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0,
        x if x < 2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * A,
        _ => 0.0,
    }
}
