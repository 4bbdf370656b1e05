//! The inner loops over packed weights: one for AVX-512 with VNNI, one for AVX2, one for any other processor.
//!
//! All multiply 8-bit activations by weights into 32-bit sums, exactly, and scale each sum of 32 or 16 products once.
//! Which one runs is chosen at run time.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;
#[cfg(target_arch = "x86_64")]
mod vnni;

use super::{
    block::{Format, Line, ROWS},
    panels::Activations,
};

/// How many lines before its use a line is fetched: 16 KiB. The processor alone looks no further than a page of memory, and
/// so waits at each for half of the time that a new token takes.
const FETCHED_AHEAD: usize = 256;

/// The blocks of one row group.
#[derive(Clone, Copy)]
struct Group<'a> {
    lines: &'a [Line],
    /// The lines that come [`FETCHED_AHEAD`] after `lines`, be they of this group or of those that follow.
    ahead: &'a [Line],
}

impl<'a> Group<'a> {
    /// Blocks of `N` lines each. For a single token what comes later is fetched meanwhile; with more, the lines of a group
    /// are used again and again, and fetching is not what takes the time.
    #[inline(always)]
    fn blocks<const N: usize, const T: usize>(self) -> impl Iterator<Item = &'a [Line; N]> {
        let ahead = self.ahead.as_chunks::<N>().0;
        self.lines.as_chunks::<N>().0.iter().enumerate().map(move |(index, block)| {
            if T == 1 {
                ahead.get(index).into_iter().flatten().for_each(fetch);
            }
            block
        })
    }
}

/// Asks for `line`, without waiting for it.
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "the instruction takes a pointer")]
#[inline(always)]
fn fetch(line: &Line) {
    use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
    // SAFETY: the instruction has no effect but on time, whatever the address is; and every x86-64 processor has it.
    unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(line).cast()) }
}

#[cfg(not(target_arch = "x86_64"))]
fn fetch(_: &Line) {}

/// The loops to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kernel {
    #[cfg(target_arch = "x86_64")]
    Vnni,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    Portable,
}

impl Kernel {
    /// The fastest that this processor has.
    pub(super) fn best() -> Self {
        #[cfg(target_arch = "x86_64")]
        if vnni::is_supported() {
            return Self::Vnni;
        } else if avx2::is_supported() {
            return Self::Avx2;
        }
        Self::Portable
    }

    /// Multiplies whole row groups (the beginning of `lines`, as many as `output` has room for) with every panel of `T`
    /// tokens. `blocks` is the number of blocks in a row. `output` has one tile of `T` by 16 for each group and panel.
    pub(super) fn multiply<const T: usize>(
        self,
        format: Format,
        blocks: usize,
        lines: &[Line],
        panels: &[Activations],
        output: &mut [f32],
    ) {
        let tile_count = panels.len() / (blocks * T);
        let group_lines = blocks * format.lines();
        let outputs = output.chunks_exact_mut(tile_count * T * ROWS).enumerate();
        for ((index, tiles), group) in outputs.zip(lines.chunks_exact(group_lines)) {
            let ahead = lines.get(index * group_lines + FETCHED_AHEAD..).unwrap_or_default();
            let group = Group { lines: group, ahead };
            let tiles = tiles.as_chunks_mut::<ROWS>().0.chunks_exact_mut(T);
            for (panel, tile) in panels.chunks_exact(blocks * T).zip(tiles) {
                self.multiply_tile::<T>(format, group, panel, tile);
            }
        }
    }

    #[cfg_attr(
        target_arch = "x86_64",
        expect(
            unsafe_code,
            reason = "a function compiled for features found at run time can be called in no other way"
        )
    )]
    fn multiply_tile<const T: usize>(
        self,
        format: Format,
        group: Group<'_>,
        panel: &[Activations],
        tile: &mut [[f32; ROWS]],
    ) {
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the guard has just found every feature that the function is compiled for.
            Self::Vnni if vnni::is_supported() => unsafe {
                vnni::multiply_tile::<T>(format, group, panel, tile);
            },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the same.
            Self::Avx2 if avx2::is_supported() => unsafe {
                avx2::multiply_tile::<T>(format, group, panel, tile);
            },
            _ => portable::multiply_tile::<T>(format, group, panel, tile),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_arch = "x86_64")]
    const FAST: [Kernel; 2] = [Kernel::Vnni, Kernel::Avx2];
    #[cfg(not(target_arch = "x86_64"))]
    const FAST: [Kernel; 0] = [];

    fn byte(index: usize) -> u8 {
        (index * 89 % 251) as u8
    }

    /// Lines of three blocks with sensible scales and any weights at all.
    fn lines(format: Format) -> Vec<Line> {
        let line = |line| Line(std::array::from_fn(|at| byte(line * 64 + at)));
        let mut lines = (0..3 * format.lines()).map(line).collect::<Vec<_>>();
        for head in lines.iter_mut().step_by(format.lines()) {
            let scale = |row: usize| 0.01 * (row as f32 + 1.0);
            head.0 = match format {
                Format::Eight => {
                    bytemuck::cast(std::array::from_fn::<_, ROWS, _>(|row| scale(row).to_le_bytes()))
                }
                _ => bytemuck::cast(std::array::from_fn::<_, 32, _>(|at| {
                    half::f16::from_f32(scale(at % 16) - 0.05 * (at / 16) as f32).to_le_bytes()
                })),
            };
        }
        lines
    }

    /// Activations as large as they get, where sums are most likely to overflow, and of all sizes.
    fn activations(format: Format, token: usize) -> Activations {
        let value = |at| if token == 0 { 127 } else { byte(token * 32 + at).cast_signed().max(-127) };
        let sum = |range: std::ops::Range<usize>| range.map(|at| i32::from(value(at))).sum::<i32>();
        let scale = 0.02 + token as f32 * 0.001;
        Activations {
            quads: std::array::from_fn(|at| {
                i32::from_le_bytes(std::array::from_fn(|part| value(at * 4 + part).cast_unsigned()))
            }),
            starts: [sum(0..16), sum(16..32)].map(|sum| -format.zero() * sum),
            scale,
            total: scale * sum(0..32) as f32,
        }
    }

    /// Each kernel gives what the portable one gives, but for the order of rounding.
    fn check<const T: usize>(format: Format) {
        let lines = lines(format);
        let tokens = (0..3 * T).map(|token| activations(format, token)).collect::<Vec<_>>();
        let multiply = |kernel: Kernel| {
            let mut output = vec![0.0; T * ROWS];
            kernel.multiply::<T>(format, 3, &lines, &tokens, &mut output);
            output
        };
        let expect = multiply(Kernel::Portable);
        for kernel in FAST {
            for (found, expect) in multiply(kernel).iter().zip(&expect) {
                let close = (found - expect).abs() < 1e-3 * expect.abs().max(1.0);
                assert!(close, "{kernel:?} {format:?} {found} for {expect}");
            }
        }
    }

    #[test]
    fn kernels_agree() {
        for format in [Format::Four, Format::Five, Format::Six, Format::Eight] {
            check::<1>(format);
            check::<8>(format);
        }
    }
}
