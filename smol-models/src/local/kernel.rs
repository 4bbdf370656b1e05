//! The inner loops over packed weights: one for AVX-512 with VNNI, one that any compiler target can vectorise.
//!
//! Both multiply 8-bit activations by 4- or 8-bit weights into 32-bit sums, exactly, and scale each sum of 32 products
//! once. The AVX-512 one is chosen at run time.

use super::packed::{Activations, BlockTable, Format, Line, ROWS};

/// Multiplies whole row groups (`lines`) with every panel of `T` tokens. `blocks` is the number of blocks in a row.
/// `output` has one tile of `T` by 16 for each group and panel.
pub(super) fn multiply<const T: usize>(
    format: Format,
    blocks: usize,
    lines: &[Line],
    panels: &[Activations],
    output: &mut [f32],
) {
    let tile_count = panels.len() / (blocks * T);
    let groups = lines.chunks_exact(blocks * format.lines());
    for (group, tiles) in groups.zip(output.chunks_exact_mut(tile_count * T * ROWS)) {
        let tiles = tiles.as_chunks_mut::<ROWS>().0.chunks_exact_mut(T);
        for (panel, tile) in panels.chunks_exact(blocks * T).zip(tiles) {
            multiply_tile::<T>(format, group, panel, tile);
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "a function compiled for features found at run time can be called in no other way"
)]
#[inline(always)]
fn multiply_tile<const T: usize>(
    format: Format,
    group: &[Line],
    panel: &[Activations],
    tile: &mut [[f32; ROWS]],
) {
    if x86::has_vnni() {
        // SAFETY: `has_vnni` has just found every feature that the function is compiled for.
        unsafe { x86::multiply_tile_vnni::<T>(format, group, panel, tile) }
    } else if x86::has_avx2() {
        // SAFETY: `has_avx2` has just found every feature that the function is compiled for.
        unsafe { x86::multiply_tile_avx2::<T>(format, group, panel, tile) }
    } else {
        multiply_tile_portable::<T>(format, group, panel, tile);
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn multiply_tile<const T: usize>(
    format: Format,
    group: &[Line],
    panel: &[Activations],
    tile: &mut [[f32; ROWS]],
) {
    multiply_tile_portable::<T>(format, group, panel, tile);
}

/// Plain loops over arrays of fixed size, which compilers turn into vector code.
#[inline(always)]
fn multiply_tile_portable<const T: usize>(
    format: Format,
    group: &[Line],
    panel: &[Activations],
    tile: &mut [[f32; ROWS]],
) {
    tile.fill([0.0; ROWS]);
    let mut table = BlockTable::default();
    for (lines, tokens) in group.chunks_exact(format.lines()).zip(panel.as_chunks::<T>().0) {
        table.fill(format, lines);
        for (output, token) in tile.iter_mut().zip(tokens) {
            let mut sums = [0i32; ROWS];
            for (weights, quad) in table.weights.iter().zip(token.quads) {
                let [a, b, c, d] = quad.to_le_bytes().map(|byte| i32::from(byte.cast_signed()));
                for (sum, [w, x, y, z]) in sums.iter_mut().zip(weights.as_chunks::<4>().0) {
                    *sum += i32::from(*w) * a + i32::from(*x) * b + i32::from(*y) * c + i32::from(*z) * d;
                }
            }
            let total = token.scale * token.sum as f32;
            let factors = table.scales.iter().zip(&table.minima);
            for ((output, sum), (scale, minimum)) in output.iter_mut().zip(sums).zip(factors) {
                *output += sum as f32 * (scale * token.scale) + minimum * total;
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Activations, Format, Line, ROWS, multiply_tile_portable};
    use std::arch::x86_64::*;

    pub(super) fn has_vnni() -> bool {
        is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vnni")
    }

    pub(super) fn has_avx2() -> bool {
        is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("f16c")
    }

    #[target_feature(enable = "avx2,fma,f16c")]
    pub(super) fn multiply_tile_avx2<const T: usize>(
        format: Format,
        group: &[Line],
        panel: &[Activations],
        tile: &mut [[f32; ROWS]],
    ) {
        multiply_tile_portable::<T>(format, group, panel, tile);
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    pub(super) fn multiply_tile_vnni<const T: usize>(
        format: Format,
        group: &[Line],
        panel: &[Activations],
        tile: &mut [[f32; ROWS]],
    ) {
        let outputs = match format {
            Format::Nibbles => nibbles::<T>(group, panel),
            Format::Bytes => bytes::<T>(group, panel),
        };
        for (row, output) in tile.iter_mut().zip(outputs) {
            *row = bytemuck::cast(output);
        }
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    fn nibbles<const T: usize>(group: &[Line], panel: &[Activations]) -> [__m512; T] {
        let mut outputs = [_mm512_setzero_ps(); T];
        let low_halves = _mm512_set1_epi8(15);
        for ([head, lines @ ..], tokens) in group.as_chunks::<5>().0.iter().zip(panel.as_chunks::<T>().0) {
            let [scales, minima]: [__m256i; 2] = bytemuck::cast(head.0);
            let (scales, minima) = (_mm512_cvtph_ps(scales), _mm512_cvtph_ps(minima));
            let mut weights = [_mm512_setzero_si512(); 8];
            for ([low, high], line) in weights.as_chunks_mut::<2>().0.iter_mut().zip(lines) {
                let line: __m512i = bytemuck::cast(line.0);
                *low = _mm512_and_si512(line, low_halves);
                *high = _mm512_and_si512(_mm512_srli_epi16::<4>(line), low_halves);
            }
            for (output, token) in outputs.iter_mut().zip(tokens) {
                let sums = _mm512_cvtepi32_ps(sums(&weights, token, 0));
                let total = _mm512_set1_ps(token.scale * token.sum as f32);
                let scaled =
                    _mm512_fmadd_ps(sums, _mm512_mul_ps(scales, _mm512_set1_ps(token.scale)), *output);
                *output = _mm512_fmadd_ps(minima, total, scaled);
            }
        }
        outputs
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    fn bytes<const T: usize>(group: &[Line], panel: &[Activations]) -> [__m512; T] {
        let mut outputs = [_mm512_setzero_ps(); T];
        for ([head, lines @ ..], tokens) in group.as_chunks::<9>().0.iter().zip(panel.as_chunks::<T>().0) {
            let scales: __m512 = bytemuck::cast(head.0);
            let weights = lines.map(|line| bytemuck::cast::<[u8; 64], __m512i>(line.0));
            for (output, token) in outputs.iter_mut().zip(tokens) {
                // The weights are stored 128 too high; starting below zero by as much takes that back, exactly.
                let sums = _mm512_cvtepi32_ps(sums(&weights, token, -128 * token.sum));
                *output = _mm512_fmadd_ps(sums, _mm512_mul_ps(scales, _mm512_set1_ps(token.scale)), *output);
            }
        }
        outputs
    }

    /// For each row, `start` and the 32 products of its weights with the token's activations.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    fn sums(weights: &[__m512i; 8], token: &Activations, start: i32) -> __m512i {
        let mut sums = _mm512_set1_epi32(start);
        for (weights, quad) in weights.iter().zip(token.quads) {
            sums = _mm512_dpbusd_epi32(sums, *weights, _mm512_set1_epi32(quad));
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kernel that this machine chooses gives what the portable one gives, but for the order of rounding.
    fn check<const T: usize>(format: Format) {
        let byte = |index: usize| (index * 89 % 251) as u8;
        let mut lines = (0..3 * format.lines())
            .map(|line| Line(std::array::from_fn(|at| byte(line * 64 + at))))
            .collect::<Vec<_>>();
        for head in lines.iter_mut().step_by(format.lines()) {
            let scale = |row: usize| 0.01 * (row as f32 + 1.0);
            head.0 = match format {
                Format::Bytes => {
                    bytemuck::cast(std::array::from_fn::<_, ROWS, _>(|row| scale(row).to_le_bytes()))
                }
                Format::Nibbles => bytemuck::cast(std::array::from_fn::<_, 32, _>(|at| {
                    half::f16::from_f32(scale(at % 16) - 0.05 * (at / 16) as f32).to_le_bytes()
                })),
            };
        }
        let tokens = (0..3 * T).map(|token| Activations {
            quads: std::array::from_fn(|at| {
                i32::from_le_bytes(std::array::from_fn(|part| byte(token * 32 + at * 4 + part)))
            }),
            scale: 0.02 + token as f32 * 0.001,
            sum: (0..32).map(|at| i32::from(byte(token * 32 + at).cast_signed())).sum(),
        });
        let tokens = tokens.collect::<Vec<_>>();
        let mut found = vec![0.0; T * ROWS];
        multiply::<T>(format, 3, &lines, &tokens, &mut found);
        let mut expect = vec![[0.0; ROWS]; T];
        multiply_tile_portable::<T>(format, &lines, &tokens, &mut expect);
        for (found, expect) in found.iter().zip(expect.iter().flatten()) {
            assert!((found - expect).abs() < 1e-3 * expect.abs().max(1.0), "{format:?} {found} for {expect}");
        }
    }

    #[test]
    fn kernels_agree() {
        check::<1>(Format::Nibbles);
        check::<8>(Format::Nibbles);
        check::<1>(Format::Bytes);
        check::<8>(Format::Bytes);
    }
}
