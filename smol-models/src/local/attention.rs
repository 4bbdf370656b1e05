//! Attention as one operation: which tokens each token heeds, and the mix of their values.
//!
//! As separate tensor operations this takes more time in copies, masks and hand-overs between thread pools than in
//! arithmetic. Here the rows of queries that share a head of keys go through in small panels, whatever token or head they
//! belong to, and what lies in a panel's future is not even looked at. Keys lie transposed in blocks of 16 tokens, so both
//! products are the same loop: rows of 16 numbers, each weighted by one number for each query.

use super::weights::contiguous;
use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape};
use half::f16;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Numbers side by side in the inner loop. Head sizes and room for tokens are multiples of it.
pub(super) const LANES: usize = 16;
/// Rows of queries that share one look at a key or value: one panel.
const PANEL: usize = 6;
/// The same where there are few rows, as for a single new token.
const SMALL_PANEL: usize = 4;

/// Attention of queries (heads by tokens by head size) to the keys and values of a cache, in which `start` tokens come
/// before the first query's. The result is as large as the queries.
pub(super) struct Attention {
    pub(super) start: usize,
}

/// The keys and values of one head.
#[derive(Clone, Copy)]
struct Head<'a> {
    keys: &'a [f16],
    values: &'a [f16],
    size: usize,
}

impl CustomOp3 for Attention {
    fn name(&self) -> &'static str {
        "cached-attention"
    }

    fn cpu_fwd(
        &self,
        queries: &CpuStorage,
        query_layout: &Layout,
        keys: &CpuStorage,
        key_layout: &Layout,
        values: &CpuStorage,
        value_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (heads, tokens, size) = query_layout.shape().dims3()?;
        let (kv_heads, room, _) = value_layout.shape().dims3()?;
        let queries = contiguous::<f32>(queries, query_layout)?;
        let (keys, values) = (contiguous(keys, key_layout)?, contiguous(values, value_layout)?);
        let kv = keys.chunks_exact(room * size).zip(values.chunks_exact(room * size));
        let kv = kv.map(|(keys, values)| Head { keys, values, size }).collect::<Vec<_>>();
        let rows = heads / kv_heads * tokens;
        let mut output = vec![0.0; queries.len()];
        match rows > SMALL_PANEL {
            true => self.attend_all::<PANEL>(&kv, tokens, rows, queries, &mut output),
            false => self.attend_all::<SMALL_PANEL>(&kv, tokens, rows, queries, &mut output),
        }
        Ok((CpuStorage::F32(output), query_layout.shape().clone()))
    }
}

impl Attention {
    /// Goes through all panels of `R` rows, in parallel. Each head of keys has `rows` rows of queries.
    fn attend_all<const R: usize>(
        &self,
        kv: &[Head<'_>],
        tokens: usize,
        rows: usize,
        queries: &[f32],
        output: &mut [f32],
    ) {
        let Some(size) = kv.first().map(|head| head.size) else { return };
        let arch = Arch::new();
        let groups = queries.chunks_exact(rows * size).zip(output.chunks_exact_mut(rows * size)).zip(kv);
        let panels = groups.flat_map(|((queries, output), head)| {
            let panels = queries.chunks(R * size).zip(output.chunks_mut(R * size)).zip((0..).step_by(R));
            panels.map(move |((queries, output), first)| {
                // Rows are ordered by head, then by token; one may heed all tokens up to its own.
                let limits = std::array::from_fn(|row| self.start + (first + row) % tokens + 1);
                Panel::<R> { head: *head, limits, queries, output }
            })
        });
        panels.collect::<Vec<_>>().into_par_iter().for_each(|panel| arch.dispatch(panel));
    }
}

/// Up to `R` rows of queries of one head, and where their results go.
struct Panel<'a, const R: usize> {
    head: Head<'a>,
    /// How many tokens each row may heed.
    limits: [usize; R],
    queries: &'a [f32],
    output: &'a mut [f32],
}

impl<const R: usize> WithSimd for Panel<'_, R> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Head { keys, values, size } = self.head;
        let limit = self.limits.iter().take(self.queries.len() / size).copied().max().unwrap_or(0);
        let mut columns = vec![[0.0; R]; size];
        for (row, query) in self.queries.chunks_exact(size).enumerate() {
            for (column, value) in columns.iter_mut().zip(query) {
                if let Some(cell) = column.get_mut(row) {
                    *cell = value / (size as f32).sqrt();
                }
            }
        }
        let padded = limit.next_multiple_of(LANES);
        let mut scores = vec![0.0; R * padded];
        for (first, block) in (0..padded).step_by(LANES).zip(keys.chunks_exact(size * LANES)) {
            let tile = weigh_rows::<S, R>(&columns, block, LANES, 0);
            for (row, tile) in scores.chunks_exact_mut(padded).zip(tile) {
                place(row, first, tile);
            }
        }
        let mut shares = vec![[0.0; R]; limit];
        for (index, (row, limit)) in scores.chunks_exact_mut(padded).zip(self.limits).enumerate() {
            softmax(row, limit);
            for (share, value) in shares.iter_mut().zip(row) {
                if let Some(cell) = share.get_mut(index) {
                    *cell = *value;
                }
            }
        }
        for first in (0..size).step_by(LANES) {
            let tile = weigh_rows::<S, R>(&shares, values, size, first);
            for (row, tile) in self.output.chunks_exact_mut(size).zip(tile) {
                place(row, first, tile);
            }
        }
    }
}

/// For each of `R` rows the sum of `matrix`'s rows (of length `stride`, and of those the 16 numbers from `first` on), each
/// weighted by the row's number in `weights`.
#[inline(always)]
fn weigh_rows<S: Simd, const R: usize>(
    weights: &[[f32; R]],
    matrix: &[f16],
    stride: usize,
    first: usize,
) -> [[f32; LANES]; R] {
    let mut sums = [[0.0; LANES]; R];
    for (weights, row) in weights.iter().zip(matrix.chunks_exact(stride)) {
        // A copy of its own stays in registers.
        let Some(numbers) = row.get(first..).and_then(|row| row.first_chunk::<LANES>()) else { break };
        let numbers = numbers.map(widen);
        for (sums, weight) in sums.iter_mut().zip(weights) {
            for (sum, number) in sums.iter_mut().zip(numbers) {
                // Where there is no instruction for both at once, a function would be called.
                *sum = if S::IS_SCALAR { *sum + number * weight } else { number.mul_add(*weight, *sum) };
            }
        }
    }
    sums
}

/// The same number in 32 bits. Without a branch or a call, so that it runs on many numbers at once, wherever; infinity
/// becomes a large number.
#[inline(always)]
fn widen(number: f16) -> f32 {
    /// 2 to the power of 112, by which the exponents' offsets differ.
    const OFFSET: f32 = f32::from_bits((127 + 112) << 23);
    // The sign stays on top while the rest moves to its place.
    let moved = i32::from(number.to_bits().cast_signed()) << 13;
    f32::from_bits(moved.cast_unsigned() & 0x8FFF_E000) * OFFSET
}

#[inline(always)]
fn place(row: &mut [f32], first: usize, tile: [f32; LANES]) {
    if let Some(target) = row.get_mut(first..).and_then(|row| row.first_chunk_mut::<LANES>()) {
        *target = tile;
    }
}

/// Turns the first `limit` scores into shares that add up to 1, and the others into 0. The row is a multiple of 16 long.
#[inline(always)]
fn softmax(scores: &mut [f32], limit: usize) {
    scores.iter_mut().skip(limit).for_each(|score| *score = f32::NEG_INFINITY);
    let chunks = scores.as_chunks_mut::<LANES>().0;
    let mut largest = [f32::NEG_INFINITY; LANES];
    for chunk in chunks.iter() {
        for (largest, score) in largest.iter_mut().zip(chunk) {
            *largest = if *score > *largest { *score } else { *largest };
        }
    }
    let largest = largest.iter().fold(f32::NEG_INFINITY, |largest, score| largest.max(*score));
    for chunk in chunks.iter_mut() {
        for score in chunk {
            *score = exponential(*score - largest);
        }
    }
    let mut total = [0.0; LANES];
    for chunk in chunks.iter() {
        for (total, score) in total.iter_mut().zip(chunk) {
            *total += score;
        }
    }
    let inverse = total.iter().sum::<f32>().recip();
    chunks.as_flattened_mut().iter_mut().for_each(|score| *score *= inverse);
    scores.iter_mut().skip(limit).for_each(|score| *score = 0.0);
}

/// e to the power of `x`, for `x` from -87 (and below, where it stays put) to 87, to about seven digits. Without branches
/// or calls, so that it runs on many numbers at once.
#[inline(always)]
pub(super) fn exponential(x: f32) -> f32 {
    // Adding this moves a small number's integer part into the lowest bits, rounded.
    const ROUNDER: f32 = 12_582_912.0;
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUNDER;
    let power = shifted - ROUNDER;
    // The logarithm of 2 in two parts keeps the digits that a single one would lose.
    let rest = x - power * 0.693_359_4 + power * 2.121_944_4e-4;
    let mut series = 1.0 / 720.0;
    for factor in [1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        series = series * rest + factor;
    }
    let exponent = (shifted.to_bits() << 23).wrapping_add(127 << 23);
    series * f32::from_bits(exponent)
}

#[cfg(test)]
mod tests {
    use super::{super::cache::LayerCache, *};
    use candle_core::{DType, Device, Tensor};

    #[test]
    fn the_exponential_is_one() {
        for step in -8700..8700 {
            let x = step as f32 / 100.0;
            let (found, expect) = (exponential(x), x.exp());
            assert!((found - expect).abs() <= 1e-6 * expect, "{x}: {found} for {expect}");
        }
        assert!(exponential(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn widened_numbers_keep_their_value() {
        for bits in 0..=u16::MAX {
            let number = f16::from_bits(bits);
            let (found, expect) = (widen(number), number.to_f32());
            match number.is_finite() {
                true => assert_eq!(found, expect),
                false => assert!(found.is_finite(), "{expect}: {found}"),
            }
        }
    }

    fn wave(dims: (usize, usize, usize), speed: f32) -> Tensor {
        let values =
            (0..dims.0 * dims.1 * dims.2).map(|index| (index as f32 * speed).sin()).collect::<Vec<_>>();
        Tensor::from_vec(values, dims, &Device::Cpu).unwrap()
    }

    /// Against the definition, written out in tensor operations.
    fn check(heads: usize, kv_heads: usize, tokens: usize, start: usize, size: usize) {
        let length = start + tokens;
        let queries = wave((heads, tokens, size), 0.7);
        let (keys, values) = (wave((kv_heads, length, size), 1.3), wave((kv_heads, length, size), 2.1));
        let mut cache = LayerCache::new(kv_heads, 0, size).unwrap();
        cache.append(0, &keys, &values).unwrap();
        let found = queries.apply_op3_no_bwd(&cache.keys, &cache.values, &Attention { start }).unwrap();
        let (queries, found) = (queries.to_vec3::<f32>().unwrap(), found.to_vec3::<f32>().unwrap());
        let rounded = |tensor: Tensor| tensor.to_dtype(DType::F16)?.to_dtype(DType::F32)?.to_vec3::<f32>();
        let (keys, values) = (rounded(keys).unwrap(), rounded(values).unwrap());
        for (head, token) in (0..heads).flat_map(|head| (0..tokens).map(move |token| (head, token))) {
            let kv = head / (heads / kv_heads);
            let score = |place: usize| {
                (0..size).map(|at| queries[head][token][at] * keys[kv][place][at]).sum::<f32>()
            };
            let limit = start + token + 1;
            assert!(limit <= length);
            let shares =
                (0..limit).map(|place| (score(place) / (size as f32).sqrt()).exp()).collect::<Vec<_>>();
            for at in 0..size {
                let mixed = shares
                    .iter()
                    .enumerate()
                    .map(|(place, share)| share * values[kv][place][at])
                    .sum::<f32>();
                let expect = mixed / shares.iter().sum::<f32>();
                let found = found[head][token][at];
                assert!((found - expect).abs() < 1e-4, "{head} {token} {at}: {found} for {expect}");
            }
        }
    }

    #[test]
    fn attention_is_what_it_is_defined_to_be() {
        check(1, 1, 1, 0, 16);
        check(3, 1, 1, 20, 32);
        check(9, 3, 37, 0, 64);
        check(9, 3, 1, 37, 64);
        check(4, 2, 5, 40, 32);
        check(6, 1, 17, 31, 96);
        check(2, 2, 1, 47, 128);
    }
}
