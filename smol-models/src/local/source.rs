//! Reads rows of weights, quantised or not, as blocks.

use super::{
    block::{COLUMNS, Format, RowBlock},
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
            GgmlDType::Q4_0 | GgmlDType::Q4_1 | GgmlDType::Q4K => Format::Four,
            _ if self.four_bits => Format::Four,
            GgmlDType::Q5_0 | GgmlDType::Q5_1 | GgmlDType::Q5K => Format::Five,
            GgmlDType::Q6K => Format::Six,
            _ => Format::Eight,
        }
    }

    /// The blocks of one row.
    pub(super) fn read(&self, row: &[u8]) -> Result<Vec<RowBlock>> {
        Ok(match self.kind {
            GgmlDType::Q4_0 => row.as_chunks::<18>().0.iter().map(four_bits_signed).collect(),
            GgmlDType::Q4_1 => row.as_chunks::<20>().0.iter().map(four_bits).collect(),
            GgmlDType::Q4K => row.as_chunks::<144>().0.iter().flat_map(four_bits_nested).collect(),
            other if self.four_bits => widen(other, row)?.as_chunks().0.iter().map(rounded_to_four).collect(),
            GgmlDType::Q5_0 => row.as_chunks::<22>().0.iter().map(five_bits_signed).collect(),
            GgmlDType::Q5_1 => row.as_chunks::<24>().0.iter().map(five_bits).collect(),
            GgmlDType::Q5K => row.as_chunks::<176>().0.iter().flat_map(five_bits_nested).collect(),
            GgmlDType::Q6K => row.as_chunks::<210>().0.iter().flat_map(six_bits).collect(),
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

/// Halves with the bits of `fifths`, one for each weight in turn.
fn with_fifths(bytes: &[u8], fifths: [u8; 4]) -> [u8; COLUMNS] {
    let fifths = u32::from_le_bytes(fifths);
    let mut weights = halves(bytes);
    for (index, weight) in weights.iter_mut().enumerate() {
        *weight |= u8::from(fifths >> index & 1 == 1) << 4;
    }
    weights
}

fn block(scale: f32, minimum: f32, weights: [u8; COLUMNS]) -> RowBlock {
    RowBlock { scales: [scale; 2], minimum, weights }
}

fn four_bits([d0, d1, m0, m1, weights @ ..]: &[u8; 20]) -> RowBlock {
    block(number(*d0, *d1), number(*m0, *m1), halves(weights))
}

fn four_bits_signed([d0, d1, weights @ ..]: &[u8; 18]) -> RowBlock {
    let scale = number(*d0, *d1);
    block(scale, -8.0 * scale, halves(weights))
}

fn five_bits([d0, d1, m0, m1, h0, h1, h2, h3, weights @ ..]: &[u8; 24]) -> RowBlock {
    block(number(*d0, *d1), number(*m0, *m1), with_fifths(weights, [*h0, *h1, *h2, *h3]))
}

fn five_bits_signed([d0, d1, h0, h1, h2, h3, weights @ ..]: &[u8; 22]) -> RowBlock {
    let scale = number(*d0, *d1);
    block(scale, -16.0 * scale, with_fifths(weights, [*h0, *h1, *h2, *h3]))
}

fn eight_bits([d0, d1, weights @ ..]: &[u8; 34]) -> RowBlock {
    block(number(*d0, *d1), 0.0, weights.map(|weight| weight ^ 0x80))
}

/// Eight blocks that share a scale of scales and a scale of minima; their 6-bit factors lie in 12 bytes.
fn four_bits_nested([d0, d1, m0, m1, rest @ ..]: &[u8; 144]) -> [RowBlock; 8] {
    let (factors, weights) = rest.split_at(12);
    nested([number(*d0, *d1), number(*m0, *m1)], factors, &[0; 32], weights)
}

/// The same, with 32 bytes that hold one more bit for each block.
fn five_bits_nested([d0, d1, m0, m1, rest @ ..]: &[u8; 176]) -> [RowBlock; 8] {
    let (factors, rest) = rest.split_at(12);
    let (fifths, weights) = rest.split_at(32);
    nested([number(*d0, *d1), number(*m0, *m1)], factors, fifths, weights)
}

fn nested([scale, minimum]: [f32; 2], factors: &[u8], fifths: &[u8], bytes: &[u8]) -> [RowBlock; 8] {
    std::array::from_fn(|index| {
        let (scale_factor, minimum_factor) = nested_factors(factors, index);
        let mut weights = bytes.as_chunks::<32>().0.get(index / 2).copied().unwrap_or_default();
        for (weight, fifth) in weights.iter_mut().zip(fifths) {
            *weight = *weight >> (index % 2 * 4) & 15 | (fifth >> index & 1) << 4;
        }
        block(scale * f32::from(scale_factor), -minimum * f32::from(minimum_factor), weights)
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

/// Eight blocks in two halves of four. A half has its lowest bits in 64 bytes, two blocks to a byte, its highest in 32
/// bytes, four blocks to a byte, and a factor for each 16 weights.
fn six_bits(source: &[u8; 210]) -> [RowBlock; 8] {
    let (low, rest) = source.split_at(128);
    let (high, rest) = rest.split_at(64);
    let (factors, scale) = rest.split_at(16);
    let scale = scale.first_chunk().map_or(0.0, |[low, high]| number(*low, *high));
    std::array::from_fn(|index| {
        let (half, place) = (index / 4, index % 4);
        let mut weights = low.as_chunks::<32>().0.get(half * 2 + place % 2).copied().unwrap_or_default();
        let high = high.as_chunks::<32>().0.get(half).copied().unwrap_or_default();
        for (weight, high) in weights.iter_mut().zip(high) {
            *weight = *weight >> (place / 2 * 4) & 15 | (high >> (place * 2) & 3) << 4;
        }
        let pair = factors.as_chunks::<2>().0.get(index).copied().unwrap_or_default();
        let scales = pair.map(|factor| scale * f32::from(factor.cast_signed()));
        RowBlock { scales, minimum: 0.0, weights }
    })
}

fn rounded(values: &[f32; COLUMNS]) -> RowBlock {
    let largest = values.iter().fold(0.0f32, |largest, value| largest.max(value.abs()));
    let scale = largest / 127.0;
    let inverse = if scale > 0.0 { scale.recip() } else { 0.0 };
    let weights = values.map(|value| ((value * inverse).round() as i8).cast_unsigned() ^ 0x80);
    block(scale, 0.0, weights)
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
    block(scale, minimum, weights)
}
