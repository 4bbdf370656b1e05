//! The inner loops that take the time: rows of weights by a few tokens, softmax and GELU.
//!
//! candle multiplies large matrices well. A single token is another matter: it reads every weight once, so what counts is
//! how few bytes a weight has. And its exponential is computed one by one, while attention over half a minute needs fifty
//! million of them. The loops here are plain; `pulp` has them compiled for what the processor can do.

use candle_core::{CpuStorage, DType, InplaceOp1, Layout, Result, Tensor, bail};
use half::{f16, slice::HalfFloatSliceExt};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Numbers that are added up side by side.
const LANES: usize = 32;
/// The least work worth a thread of its own, in weights.
const WEIGHTS_PER_TASK: usize = 32 * 1024;
/// Numbers that one task of [`Gelu`] turns.
const NUMBERS_PER_TASK: usize = 16 * 1024;

/// A matrix of weights, in as few bits as hold it exactly.
pub(super) enum Numbers {
    Half(Vec<f16>),
    Single(Vec<f32>),
}

impl Numbers {
    /// Takes the numbers of `tensor`, row by row. Whisper was published in 16 bits, whatever its file has now.
    pub(super) fn new(tensor: &Tensor) -> Result<Self> {
        let tensor = tensor.flatten_all()?;
        if tensor.dtype() == DType::F16 {
            return Ok(Self::Half(tensor.to_vec1()?));
        }
        let single: Vec<f32> = tensor.to_dtype(DType::F32)?.to_vec1()?;
        let exact = single.par_iter().all(|number| f16::from_f32(*number).to_f32() == *number);
        Ok(match exact {
            true => Self::Half(single.into_par_iter().map(f16::from_f32).collect()),
            false => Self::Single(single),
        })
    }

    /// `count` numbers from `first` on; fewer at the end.
    pub(super) fn widened(&self, first: usize, count: usize) -> Vec<f32> {
        match self {
            Self::Half(numbers) => numbers.get(first..first + count).map(HalfFloatSliceExt::to_f32_vec),
            Self::Single(numbers) => numbers.get(first..first + count).map(<[f32]>::to_vec),
        }
        .unwrap_or_default()
    }

    /// The product of `tokens` (each of `columns` numbers) with each of `rows` rows: tokens by rows.
    pub(super) fn multiply(&self, tokens: &[f32], rows: usize, columns: usize) -> Vec<f32> {
        let rows_per_task = WEIGHTS_PER_TASK.div_ceil(columns.max(1));
        let arch = Arch::new();
        let parts: Vec<Vec<f32>> = (0..rows)
            .into_par_iter()
            .step_by(rows_per_task)
            .map(|first| {
                let weights = self.widened(first * columns, rows_per_task.min(rows - first) * columns);
                arch.dispatch(Products { weights: &weights, tokens, columns })
            })
            .collect();
        let count = tokens.len() / columns.max(1);
        if count == 1 {
            return parts.concat();
        }
        let token = |index: usize| {
            parts
                .iter()
                .flat_map(move |part| part.chunks_exact(part.len() / count).nth(index).unwrap_or_default())
        };
        (0..count).flat_map(token).copied().collect()
    }
}

/// Tokens by a few rows of weights.
struct Products<'a> {
    weights: &'a [f32],
    tokens: &'a [f32],
    columns: usize,
}

impl WithSimd for Products<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<f32> {
        let mut products =
            Vec::with_capacity(self.weights.len() * self.tokens.len() / self.columns / self.columns);
        for token in self.tokens.chunks_exact(self.columns) {
            products.extend(self.weights.chunks_exact(self.columns).map(|row| dot(row, token)));
        }
        products
    }
}

#[inline(always)]
fn dot(left: &[f32], right: &[f32]) -> f32 {
    let (lefts, left_rest) = left.as_chunks::<LANES>();
    let (rights, right_rest) = right.as_chunks::<LANES>();
    let mut sums = [0.0f32; LANES];
    for (left, right) in lefts.iter().zip(rights) {
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            *sum += left * right;
        }
    }
    let rest: f32 = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum();
    sums.iter().sum::<f32>() + rest
}

/// Softmax over the last dimension, in place.
pub(super) struct Softmax;

/// GELU with the error function, as Whisper was trained with, in place.
pub(super) struct Gelu;

impl InplaceOp1 for Softmax {
    fn name(&self) -> &'static str {
        "softmax"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let columns = layout.dims().last().copied().unwrap_or(1).max(1);
        let arch = Arch::new();
        floats(storage, layout)?.par_chunks_mut(columns).for_each(|row| arch.dispatch(SoftmaxRow(row)));
        Ok(())
    }
}

impl InplaceOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu"
    }

    fn cpu_fwd(&self, storage: &mut CpuStorage, layout: &Layout) -> Result<()> {
        let arch = Arch::new();
        floats(storage, layout)?
            .par_chunks_mut(NUMBERS_PER_TASK)
            .for_each(|part| arch.dispatch(GeluPart(part)));
        Ok(())
    }
}

/// The numbers of a tensor that lies in memory as it is read.
fn floats<'a>(storage: &'a mut CpuStorage, layout: &Layout) -> Result<&'a mut [f32]> {
    let (CpuStorage::F32(numbers), Some((start, end))) = (storage, layout.contiguous_offsets()) else {
        bail!("a contiguous tensor of 32-bit floats is needed")
    };
    numbers.get_mut(start..end).map_or_else(|| bail!("a tensor ends after its storage"), Ok)
}

struct SoftmaxRow<'a>(&'a mut [f32]);

impl WithSimd for SoftmaxRow<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let largest = self.0.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        for number in &mut *self.0 {
            *number = exp(*number - largest);
        }
        let (parts, rest) = self.0.as_chunks::<LANES>();
        let mut sums = [0.0f32; LANES];
        for part in parts {
            for (sum, number) in sums.iter_mut().zip(part) {
                *sum += number;
            }
        }
        let scale = 1.0 / (sums.iter().sum::<f32>() + rest.iter().sum::<f32>());
        for number in self.0 {
            *number *= scale;
        }
    }
}

struct GeluPart<'a>(&'a mut [f32]);

impl WithSimd for GeluPart<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for number in self.0 {
            *number = gelu(*number);
        }
    }
}

#[inline(always)]
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// The error function to 1.5e-7: formula 7.1.26 of Abramowitz and Stegun.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let size = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * size);
    let polynomial =
        ((((1.061_405_4 * t - 1.453_152_1) * t + 1.421_413_8) * t - 0.284_496_72) * t + 0.254_829_6) * t;
    (1.0 - polynomial * exp(-size * size)).copysign(x)
}

/// e to the `x` for `x` up to 88, to about 2e-7 of its value. What is smaller than any float is 0.
///
/// `x` is split into a whole number of octaves and a rest, for which a polynomial does; the octaves go into the exponent.
#[inline(always)]
fn exp(x: f32) -> f32 {
    // Adding this rounds to a whole number, which then stands in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    let x = x.max(-87.3);
    let rounded = x * std::f32::consts::LOG2_E + ROUND;
    let octaves = rounded - ROUND;
    let rest = (x - octaves * 0.693_359_4) + octaves * 2.121_944_4e-4;
    let polynomial =
        (((((1.987_569_2e-4 * rest + 1.398_199_9e-3) * rest + 8.333_452e-3) * rest + 4.166_579_6e-2) * rest
            + 0.166_666_66)
            * rest
            + 0.5)
            * rest
            * rest
            + rest
            + 1.0;
    let power = f32::from_bits(rounded.to_bits().wrapping_sub(ROUND.to_bits()).wrapping_add(127) << 23);
    polynomial * power
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::Device;

    #[test]
    fn softmax_and_gelu_are_candles_to_rounding() {
        let numbers: Vec<f32> = (0..3000).map(|index| (index as f32 * 0.37).sin() * 9.0).collect();
        let tensor = Tensor::from_vec(numbers, (3, 1000), &Device::Cpu).unwrap();
        let check = |ours: Tensor, theirs: Tensor| {
            let error =
                (ours - theirs).unwrap().abs().unwrap().max_all().unwrap().to_scalar::<f32>().unwrap();
            assert!(error < 2e-6, "{error}");
        };
        let softmax = tensor.copy().unwrap();
        softmax.inplace_op1(&Softmax).unwrap();
        check(softmax, candle_nn::ops::softmax_last_dim(&tensor).unwrap());
        let gelu = tensor.copy().unwrap();
        gelu.inplace_op1(&Gelu).unwrap();
        check(gelu, tensor.gelu_erf().unwrap());
    }

    #[test]
    fn products_are_those_of_matrices_whatever_the_width() {
        let check = |tokens: usize, rows: usize, columns: usize, scale: f32| {
            let fill = |count: usize| {
                (0..count).map(|index| ((index * 7919) % 251) as f32 * scale).collect::<Vec<_>>()
            };
            let weight = Tensor::from_vec(fill(rows * columns), (rows, columns), &Device::Cpu).unwrap();
            let input = Tensor::from_vec(fill(tokens * columns), (tokens, columns), &Device::Cpu).unwrap();
            let numbers = Numbers::new(&weight).unwrap();
            let ours =
                numbers.multiply(&input.flatten_all().unwrap().to_vec1::<f32>().unwrap(), rows, columns);
            let theirs =
                input.matmul(&weight.t().unwrap()).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
            assert_eq!(ours.len(), theirs.len());
            for (ours, theirs) in ours.iter().zip(&theirs) {
                assert!((ours - theirs).abs() <= theirs.abs() * 1e-5, "{ours} {theirs}");
            }
        };
        check(1, 1000, 384, 0.25);
        check(3, 97, 70, 0.25);
        check(2, 5, 31, 0.1);
        check(1, 1, 1, 1.0);
    }

    #[test]
    fn e_to_the_x_from_nothing_to_much() {
        for x in [-1000.0, -87.0, -10.5, -0.3, 0.0, 1e-4, 1.0, 20.25] {
            let (ours, exact) = (exp(x), f64::from(x).exp());
            assert!((f64::from(ours) - exact).abs() <= exact * 3e-7 + 2e-38, "{x}: {ours} {exact}");
        }
    }
}
