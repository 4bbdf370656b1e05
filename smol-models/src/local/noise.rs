//! Random weights, the same ones for the same name, made as they are asked for.
//!
//! What a device can do shows as well on these as on a model's own, and they need neither network nor disk.

use super::tensors::Rows;
use candle_core::quantized::GgmlDType;
use half::{bf16, f16};
use rayon::prelude::*;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    ops::Range,
};

/// Rows of the matrix `name`, whose products are about as large as what goes in. Norms are 1.
pub(super) fn rows(name: &str, kind: GgmlDType, columns: usize, range: Range<usize>) -> Rows {
    let row_bytes = columns / kind.block_size() * kind.type_size();
    let mut bytes = vec![0; row_bytes * range.len()];
    let filled = bytes.par_chunks_mut(row_bytes.max(1)).zip(range.clone());
    filled.for_each(|(row, index)| {
        let mut hash = DefaultHasher::new();
        (name, index).hash(&mut hash);
        fill(row, name, kind, columns, Random(hash.finish()));
    });
    Rows { kind, rows: range.len(), columns, bytes }
}

fn fill(row: &mut [u8], name: &str, kind: GgmlDType, columns: usize, mut random: Random) {
    // Uniform numbers of this largest size have the variance 1 / columns.
    let largest = (3.0 / columns as f32).sqrt();
    match kind {
        GgmlDType::Q4K => {
            row.as_chunks_mut::<144>().0.iter_mut().for_each(|block| fill_q4k(block, largest, &mut random))
        }
        GgmlDType::BF16 => {
            for number in row.as_chunks_mut::<2>().0 {
                *number = bf16::from_f32(random.number() * largest).to_le_bytes();
            }
        }
        _ => {
            let norm = name.contains("norm");
            for number in row.as_chunks_mut::<4>().0 {
                *number = (if norm { 1.0 } else { random.number() * largest }).to_le_bytes();
            }
        }
    }
}

/// 256 weights of 4 bits in llama.cpp's Q4_K: scale and minimum of all as f16, 12 bytes with those of each 32, then the
/// weights. A weight is `scale * 32 * n - minimum * 32`, with every 32 having 32 as both its own factors.
fn fill_q4k(block: &mut [u8; 144], largest: f32, random: &mut Random) {
    let scale = largest / (7.5 * 32.0);
    let factors = [0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0xA0, 0, 0, 0, 0];
    let head = [f16::from_f32(scale).to_le_bytes(), f16::from_f32(7.5 * scale).to_le_bytes()];
    let head = head.as_flattened().iter().chain(&factors).copied();
    let weights = std::iter::repeat_with(|| random.next().to_le_bytes()).flatten();
    block.iter_mut().zip(head.chain(weights)).for_each(|(byte, value)| *byte = value);
}

/// The generator SplitMix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From -1 to 1.
    fn number(&mut self) -> f32 {
        (self.next() >> 40) as f32 / 8_388_608.0 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance are what products need, and parts are parts of the whole.
    #[test]
    fn noise_is_even_and_the_same_again() {
        for kind in [GgmlDType::F32, GgmlDType::BF16, GgmlDType::Q4K] {
            let whole = rows("a.weight", kind, 512, 0..40);
            let part = rows("a.weight", kind, 512, 10..20);
            assert_eq!(whole.bytes[10 * whole.row_bytes()..20 * whole.row_bytes()], part.bytes);
            assert_ne!(rows("b.weight", kind, 512, 10..20).bytes, part.bytes);
            let numbers = whole.dequantise().unwrap();
            let mean = numbers.iter().sum::<f32>() / numbers.len() as f32;
            let variance = numbers.iter().map(|number| number * number).sum::<f32>() / numbers.len() as f32;
            assert!(
                mean.abs() < 0.002 && (variance * 512.0 - 1.0).abs() < 0.2,
                "{kind:?}: {mean} {variance}"
            );
        }
    }
}
