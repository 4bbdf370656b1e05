//! For AVX-512 with VNNI: one instruction multiplies a line of weights by four activations.

use super::{
    super::{
        block::{Format, Line, ROWS},
        panels::Activations,
    },
    Group,
};
use std::arch::x86_64::*;

pub(super) fn is_supported() -> bool {
    is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vnni")
}

/// See [`super::portable::multiply_tile`].
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
pub(super) fn multiply_tile<const T: usize>(
    format: Format,
    group: Group<'_>,
    panel: &[Activations],
    tile: &mut [[f32; ROWS]],
) {
    let tokens = panel.as_chunks::<T>().0;
    let outputs = match format {
        Format::Four => four::<T>(group, tokens),
        Format::Five => five::<T>(group, tokens),
        Format::Six => six::<T>(group, tokens),
        Format::Eight => eight::<T>(group, tokens),
    };
    for (row, output) in tile.iter_mut().zip(outputs) {
        *row = bytemuck::cast(output);
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn four<const T: usize>(group: Group<'_>, panel: &[[Activations; T]]) -> [__m512; T] {
    let mut outputs = [_mm512_setzero_ps(); T];
    for ([head, lines @ ..], tokens) in group.blocks::<5, T>().zip(panel) {
        add_affine(&mut outputs, head, &low_bits(lines), tokens);
    }
    outputs
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn five<const T: usize>(group: Group<'_>, panel: &[[Activations; T]]) -> [__m512; T] {
    let mut outputs = [_mm512_setzero_ps(); T];
    let sixteens = _mm512_set1_epi8(16);
    for ([head, a, b, c, d, fifths], tokens) in group.blocks::<6, T>().zip(panel) {
        let mut weights = low_bits(&[*a, *b, *c, *d]);
        for (weights, bit) in weights.iter_mut().zip(0..8) {
            let has_fifth = _mm512_test_epi8_mask(bytemuck::cast(fifths.0), _mm512_set1_epi8(1 << bit));
            *weights = _mm512_mask_add_epi8(*weights, has_fifth, *weights, sixteens);
        }
        add_affine(&mut outputs, head, &weights, tokens);
    }
    outputs
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn six<const T: usize>(group: Group<'_>, panel: &[[Activations; T]]) -> [__m512; T] {
    let mut outputs = [_mm512_setzero_ps(); T];
    for ([head, a, b, c, d, pairs @ ..], tokens) in group.blocks::<7, T>().zip(panel) {
        let [first_scales, last_scales] = halves(head);
        let mut weights = low_bits(&[*a, *b, *c, *d]);
        let (quads, _) = weights.as_chunks_mut::<4>();
        for (quads, pairs) in quads.iter_mut().zip(pairs) {
            add_pairs(quads, bytemuck::cast(pairs.0));
        }
        let [a, b, c, d, e, f, g, h] = weights;
        for (output, token) in outputs.iter_mut().zip(tokens) {
            let [first_start, last_start] = token.starts;
            let [i, j, k, l, m, n, o, p] = token.quads;
            let first = _mm512_cvtepi32_ps(sums(first_start, &[a, b, c, d], &[i, j, k, l]));
            let last = _mm512_cvtepi32_ps(sums(last_start, &[e, f, g, h], &[m, n, o, p]));
            let scaled = _mm512_fmadd_ps(last, last_scales, _mm512_mul_ps(first, first_scales));
            *output = _mm512_fmadd_ps(scaled, _mm512_set1_ps(token.scale), *output);
        }
    }
    outputs
}

#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn eight<const T: usize>(group: Group<'_>, panel: &[[Activations; T]]) -> [__m512; T] {
    let mut outputs = [_mm512_setzero_ps(); T];
    for ([head, lines @ ..], tokens) in group.blocks::<9, T>().zip(panel) {
        let scales: __m512 = bytemuck::cast(head.0);
        let weights = lines.map(|line| bytemuck::cast::<[u8; 64], __m512i>(line.0));
        for (output, token) in outputs.iter_mut().zip(tokens) {
            let sums = sums(token.starts.iter().sum(), &weights, &token.quads);
            let scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(sums), scales);
            *output = _mm512_fmadd_ps(scaled, _mm512_set1_ps(token.scale), *output);
        }
    }
    outputs
}

/// Adds the products of weights that have a scale and a minimum each row.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn add_affine<const T: usize>(
    outputs: &mut [__m512; T],
    head: &Line,
    weights: &[__m512i; 8],
    tokens: &[Activations; T],
) {
    let [scales, minima] = halves(head);
    for (output, token) in outputs.iter_mut().zip(tokens) {
        let scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(sums(0, weights, &token.quads)), scales);
        *output = _mm512_fmadd_ps(scaled, _mm512_set1_ps(token.scale), *output);
        *output = _mm512_fmadd_ps(minima, _mm512_set1_ps(token.total), *output);
    }
}

/// The two halves of a line of scales, widened.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn halves(head: &Line) -> [__m512; 2] {
    let [first, last]: [__m256i; 2] = bytemuck::cast(head.0);
    [_mm512_cvtph_ps(first), _mm512_cvtph_ps(last)]
}

/// Eight quads out of four lines of half bytes.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn low_bits(lines: &[Line; 4]) -> [__m512i; 8] {
    let mask = _mm512_set1_epi8(15);
    let mut weights = [_mm512_setzero_si512(); 8];
    for ([low, high], line) in weights.as_chunks_mut::<2>().0.iter_mut().zip(lines) {
        let line: __m512i = bytemuck::cast(line.0);
        *low = _mm512_and_si512(line, mask);
        *high = _mm512_and_si512(_mm512_srli_epi16::<4>(line), mask);
    }
    weights
}

/// Adds to four quads the pairs of bits above their lowest four.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn add_pairs(quads: &mut [__m512i; 4], pairs: __m512i) {
    let mask = _mm512_set1_epi8(0x30);
    let (once, twice) = (_mm512_slli_epi16::<4>(pairs), _mm512_slli_epi16::<2>(pairs));
    for (quad, moved) in quads.iter_mut().zip([once, twice, pairs, _mm512_srli_epi16::<2>(pairs)]) {
        *quad = _mm512_or_si512(*quad, _mm512_and_si512(moved, mask));
    }
}

/// For each row, `start` and the products of its weights with the activations.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn sums<const N: usize>(start: i32, weights: &[__m512i; N], quads: &[i32; N]) -> __m512i {
    let mut sums = _mm512_set1_epi32(start);
    for (weights, quad) in weights.iter().zip(quads) {
        sums = _mm512_dpbusd_epi32(sums, *weights, _mm512_set1_epi32(*quad));
    }
    sums
}
