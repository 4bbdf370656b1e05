//! For AVX2: products of bytes are added up in 16 bits for as long as they fit, then in 32.
//!
//! Eight rows go through at a time, which is half a line.

use super::{
    super::{
        block::{Format, Line, ROWS},
        panels::Activations,
    },
    Group,
};
use std::arch::x86_64::*;

/// The first or the last eight rows of eight lines of weights.
type Weights = [__m256i; 8];

pub(super) fn is_supported() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") && is_x86_feature_detected!("f16c")
}

/// See [`super::portable::multiply_tile`].
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) fn multiply_tile<const T: usize>(
    format: Format,
    group: Group<'_>,
    panel: &[Activations],
    tile: &mut [[f32; ROWS]],
) {
    for half in [0, 1] {
        let tokens = panel.as_chunks::<T>().0;
        let outputs = match format {
            Format::Four => four::<T>(half, group, tokens),
            Format::Five => five::<T>(half, group, tokens),
            Format::Six => six::<T>(half, group, tokens),
            Format::Eight => eight::<T>(half, group, tokens),
        };
        for (row, output) in tile.iter_mut().zip(outputs) {
            if let Some(row) = row.as_chunks_mut::<8>().0.get_mut(half) {
                *row = bytemuck::cast(output);
            }
        }
    }
}

#[target_feature(enable = "avx2,fma,f16c")]
fn four<const T: usize>(half: usize, group: Group<'_>, panel: &[[Activations; T]]) -> [__m256; T] {
    let mut outputs = [_mm256_setzero_ps(); T];
    for ([head, lines @ ..], tokens) in group.blocks::<5, T>().zip(panel) {
        let (scales, minima) = (scales(head, half), scales(head, half + 2));
        let weights = low_bits(lines, half);
        for (output, token) in outputs.iter_mut().zip(tokens) {
            // 8 by 2 products of at most 15 by 127 fit in 16 bits.
            let sums = sums::<8>(_mm256_setzero_si256(), &weights, &token.quads);
            *output = add_affine(*output, sums, scales, minima, token);
        }
    }
    outputs
}

#[target_feature(enable = "avx2,fma,f16c")]
fn five<const T: usize>(half: usize, group: Group<'_>, panel: &[[Activations; T]]) -> [__m256; T] {
    let mut outputs = [_mm256_setzero_ps(); T];
    for ([head, a, b, c, d, fifths], tokens) in group.blocks::<6, T>().zip(panel) {
        let (scales, minima) = (scales(head, half), scales(head, half + 2));
        let fifths = rows(fifths, half);
        let mut weights = low_bits(&[*a, *b, *c, *d], half);
        for (weights, bit) in weights.iter_mut().zip(0..8) {
            let bit = _mm256_set1_epi8(1 << bit);
            let has_fifth = _mm256_cmpeq_epi8(_mm256_and_si256(fifths, bit), bit);
            *weights = _mm256_or_si256(*weights, _mm256_and_si256(has_fifth, _mm256_set1_epi8(16)));
        }
        for (output, token) in outputs.iter_mut().zip(tokens) {
            let sums = sums::<4>(_mm256_setzero_si256(), &weights, &token.quads);
            *output = add_affine(*output, sums, scales, minima, token);
        }
    }
    outputs
}

#[target_feature(enable = "avx2,fma,f16c")]
fn six<const T: usize>(half: usize, group: Group<'_>, panel: &[[Activations; T]]) -> [__m256; T] {
    let mut outputs = [_mm256_setzero_ps(); T];
    for ([head, a, b, c, d, pairs @ ..], tokens) in group.blocks::<7, T>().zip(panel) {
        let (first_scales, last_scales) = (scales(head, half), scales(head, half + 2));
        let mut weights = low_bits(&[*a, *b, *c, *d], half);
        let (quads, _) = weights.as_chunks_mut::<4>();
        for (quads, pairs) in quads.iter_mut().zip(pairs) {
            add_pairs(quads, rows(pairs, half));
        }
        let [a, b, c, d, e, f, g, h] = weights;
        for (output, token) in outputs.iter_mut().zip(tokens) {
            let [first_start, last_start] = token.starts;
            let [i, j, k, l, m, n, o, p] = token.quads;
            let first = sums::<2>(_mm256_set1_epi32(first_start), &[a, b, c, d], &[i, j, k, l]);
            let last = sums::<2>(_mm256_set1_epi32(last_start), &[e, f, g, h], &[m, n, o, p]);
            let scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(first), first_scales);
            let scaled = _mm256_fmadd_ps(_mm256_cvtepi32_ps(last), last_scales, scaled);
            *output = _mm256_fmadd_ps(scaled, _mm256_set1_ps(token.scale), *output);
        }
    }
    outputs
}

#[target_feature(enable = "avx2,fma,f16c")]
fn eight<const T: usize>(half: usize, group: Group<'_>, panel: &[[Activations; T]]) -> [__m256; T] {
    let mut outputs = [_mm256_setzero_ps(); T];
    for ([head, lines @ ..], tokens) in group.blocks::<9, T>().zip(panel) {
        let scales: __m256 = bytemuck::cast(rows(head, half));
        for (output, token) in outputs.iter_mut().zip(tokens) {
            let mut sums = _mm256_setzero_si256();
            for (line, quad) in lines.iter().zip(token.quads) {
                // With the sign moved to the activations, two products of at most 128 by 127 fit in 16 bits.
                let weights = _mm256_xor_si256(rows(line, half), _mm256_set1_epi8(i8::MIN));
                let quad = _mm256_sign_epi8(_mm256_set1_epi32(quad), weights);
                let products = _mm256_maddubs_epi16(_mm256_abs_epi8(weights), quad);
                sums = _mm256_add_epi32(sums, _mm256_madd_epi16(products, _mm256_set1_epi16(1)));
            }
            let scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(sums), scales);
            *output = _mm256_fmadd_ps(scaled, _mm256_set1_ps(token.scale), *output);
        }
    }
    outputs
}

#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn add_affine(output: __m256, sums: __m256i, scales: __m256, minima: __m256, token: &Activations) -> __m256 {
    let scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(sums), scales);
    let output = _mm256_fmadd_ps(scaled, _mm256_set1_ps(token.scale), output);
    _mm256_fmadd_ps(minima, _mm256_set1_ps(token.total), output)
}

/// Half a line.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn rows(line: &Line, half: usize) -> __m256i {
    let [first, last]: [__m256i; 2] = bytemuck::cast(line.0);
    if half == 0 { first } else { last }
}

/// Eight of the 32 numbers in a line of scales, widened.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn scales(head: &Line, eighth: usize) -> __m256 {
    let quarters: [__m128i; 4] = bytemuck::cast(head.0);
    quarters.get(eighth).map_or(_mm256_setzero_ps(), |quarter| _mm256_cvtph_ps(*quarter))
}

/// Eight quads out of four lines of half bytes.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn low_bits(lines: &[Line; 4], half: usize) -> Weights {
    let mask = _mm256_set1_epi8(15);
    let mut weights = [_mm256_setzero_si256(); 8];
    for ([low, high], line) in weights.as_chunks_mut::<2>().0.iter_mut().zip(lines) {
        let line = rows(line, half);
        *low = _mm256_and_si256(line, mask);
        *high = _mm256_and_si256(_mm256_srli_epi16::<4>(line), mask);
    }
    weights
}

/// Adds to four quads the pairs of bits above their lowest four.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn add_pairs(quads: &mut [__m256i; 4], pairs: __m256i) {
    let mask = _mm256_set1_epi8(0x30);
    let (once, twice) = (_mm256_slli_epi16::<4>(pairs), _mm256_slli_epi16::<2>(pairs));
    for (quad, moved) in quads.iter_mut().zip([once, twice, pairs, _mm256_srli_epi16::<2>(pairs)]) {
        *quad = _mm256_or_si256(*quad, _mm256_and_si256(moved, mask));
    }
}

/// For each row, `start` and the products of its weights with the activations, of which those of `FITTING` quads fit in
/// 16 bits together.
#[inline]
#[target_feature(enable = "avx2,fma,f16c")]
fn sums<const FITTING: usize>(start: __m256i, weights: &[__m256i], quads: &[i32]) -> __m256i {
    let mut sums = start;
    for (weights, quads) in weights.as_chunks::<FITTING>().0.iter().zip(quads.as_chunks::<FITTING>().0) {
        let mut short = _mm256_setzero_si256();
        for (weights, quad) in weights.iter().zip(quads) {
            short = _mm256_add_epi16(short, _mm256_maddubs_epi16(*weights, _mm256_set1_epi32(*quad)));
        }
        sums = _mm256_add_epi32(sums, _mm256_madd_epi16(short, _mm256_set1_epi16(1)));
    }
    sums
}
