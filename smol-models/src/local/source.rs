//! Reads rows of weights, quantised or not, as blocks.

use super::{
    packed::{COLUMNS, Format, RowBlock},
    tensors::widen,
};
use candle_core::{Result, quantized::GgmlDType};
use half::f16;

/// Turns rows of one type into blocks of 32 weights.
pub(super) struct BlockReader {
    kind: GgmlDType,
    /// Whatever the type, four bits a weight are kept.
    four_bits: bool,
}

impl BlockReader {
    pub(super) fn new(kind: GgmlDType, four_bits: bool) -> Self {
        Self { kind, four_bits }
    }

    /// The format the blocks are for.
    pub(super) fn format(&self) -> Format {
        match self.kind {
            GgmlDType::Q4_0 | GgmlDType::Q4_1 | GgmlDType::Q4K => Format::Nibbles,
            _ if self.four_bits => Format::Nibbles,
            _ => Format::Bytes,
        }
    }

    /// The blocks of one row.
    pub(super) fn read(&self, row: &[u8]) -> Result<Vec<RowBlock>> {
        Ok(match self.kind {
            GgmlDType::Q4_0 => row.as_chunks::<18>().0.iter().map(four_bits_signed).collect(),
            GgmlDType::Q4_1 => row.as_chunks::<20>().0.iter().map(four_bits).collect(),
            GgmlDType::Q4K => row.as_chunks::<144>().0.iter().flat_map(four_bits_nested).collect(),
            other if self.four_bits => widen(other, row)?.as_chunks().0.iter().map(rounded_to_four).collect(),
            GgmlDType::Q8_0 => row.as_chunks::<34>().0.iter().map(eight_bits).collect(),
            other => widen(other, row)?.as_chunks().0.iter().map(rounded).collect(),
        })
    }
}

fn number(low: u8, high: u8) -> f32 {
    f16::from_le_bytes([low, high]).to_f32()
}

/// Low halves of the bytes first, then high halves.
fn halves(bytes: &[u8]) -> [u8; COLUMNS] {
    let mut weights = [0; COLUMNS];
    let ordered = bytes.iter().map(|byte| byte & 15).chain(bytes.iter().map(|byte| byte >> 4));
    for (weight, half) in weights.iter_mut().zip(ordered) {
        *weight = half;
    }
    weights
}

fn four_bits(block: &[u8; 20]) -> RowBlock {
    let [d0, d1, m0, m1, weights @ ..] = block;
    RowBlock { scale: number(*d0, *d1), minimum: number(*m0, *m1), weights: halves(weights) }
}

fn four_bits_signed(block: &[u8; 18]) -> RowBlock {
    let [d0, d1, weights @ ..] = block;
    let scale = number(*d0, *d1);
    RowBlock { scale, minimum: -8.0 * scale, weights: halves(weights) }
}

fn eight_bits(block: &[u8; 34]) -> RowBlock {
    let [d0, d1, weights @ ..] = block;
    RowBlock { scale: number(*d0, *d1), minimum: 0.0, weights: weights.map(|weight| weight ^ 0x80) }
}

/// Eight blocks that share a scale of scales and a scale of minima; their 6-bit factors lie in 12 bytes.
fn four_bits_nested(block: &[u8; 144]) -> [RowBlock; 8] {
    let [d0, d1, m0, m1, rest @ ..] = block;
    let (factors, weights) = rest.split_at(12);
    let (scale, minimum) = (number(*d0, *d1), number(*m0, *m1));
    std::array::from_fn(|index| {
        let (scale_factor, minimum_factor) = nested_factors(factors, index);
        let pair = weights.as_chunks::<32>().0.get(index / 2).copied().unwrap_or_default();
        let shift = index % 2 * 4;
        RowBlock {
            scale: scale * f32::from(scale_factor),
            minimum: -minimum * f32::from(minimum_factor),
            weights: pair.map(|byte| byte >> shift & 15),
        }
    })
}

/// The factors of block `index` of 8: the first four use the low 6 bits of a byte, the last four 4 bits and 2 spare ones.
fn nested_factors(factors: &[u8], index: usize) -> (u8, u8) {
    let byte = |at: usize| factors.get(at).copied().unwrap_or_default();
    if index < 4 {
        return (byte(index) & 63, byte(index + 4) & 63);
    }
    let shared = byte(index + 4);
    (shared & 15 | byte(index - 4) >> 6 << 4, shared >> 4 | byte(index) >> 6 << 4)
}

fn rounded(values: &[f32; COLUMNS]) -> RowBlock {
    let largest = values.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
    let scale = largest / 127.0;
    let inverse = if scale > 0.0 { scale.recip() } else { 0.0 };
    let weights = values.map(|value| ((value * inverse).round() as i8).cast_unsigned() ^ 0x80);
    RowBlock { scale, minimum: 0.0, weights }
}

/// Sixteen steps from the least weight, or 0, to the largest, or 0: a weight of 0 stays one, as pruned models need it.
fn rounded_to_four(values: &[f32; COLUMNS]) -> RowBlock {
    let (least, most) =
        values.iter().fold((0.0f32, 0.0f32), |(least, most), &value| (least.min(value), most.max(value)));
    // Both are kept in 16 bits: the steps must be those that will be read.
    let scale = f16::from_f32((most - least) / 15.0).to_f32();
    let minimum = f16::from_f32(least).to_f32();
    let inverse = if scale > 0.0 { scale.recip() } else { 0.0 };
    let weights = values.map(|value| ((value - minimum) * inverse).round().clamp(0.0, 15.0) as u8);
    RowBlock { scale, minimum, weights }
}
