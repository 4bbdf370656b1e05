//! Activations as the kernels take them: 8-bit numbers in panels of tokens.

use super::block::{COLUMNS, Format};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Thirty-two activations of one token, as 8-bit numbers in quads, with what undoes the scaling.
#[derive(Clone, Copy, Default)]
pub(super) struct Activations {
    pub(super) quads: [i32; COLUMNS / 4],
    /// Where the sums over the first and the last 16 columns begin, so that weights count from their format's zero.
    pub(super) starts: [i32; 2],
    pub(super) scale: f32,
    /// The sum of the activations, for the weights' minima.
    pub(super) total: f32,
}

/// Quantises `input` for weights in `format`, and orders it by panels of `T` tokens, then by block, then by token.
pub(super) fn panels<const T: usize>(format: Format, input: &[f32], columns: usize) -> Vec<Activations> {
    let blocks = columns / COLUMNS;
    let tokens = input.len() / columns;
    let mut panels = vec![Activations::default(); tokens.next_multiple_of(T) * blocks];
    let arch = Arch::new();
    let tasks = panels.par_chunks_exact_mut(blocks * T).zip(input.par_chunks(columns * T));
    tasks.for_each(|(panel, rows)| arch.dispatch(Panel::<T> { format, columns, rows, panel }));
    panels
}

/// Up to `T` rows of activations, and where they go.
struct Panel<'a, const T: usize> {
    format: Format,
    columns: usize,
    rows: &'a [f32],
    panel: &'a mut [Activations],
}

impl<const T: usize> WithSimd for Panel<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (token, row) in self.rows.chunks_exact(self.columns).enumerate() {
            let targets = self.panel.iter_mut().skip(token).step_by(T);
            for (target, values) in targets.zip(row.as_chunks::<COLUMNS>().0) {
                *target = quantise(self.format, values);
            }
        }
    }
}

/// Rounds 32 numbers to 8 bits.
#[inline(always)]
fn quantise(format: Format, values: &[f32; COLUMNS]) -> Activations {
    // Adding this moves a small number's integer part into the lowest bits, rounded: no call to a rounding function.
    const ROUNDER: f32 = 12_582_912.0;
    let largest = values.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
    let scale = largest / 127.0;
    let inverse = if scale > 0.0 { scale.recip() } else { 0.0 };
    let rounded = values.map(|value| (value * inverse + ROUNDER).to_bits() as i8);
    let mut quads = [0; COLUMNS / 4];
    for (quad, bytes) in quads.iter_mut().zip(rounded.as_chunks::<4>().0) {
        *quad = i32::from_le_bytes(bytes.map(i8::cast_unsigned));
    }
    let mut sums = [0; 2];
    for (sum, half) in sums.iter_mut().zip(rounded.as_chunks::<{ COLUMNS / 2 }>().0) {
        *sum = half.iter().map(|&value| i32::from(value)).sum::<i32>();
    }
    let total = scale * sums.iter().sum::<i32>() as f32;
    Activations { quads, starts: sums.map(|sum| -format.zero() * sum), scale, total }
}
