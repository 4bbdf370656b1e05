//! Quantised weights in the order the processor wants them.
//!
//! candle has fast kernels for some GGUF types and none for others: Q4_1, which small models ship in, ran at a sixth of
//! llama.cpp's speed. So every quantised matrix is laid out once, at load, in one of two formats. A block covers 16
//! rows by 32 columns and starts with one line of scales; then each line holds, for each of the 16 rows, four
//! neighbouring weights (or twice four, as low and high halves of its bytes). One vector instruction multiplies such a
//! line by four activations and adds up within each row, so no sum across lanes is ever needed.
//!
//! Q4_0, Q4_1 and Q8_0 keep their exact values. Q4_K keeps them up to the rounding of its scales to 16 bits. All other
//! types become 8-bit numbers with a scale for each 32, as in Q8_0.

use super::{kernel, source::BlockReader, tensors::Rows};
use candle_core::Result;
use rayon::prelude::*;

/// Rows of a block.
pub(super) const ROWS: usize = 16;
/// Columns of a block.
pub(super) const COLUMNS: usize = 32;
/// Tokens that share one pass over a block's weights.
pub(super) const TOKENS: usize = 8;
/// The least work worth a thread of its own, in lines: about 64 KiB of weights.
const LINES_PER_TASK: usize = 1024;

/// 64 bytes, one cache line and one AVX-512 register.
#[derive(Clone, Copy)]
#[repr(align(64))]
pub(super) struct Line(pub(super) [u8; 64]);

/// How a block is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Line 0: 16 scales then 16 minima, as f16. Four lines of half bytes 0–15: weight = scale * n + minimum.
    Nibbles,
    /// Line 0: 16 scales, as f32. Eight lines of bytes 0–255: weight = scale * (n - 128).
    Bytes,
}

impl Format {
    pub(super) const fn lines(self) -> usize {
        match self {
            Self::Nibbles => 5,
            Self::Bytes => 9,
        }
    }
}

/// One row's part of a block, before it is laid out.
pub(super) struct RowBlock {
    pub(super) scale: f32,
    pub(super) minimum: f32,
    pub(super) weights: [u8; COLUMNS],
}

/// Four by eight activations of one token, as 8-bit numbers, with what undoes the scaling.
#[derive(Clone, Copy, Default)]
pub(super) struct Activations {
    pub(super) quads: [i32; COLUMNS / 4],
    pub(super) scale: f32,
    pub(super) sum: i32,
}

/// A matrix of `rows` by `columns` weights.
pub(super) struct Packed {
    format: Format,
    rows: usize,
    columns: usize,
    lines: Vec<Line>,
}

impl Packed {
    /// Lays out a matrix whose rows are a multiple of 32 long, rounded to four bits a weight if that is asked for.
    pub(super) fn new(matrix: &Rows, four_bits: bool) -> Result<Self> {
        let (rows, columns, row_bytes) = (matrix.rows, matrix.columns, matrix.row_bytes());
        let reader = BlockReader::new(matrix.kind, four_bits);
        let format = reader.format();
        let group_lines = columns / COLUMNS * format.lines();
        let mut lines = vec![Line([0; 64]); rows.div_ceil(ROWS) * group_lines];
        let groups = matrix.bytes.par_chunks(ROWS * row_bytes.max(1));
        lines.par_chunks_exact_mut(group_lines).zip(groups).try_for_each(|(group, source)| {
            for (row, bytes) in source.chunks_exact(row_bytes).enumerate() {
                let blocks = reader.read(bytes)?;
                for (lines, block) in group.chunks_exact_mut(format.lines()).zip(blocks) {
                    store(format, lines, row, &block);
                }
            }
            Ok::<_, candle_core::Error>(())
        })?;
        Ok(Self { format, rows, columns, lines })
    }

    /// How many rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Row `index` in f32; nothing where there is no such row.
    pub(super) fn row(&self, index: usize) -> Vec<f32> {
        let group_lines = self.columns / COLUMNS * self.format.lines();
        let group = self.lines.chunks_exact(group_lines).nth(index / ROWS).unwrap_or_default();
        let blocks = group.chunks_exact(self.format.lines());
        blocks.flat_map(|lines| load(self.format, lines, index % ROWS)).collect()
    }

    /// The product of each row of `input` (tokens by columns) with this matrix: tokens by rows.
    pub(super) fn multiply(&self, input: &[f32]) -> Vec<f32> {
        let tokens = input.len() / self.columns;
        if tokens == 1 {
            let mut output = self.multiply_panels::<1>(&panels::<1>(input, self.columns));
            output.truncate(self.rows);
            return output;
        }
        let tiles = self.multiply_panels::<TOKENS>(&panels::<TOKENS>(input, self.columns));
        self.gather(&tiles, tokens)
    }

    /// Tiles of 16 rows by `T` tokens, ordered by row group, then by token panel; within a tile, by token.
    fn multiply_panels<const T: usize>(&self, panels: &[Activations]) -> Vec<f32> {
        let group_lines = self.columns / COLUMNS * self.format.lines();
        let group_outputs = panels.len() * COLUMNS / self.columns * ROWS;
        let mut output = vec![0.0; self.lines.len() / group_lines * group_outputs];
        let groups_per_task = LINES_PER_TASK.div_ceil(group_lines);
        let tasks = output.par_chunks_mut(groups_per_task * group_outputs);
        tasks.zip(self.lines.par_chunks(groups_per_task * group_lines)).for_each(|(output, lines)| {
            kernel::multiply::<T>(self.format, self.columns / COLUMNS, lines, panels, output);
        });
        output
    }

    /// Puts tiles in the order of tokens.
    fn gather(&self, tiles: &[f32], tokens: usize) -> Vec<f32> {
        let group_outputs = tokens.next_multiple_of(TOKENS) * ROWS;
        let mut output = Vec::with_capacity(tokens * self.rows);
        for token in 0..tokens {
            let start = output.len();
            for tile in
                tiles.chunks_exact(group_outputs).filter_map(|group| group.as_chunks::<ROWS>().0.get(token))
            {
                output.extend_from_slice(tile);
            }
            output.truncate(start + self.rows);
        }
        output
    }
}

/// Quantises `input`, and orders it by panels of `T` tokens, then by block, then by token.
fn panels<const T: usize>(input: &[f32], columns: usize) -> Vec<Activations> {
    let blocks = columns / COLUMNS;
    let tokens = input.len() / columns;
    let mut panels = vec![Activations::default(); tokens.next_multiple_of(T) * blocks];
    for (panel, rows) in panels.chunks_exact_mut(blocks * T).zip(input.chunks(columns * T)) {
        for (token, row) in rows.chunks_exact(columns).enumerate() {
            let targets = panel.iter_mut().skip(token).step_by(T);
            for (target, values) in targets.zip(row.as_chunks::<COLUMNS>().0) {
                *target = quantise(values);
            }
        }
    }
    panels
}

/// Rounds 32 numbers to 8 bits.
fn quantise(values: &[f32; COLUMNS]) -> Activations {
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
    Activations { quads, scale, sum: rounded.iter().map(|&value| i32::from(value)).sum() }
}

/// The bytes that belong to `row` in a line of weights.
fn cells(line: &mut Line, row: usize) -> Option<&mut [u8; 4]> {
    line.0.as_chunks_mut::<4>().0.get_mut(row)
}

fn store(format: Format, lines: &mut [Line], row: usize, block: &RowBlock) {
    let Some((head, lines)) = lines.split_first_mut() else { return };
    let quads = block.weights.as_chunks::<4>().0;
    match format {
        Format::Bytes => {
            if let Some(cell) = cells(head, row) {
                *cell = block.scale.to_le_bytes();
            }
            for (cell, quad) in lines.iter_mut().filter_map(|line| cells(line, row)).zip(quads) {
                *cell = *quad;
            }
        }
        Format::Nibbles => {
            let numbers = [half::f16::from_f32(block.scale), half::f16::from_f32(block.minimum)];
            for (half_line, number) in head.0.as_chunks_mut::<32>().0.iter_mut().zip(numbers) {
                if let Some(cell) = half_line.as_chunks_mut::<2>().0.get_mut(row) {
                    *cell = number.to_le_bytes();
                }
            }
            let pairs = quads.as_chunks::<2>().0;
            for (cell, [low, high]) in lines.iter_mut().filter_map(|line| cells(line, row)).zip(pairs) {
                for ((cell, low), high) in cell.iter_mut().zip(low).zip(high) {
                    *cell = low | high << 4;
                }
            }
        }
    }
}

/// Row `row` of a block, in f32.
fn load(format: Format, lines: &[Line], row: usize) -> [f32; COLUMNS] {
    let mut block = BlockTable::default();
    block.fill(format, lines);
    block.row(row)
}

/// A block with its scales and weights taken out of the lines: what the portable kernel and row look-up work on.
pub(super) struct BlockTable {
    pub(super) scales: [f32; ROWS],
    pub(super) minima: [f32; ROWS],
    /// By quad of columns, then by row, four weights each.
    pub(super) weights: [[u8; 64]; COLUMNS / 4],
}

impl Default for BlockTable {
    fn default() -> Self {
        Self { scales: [0.0; ROWS], minima: [0.0; ROWS], weights: [[0; 64]; COLUMNS / 4] }
    }
}

impl BlockTable {
    #[inline(always)]
    pub(super) fn fill(&mut self, format: Format, lines: &[Line]) {
        let Some((head, lines)) = lines.split_first() else { return };
        match format {
            Format::Bytes => {
                for (scale, bytes) in self.scales.iter_mut().zip(head.0.as_chunks::<4>().0) {
                    *scale = f32::from_le_bytes(*bytes);
                }
                self.minima = self.scales.map(|scale| -128.0 * scale);
                for (weights, line) in self.weights.iter_mut().zip(lines) {
                    *weights = line.0;
                }
            }
            Format::Nibbles => {
                let halves =
                    head.0.as_chunks::<2>().0.iter().map(|bytes| half::f16::from_le_bytes(*bytes).to_f32());
                for (number, value) in self.scales.iter_mut().chain(&mut self.minima).zip(halves) {
                    *number = value;
                }
                for ([low, high], line) in self.weights.as_chunks_mut::<2>().0.iter_mut().zip(lines) {
                    *low = line.0.map(|byte| byte & 15);
                    *high = line.0.map(|byte| byte >> 4);
                }
            }
        }
    }

    fn row(&self, row: usize) -> [f32; COLUMNS] {
        let scale = self.scales.get(row).copied().unwrap_or_default();
        let minimum = self.minima.get(row).copied().unwrap_or_default();
        let quads = self.weights.iter().filter_map(|line| line.as_chunks::<4>().0.get(row));
        let mut values = [0.0; COLUMNS];
        for (value, weight) in values.iter_mut().zip(quads.flatten()) {
            *value = scale * f32::from(*weight) + minimum;
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{
        Device, Tensor,
        quantized::{GgmlDType, QTensor},
    };

    const KINDS: [GgmlDType; 10] = [
        GgmlDType::Q4_0,
        GgmlDType::Q4_1,
        GgmlDType::Q5_0,
        GgmlDType::Q5_1,
        GgmlDType::Q8_0,
        GgmlDType::Q2K,
        GgmlDType::Q3K,
        GgmlDType::Q4K,
        GgmlDType::Q5K,
        GgmlDType::Q6K,
    ];

    /// Noise without any regularity that rounding could profit from.
    fn noise(count: usize) -> Vec<f32> {
        let mut state = 1u32;
        let step = |_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.1
        };
        (0..count).map(step).collect()
    }

    fn quantised(kind: GgmlDType, rows: usize, columns: usize) -> (Packed, Vec<f32>) {
        let tensor = Tensor::from_vec(noise(rows * columns), (rows, columns), &Device::Cpu).unwrap();
        let tensor = QTensor::quantize(&tensor, kind).unwrap();
        let values = tensor.dequantize(&Device::Cpu).unwrap().flatten_all().unwrap().to_vec1().unwrap();
        let bytes = tensor.data().unwrap().into_owned();
        (Packed::new(&Rows { kind, rows, columns, bytes }, false).unwrap(), values)
    }

    #[test]
    fn rows_come_back() {
        for kind in KINDS {
            let limit = match kind {
                GgmlDType::Q4_0 | GgmlDType::Q4_1 | GgmlDType::Q8_0 => 1e-6,
                GgmlDType::Q4K => 2e-3,
                _ => 6e-3,
            };
            let (packed, values) = quantised(kind, 19, 256);
            for (index, expect) in values.chunks(256).enumerate() {
                let differences =
                    packed.row(index).into_iter().zip(expect).map(|(found, expect)| (found - expect).abs());
                let largest = differences.fold(0.0, f32::max);
                assert!(largest < limit, "{kind:?} row {index}: {largest}");
            }
        }
        assert!(quantised(GgmlDType::Q8_0, 16, 32).0.row(16).is_empty());
    }

    /// The product must be that of the dequantised weights, up to the rounding of the activations.
    fn check(kind: GgmlDType, rows: usize, columns: usize, tokens: usize) {
        let (packed, weights) = quantised(kind, rows, columns);
        let input = noise(tokens * columns).into_iter().rev().collect::<Vec<_>>();
        let found = packed.multiply(&input);
        assert_eq!(found.len(), tokens * rows);
        let (mut error, mut total) = (0.0, 0.0);
        for (found, input) in found.chunks(rows).zip(input.chunks(columns)) {
            for (found, weights) in found.iter().zip(weights.chunks(columns)) {
                let expect = input.iter().zip(weights).map(|(input, weight)| input * weight).sum::<f32>();
                error += (found - expect).powi(2);
                total += expect.powi(2);
            }
        }
        let error = (error / total).sqrt();
        assert!(error < 0.01, "{kind:?} {rows} by {columns}, {tokens} tokens: {error}");
    }

    #[test]
    fn products_are_those_of_the_weights() {
        for kind in KINDS {
            check(kind, 19, 256, 1);
            check(kind, 32, 512, 9);
        }
        for tokens in [1, 2, 7, 8, 16, 17] {
            check(GgmlDType::Q4_1, 48, 96, tokens);
            check(GgmlDType::Q8_0, 5, 32, tokens);
        }
    }

    #[test]
    fn one_token_and_many_agree() {
        for kind in [GgmlDType::Q4_1, GgmlDType::Q8_0] {
            let (packed, _) = quantised(kind, 2000, 96);
            let input = noise(5 * 96);
            let single = input.chunks(96).flat_map(|token| packed.multiply(token)).collect::<Vec<_>>();
            assert_eq!(packed.multiply(&input), single, "{kind:?}");
        }
    }

    /// Rounding to four bits moves no weight by more than half a step of its block, 1/15 of the block's range, and the
    /// scale's own rounding.
    #[test]
    fn four_bits_stay_within_a_step() {
        let numbers = noise(19 * 96);
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        let rows = Rows { kind: GgmlDType::F32, rows: 19, columns: 96, bytes };
        let packed = Packed::new(&rows, true).unwrap();
        assert_eq!(packed.format, Format::Nibbles);
        for (index, expect) in numbers.chunks(96).enumerate() {
            for (found, expect) in packed.row(index).chunks(32).zip(expect.chunks(32)) {
                let (least, most) = expect.iter().fold((0.0f32, 0.0f32), |(a, b), x| (a.min(*x), b.max(*x)));
                let worst = found.iter().zip(expect).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
                assert!(worst < (most - least) / 30.0 + 3e-3, "row {index}: {worst}");
            }
        }
    }

    #[test]
    fn nothing_and_infinity_do_no_harm() {
        let (packed, _) = quantised(GgmlDType::Q4_1, 16, 32);
        assert_eq!(packed.multiply(&[0.0; 32]), [0.0; 16]);
        assert!(packed.multiply(&[f32::INFINITY; 32]).iter().all(|value| !value.is_finite()));
    }
}
