//! Plain loops over arrays of fixed size, which compilers turn into vector code for whatever they compile for.

use super::{
    super::{
        block::{BlockTable, COLUMNS, Format, ROWS},
        panels::Activations,
    },
    Group,
};

/// Quads of columns that share a scale.
const HALF: usize = COLUMNS / 4 / 2;

/// Multiplies the blocks of one row group with a panel of `T` tokens. `tile` has 16 numbers for each token.
pub(super) fn multiply_tile<const T: usize>(
    format: Format,
    group: Group<'_>,
    panel: &[Activations],
    tile: &mut [[f32; ROWS]],
) {
    tile.fill([0.0; ROWS]);
    let mut table = BlockTable::default();
    for (lines, tokens) in group.lines.chunks_exact(format.lines()).zip(panel.as_chunks::<T>().0) {
        table.fill(format, lines);
        for (output, token) in tile.iter_mut().zip(tokens) {
            add_block(&table, token, output);
        }
    }
}

fn add_block(table: &BlockTable, token: &Activations, output: &mut [f32; ROWS]) {
    let halves = table.weights.as_chunks::<HALF>().0.iter().zip(token.quads.as_chunks::<HALF>().0);
    for ((scales, start), (weights, quads)) in table.scales.iter().zip(token.starts).zip(halves) {
        let mut sums = [start; ROWS];
        for (weights, quad) in weights.iter().zip(quads) {
            let [a, b, c, d] = quad.to_le_bytes().map(|byte| i32::from(byte.cast_signed()));
            for (sum, [w, x, y, z]) in sums.iter_mut().zip(weights.as_chunks::<4>().0) {
                *sum += i32::from(*w) * a + i32::from(*x) * b + i32::from(*y) * c + i32::from(*z) * d;
            }
        }
        for ((output, sum), scale) in output.iter_mut().zip(sums).zip(scales) {
            *output += sum as f32 * (scale * token.scale);
        }
    }
    for (output, minimum) in output.iter_mut().zip(table.minima) {
        *output += minimum * token.total;
    }
}
