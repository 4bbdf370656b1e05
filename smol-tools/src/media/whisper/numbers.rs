//! The inner loops that take the time: rows of weights by a few tokens, softmax and GELU.
//!
//! candle multiplies large matrices well. A single token is another matter: it reads every weight once, so what counts is
//! how few bytes a weight has. And its exponential is computed one by one, while attention over half a minute needs fifty
//! million of them. The loops here are plain; `pulp` has them compiled for what the processor can do.

use candle_core::{CpuStorage, DType, InplaceOp1, Layout, Result, Tensor, bail};
use half::f16;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Numbers that are added up side by side.
const LANES: usize = 32;
/// Weights that are widened at once: they fit into the fastest cache.
const WEIGHTS_PER_TASK: usize = 8 * 1024;
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

    /// `count` numbers from `first` on; none where there are fewer.
    pub(super) fn widened(&self, first: usize, count: usize) -> Vec<f32> {
        let arch = Arch::new();
        match self {
            Self::Half(numbers) => {
                numbers.get(first..first + count).map(|halves| arch.dispatch(Widened(halves)))
            }
            Self::Single(numbers) => numbers.get(first..first + count).map(<[f32]>::to_vec),
        }
        .unwrap_or_default()
    }

    /// The product of `tokens` (each of `columns` numbers) with each row: tokens by rows.
    pub(super) fn multiply(&self, tokens: &[f32], columns: usize) -> Vec<f32> {
        match self {
            Self::Half(numbers) => multiply(numbers, tokens, columns),
            Self::Single(numbers) => multiply(numbers, tokens, columns),
        }
    }
}

fn multiply<W: Weight>(weights: &[W], tokens: &[f32], columns: usize) -> Vec<f32> {
    let columns = columns.max(1);
    let rows_per_task = WEIGHTS_PER_TASK.div_ceil(columns);
    let arch = Arch::new();
    let parts: Vec<Vec<f32>> = weights
        .par_chunks(rows_per_task * columns)
        .map(|weights| arch.dispatch(Products { weights, tokens, columns }))
        .collect();
    let count = tokens.len() / columns;
    let of_token = |token: usize| {
        let slice =
            move |part: &'_ Vec<f32>| part.chunks_exact(part.len() / count).nth(token).map(<[f32]>::to_vec);
        parts.iter().filter_map(slice).flatten().collect::<Vec<_>>()
    };
    if count == 1 { parts.concat() } else { (0..count).flat_map(of_token).collect() }
}

/// A number as it is stored.
trait Weight: Copy + Sync {
    /// The same in 32 bits.
    fn wide(self) -> f32;
}

impl Weight for f32 {
    #[inline(always)]
    fn wide(self) -> f32 {
        self
    }
}

impl Weight for f16 {
    /// In a few operations that a compiler can do for many numbers at once: exponent and fraction are moved to where those of
    /// 32 bits are, and a product makes up for the other bias. It is exact, also for numbers too small for an exponent.
    /// Weights are finite.
    #[inline(always)]
    fn wide(self) -> f32 {
        const REBIAS: f32 = f32::from_bits((127 + 127 - 15) << 23);
        let bits = u32::from(self.to_bits());
        let size = f32::from_bits((bits & 0x7FFF) << 13) * REBIAS;
        f32::from_bits(size.to_bits() | (bits & 0x8000) << 16)
    }
}

struct Widened<'a>(&'a [f16]);

impl WithSimd for Widened<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<f32> {
        let mut wide = vec![0.0; self.0.len()];
        for (wide, half) in wide.iter_mut().zip(self.0) {
            *wide = half.wide();
        }
        wide
    }
}

/// Tokens by a few rows of weights.
struct Products<'a, W> {
    weights: &'a [W],
    tokens: &'a [f32],
    columns: usize,
}

impl<W: Weight> WithSimd for Products<'_, W> {
    type Output = Vec<f32>;

    // Loops, not chains of iterators: what is not made one with this function is not compiled for this processor.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<f32> {
        let rows = self.weights.len() / self.columns;
        let mut products = vec![0.0; rows * (self.tokens.len() / self.columns)];
        for (token, products) in self.tokens.chunks_exact(self.columns).zip(products.chunks_exact_mut(rows)) {
            for (row, product) in self.weights.chunks_exact(self.columns).zip(products) {
                *product = dot(row, token);
            }
        }
        products
    }
}

#[inline(always)]
fn dot<W: Weight>(left: &[W], right: &[f32]) -> f32 {
    let (lefts, left_rest) = left.as_chunks::<LANES>();
    let (rights, right_rest) = right.as_chunks::<LANES>();
    let mut sums = [0.0f32; LANES];
    for (left, right) in lefts.iter().zip(rights) {
        for ((sum, left), right) in sums.iter_mut().zip(left).zip(right) {
            *sum += left.wide() * right;
        }
    }
    let mut total: f32 = 0.0;
    for sum in sums {
        total += sum;
    }
    for (left, right) in left_rest.iter().zip(right_rest) {
        total += left.wide() * right;
    }
    total
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
        let largest = largest(self.0);
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

/// The largest of `numbers`, of which none is no number: a comparison can then be made for many at once.
#[inline(always)]
fn largest(numbers: &[f32]) -> f32 {
    let (parts, rest) = numbers.as_chunks::<LANES>();
    let mut bests = [f32::NEG_INFINITY; LANES];
    for part in parts {
        for (best, number) in bests.iter_mut().zip(part) {
            *best = if *number > *best { *number } else { *best };
        }
    }
    let mut largest = f32::NEG_INFINITY;
    for number in bests.iter().chain(rest) {
        largest = if *number > largest { *number } else { largest };
    }
    largest
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
            let ours = numbers.multiply(&input.flatten_all().unwrap().to_vec1::<f32>().unwrap(), columns);
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
    fn halves_are_widened_exactly() {
        for bits in (0..=u16::MAX).filter(|bits| bits & 0x7C00 != 0x7C00) {
            let half = f16::from_bits(bits);
            assert_eq!(half.wide().to_bits(), half.to_f32().to_bits(), "{bits:#x}");
        }
    }

    #[test]
    fn e_to_the_x_from_nothing_to_much() {
        for x in [-1000.0, -87.0, -10.5, -0.3, 0.0, 1e-4, 1.0, 20.25] {
            let (ours, exact) = (exp(x), f64::from(x).exp());
            assert!((f64::from(ours) - exact).abs() <= exact * 3e-7 + 2e-38, "{x}: {ours} {exact}");
        }
    }
}
