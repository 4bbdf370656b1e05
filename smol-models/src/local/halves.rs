//! Weights in 16 bits, as models are published: half the memory of 32 bits, and the same numbers.
//!
//! Each task widens a few rows once and multiplies every token by them, so that a long prompt pays for the widening
//! once, and a single token reads half the bytes.

use super::tensors::{Rows, widen};
use candle_core::{Result, quantized::GgmlDType};
use half::{bf16, f16, slice::HalfFloatSliceExt};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Rows of weights that share one look at a token.
const ROWS: usize = 4;
/// Numbers that are added up side by side.
const LANES: usize = 16;
/// The least work worth a thread of its own, in weights.
const WEIGHTS_PER_TASK: usize = 32 * 1024;

/// A matrix of `rows` by `columns` weights.
pub(super) struct Halves {
    columns: usize,
    bits: Numbers,
}

enum Numbers {
    Half(Vec<f16>),
    Brain(Vec<bf16>),
}

impl Halves {
    /// Takes over `rows` as numbers of `kind`, which is F16 or BF16.
    pub(super) fn new(rows: &Rows, kind: GgmlDType) -> Result<Self> {
        let pairs = rows.bytes.as_chunks::<2>().0;
        let bits = match (rows.kind, kind) {
            (GgmlDType::F16, GgmlDType::F16) => {
                Numbers::Half(pairs.iter().map(|pair| f16::from_le_bytes(*pair)).collect())
            }
            (GgmlDType::BF16, GgmlDType::BF16) => {
                Numbers::Brain(pairs.iter().map(|pair| bf16::from_le_bytes(*pair)).collect())
            }
            (stored, GgmlDType::F16) => {
                Numbers::Half(widen(stored, &rows.bytes)?.into_iter().map(f16::from_f32).collect())
            }
            (stored, _) => {
                Numbers::Brain(widen(stored, &rows.bytes)?.into_iter().map(bf16::from_f32).collect())
            }
        };
        Ok(Self { columns: rows.columns, bits })
    }

    /// How many rows.
    pub(super) fn rows(&self) -> usize {
        self.bits.len() / self.columns.max(1)
    }

    /// Row `index` in f32; nothing where there is no such row.
    pub(super) fn row(&self, index: usize) -> Vec<f32> {
        self.widened(index * self.columns, self.columns)
    }

    /// The product of each row of `input` (tokens by columns) with this matrix: tokens by rows.
    pub(super) fn multiply(&self, input: &[f32]) -> Vec<f32> {
        let (tokens, rows) = (input.len() / self.columns, self.rows());
        let rows_per_task = WEIGHTS_PER_TASK.div_ceil(self.columns).next_multiple_of(ROWS);
        let arch = Arch::new();
        let tasks = (0..rows).into_par_iter().step_by(rows_per_task).map(|first| {
            let count = rows_per_task.min(rows - first);
            let weights = self.widened(first * self.columns, count * self.columns);
            arch.dispatch(Product { weights: &weights, input, columns: self.columns })
        });
        let parts = tasks.collect::<Vec<_>>();
        let mut output = Vec::with_capacity(tokens * rows);
        for token in 0..tokens {
            for part in &parts {
                let count = part.len() / tokens;
                output.extend(part.iter().skip(token * count).take(count));
            }
        }
        output
    }

    fn widened(&self, first: usize, count: usize) -> Vec<f32> {
        let range = first..first + count;
        match &self.bits {
            Numbers::Half(bits) => bits.get(range).map(|bits| bits.to_f32_vec()).unwrap_or_default(),
            Numbers::Brain(bits) => bits.get(range).map(|bits| bits.to_f32_vec()).unwrap_or_default(),
        }
    }
}

impl Numbers {
    fn len(&self) -> usize {
        match self {
            Self::Half(bits) => bits.len(),
            Self::Brain(bits) => bits.len(),
        }
    }
}

/// The product of tokens with a few rows: tokens by rows.
struct Product<'a> {
    weights: &'a [f32],
    input: &'a [f32],
    columns: usize,
}

impl WithSimd for Product<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<f32> {
        let mut output =
            Vec::with_capacity(self.weights.len() * self.input.len() / self.columns / self.columns);
        for token in self.input.chunks_exact(self.columns) {
            for rows in self.weights.chunks(ROWS * self.columns) {
                match rows.len() == ROWS * self.columns {
                    true => output.extend(products::<ROWS>(token, rows)),
                    false => output
                        .extend(rows.chunks_exact(self.columns).flat_map(|row| products::<1>(token, row))),
                }
            }
        }
        output
    }
}

/// The products of `token` with each of `R` rows.
#[inline(always)]
fn products<const R: usize>(token: &[f32], rows: &[f32]) -> [f32; R] {
    let mut sums = [[0.0f32; LANES]; R];
    let mut parts: [&[f32]; R] = std::array::from_fn(|index| {
        rows.get(index * token.len()..(index + 1) * token.len()).unwrap_or_default()
    });
    let (chunks, rest) = token.as_chunks::<LANES>();
    for numbers in chunks {
        for (sums, part) in sums.iter_mut().zip(&mut parts) {
            let Some((weights, left)) = part.split_first_chunk::<LANES>() else { continue };
            for ((sum, number), weight) in sums.iter_mut().zip(numbers).zip(weights) {
                *sum += number * weight;
            }
            *part = left;
        }
    }
    let mut parts = parts.iter();
    sums.map(|sums| {
        let left = parts
            .next()
            .map(|part| part.iter().zip(rest).map(|(weight, number)| weight * number).sum::<f32>());
        sums.iter().sum::<f32>() + left.unwrap_or_default()
    })
}
