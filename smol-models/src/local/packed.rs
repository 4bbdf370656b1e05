//! Quantised weights in the order the processor wants them.
//!
//! candle has fast kernels for some GGUF types and none for others: Q4_1, which small models ship in, ran at a sixth of
//! llama.cpp's speed. So every quantised matrix is laid out once, at load, in blocks of one of four formats.
//!
//! Q4_0, Q4_1, Q5_0, Q5_1 and Q8_0 keep their exact values. Q4_K, Q5_K and Q6_K keep them up to the rounding of their
//! scales to 16 bits. All other types become 8-bit numbers with a scale for each 32, as in Q8_0.

use super::{
    block::{BlockTable, COLUMNS, Format, Line, ROWS},
    kernel::Kernel,
    panels::{Activations, panels},
    source::BlockReader,
    tensors::Rows,
};
use candle_core::Result;
use rayon::prelude::*;

/// Tokens that share one pass over a block's weights.
pub(super) const TOKENS: usize = 8;
/// The least work worth a thread of its own, in lines: about 64 KiB of weights.
const LINES_PER_TASK: usize = 1024;

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
                    block.store(format, lines, row);
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
        let mut table = BlockTable::default();
        let row = |lines| {
            table.fill(self.format, lines);
            table.row(self.format, index % ROWS)
        };
        blocks.flat_map(row).collect()
    }

    /// The product of each row of `input` (tokens by columns) with this matrix: tokens by rows.
    pub(super) fn multiply(&self, input: &[f32]) -> Vec<f32> {
        let tokens = input.len() / self.columns;
        if tokens == 1 {
            let mut output = self.multiply_panels::<1>(&panels::<1>(self.format, input, self.columns));
            output.truncate(self.rows);
            return output;
        }
        let tiles = self.multiply_panels::<TOKENS>(&panels::<TOKENS>(self.format, input, self.columns));
        self.gather(&tiles, tokens)
    }

    /// Tiles of 16 rows by `T` tokens, ordered by row group, then by token panel; within a tile, by token.
    fn multiply_panels<const T: usize>(&self, panels: &[Activations]) -> Vec<f32> {
        let group_lines = self.columns / COLUMNS * self.format.lines();
        let group_outputs = panels.len() * COLUMNS / self.columns * ROWS;
        let mut output = vec![0.0; self.lines.len() / group_lines * group_outputs];
        let groups_per_task = LINES_PER_TASK.div_ceil(group_lines);
        let kernel = Kernel::best();
        let tasks = output.par_chunks_mut(groups_per_task * group_outputs).enumerate();
        tasks.for_each(|(task, output)| {
            let lines = self.lines.get(task * groups_per_task * group_lines..).unwrap_or_default();
            kernel.multiply::<T>(self.format, self.columns / COLUMNS, lines, panels, output);
        });
        output
    }

    /// Puts tiles in the order of tokens.
    fn gather(&self, tiles: &[f32], tokens: usize) -> Vec<f32> {
        let group_outputs = tokens.next_multiple_of(TOKENS) * ROWS;
        let mut output = vec![0.0; tokens * self.rows];
        output.par_chunks_mut(self.rows).enumerate().for_each(|(token, output)| {
            let groups = tiles.chunks_exact(group_outputs);
            let tiles = groups.filter_map(|group| group.as_chunks::<ROWS>().0.get(token));
            for (target, tile) in output.chunks_mut(ROWS).zip(tiles) {
                target.iter_mut().zip(tile).for_each(|(target, value)| *target = *value);
            }
        });
        output
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
                GgmlDType::Q2K | GgmlDType::Q3K => 6e-3,
                GgmlDType::Q4K | GgmlDType::Q5K | GgmlDType::Q6K => 2e-3,
                _ => 1e-6,
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
        assert_eq!(packed.format, Format::Four);
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
