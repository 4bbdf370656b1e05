//! Attention as candle's operations on tensors, for any device.
//!
//! The rows of queries that share a head of keys are put below each other, so that one product serves them all, and keys
//! and values are read where they lie in the cache: nothing is repeated or joined.

use super::attention::Attention;
use candle_core::{DType, Device, Result, Tensor};
use candle_nn::ops::softmax_last_dim;

/// The attention of `queries` (heads by tokens by head size) to the first of `keys` and `values` (heads by room by head
/// size). `mask` is added to the scores: see [`mask`]. A single token needs none.
pub(super) fn attend(
    queries: &Tensor,
    keys: &Tensor,
    values: &Tensor,
    attention: &Attention,
    mask: Option<&Tensor>,
) -> Result<Tensor> {
    let (heads, tokens, size) = queries.dims3()?;
    let first = first_heeded(attention.start, attention.window);
    let length = attention.start + tokens - first;
    let (keys, values) = (keys.narrow(1, first, length)?, values.narrow(1, first, length)?);
    #[cfg(feature = "flash-attention")]
    if let Some(mixed) = flash(queries, &keys, &values, attention)? {
        return Ok(mixed);
    }
    let kv_heads = keys.dim(0)?;
    let rows = heads / kv_heads * tokens;
    let queries = queries.affine(f64::from(attention.scale), 0.0)?.reshape((kv_heads, rows, size))?;
    let mut scores = queries.matmul(&keys.t()?)?;
    if let Some(mask) = mask {
        scores = scores.reshape((heads, tokens, length))?.broadcast_add(mask)?;
        scores = scores.reshape((kv_heads, rows, length))?;
    }
    softmax_last_dim(&scores)?.matmul(&values)?.reshape((heads, tokens, size))
}

/// The first token that the token at `start` may heed.
fn first_heeded(start: usize, window: Option<usize>) -> usize {
    window.map_or(0, |window| (start + 1).saturating_sub(window))
}

/// Tokens by those they could heed: 0 where `tokens` from `start` on may heed one, else what leaves nothing of a score.
pub(super) fn mask(
    start: usize,
    tokens: usize,
    window: Option<usize>,
    kind: DType,
    device: &Device,
) -> Result<Tensor> {
    let first = first_heeded(start, window);
    let row = |token: usize| {
        let heeded = first_heeded(token, window)..=token;
        (first..start + tokens)
            .map(move |other| if heeded.contains(&other) { 0.0 } else { f32::NEG_INFINITY })
    };
    let cells = (start..start + tokens).flat_map(row).collect::<Vec<_>>();
    Tensor::from_vec(cells, (tokens, start + tokens - first), device)?.to_dtype(kind)
}

/// The same by a fused kernel, for types and sizes that it takes.
#[cfg(feature = "flash-attention")]
fn flash(queries: &Tensor, keys: &Tensor, values: &Tensor, attention: &Attention) -> Result<Option<Tensor>> {
    let fits = matches!(queries.dtype(), DType::F16 | DType::BF16) && queries.dim(2)? <= 256;
    if !queries.device().is_cuda() || !fits {
        return Ok(None);
    }
    // It wants batches of tokens by heads by head size, in any order in memory.
    let batch = |tensor: &Tensor| tensor.transpose(0, 1)?.unsqueeze(0);
    let before = attention.window.map(|window| window - 1);
    let (queries, keys, values) = (batch(queries)?, batch(keys)?, batch(values)?);
    let mixed =
        candle_flash_attn::flash_attn_windowed(&queries, &keys, &values, attention.scale, before, Some(0))?;
    mixed.squeeze(0)?.transpose(0, 1)?.contiguous().map(Some)
}

#[cfg(test)]
mod tests {
    use super::{
        super::cache::{Form, LayerCache},
        super::options::Means,
        *,
    };

    fn wave(dims: (usize, usize, usize), speed: f32) -> Tensor {
        let count = dims.0 * dims.1 * dims.2;
        let values = (0..count).map(|index| (index as f32 * speed).sin()).collect::<Vec<_>>();
        Tensor::from_vec(values, dims, &Device::Cpu).unwrap()
    }

    /// Against our own kernel, which is tested against the definition.
    fn check(window: Option<usize>, tokens: usize, start: usize) {
        let (heads, kv_heads, size) = (6, 2, 32);
        let queries = wave((heads, tokens, size), 0.7);
        let earlier = (wave((kv_heads, start, size), 1.3), wave((kv_heads, start, size), 2.1));
        let newer = (wave((kv_heads, tokens, size), 1.7), wave((kv_heads, tokens, size), 0.4));
        let attention = Attention { start, window, scale: 0.3 };
        let mask = mask(start, tokens, window, DType::F32, &Device::Cpu).unwrap();
        let found = [Means::Kernels, Means::Tensors].map(|means| {
            let form = Form { means, ..Form::default() };
            let mut cache = LayerCache::new(kv_heads, 0, size, &form).unwrap();
            if start > 0 {
                cache.append(0, &earlier.0, &earlier.1).unwrap();
            }
            cache.append(start, &newer.0, &newer.1).unwrap();
            let mask = Some(&mask).filter(|_| tokens > 1);
            let mixed = cache.attend(&queries, &attention, mask).unwrap();
            mixed.flatten_all().unwrap().to_vec1::<f32>().unwrap()
        });
        let [kernels, tensors] = found;
        let differences = kernels.iter().zip(&tensors).map(|(left, right)| (left - right).abs());
        let difference = differences.fold(0.0, f32::max);
        assert!(difference < 1e-5, "{window:?} {tokens} {start}: {difference}");
    }

    #[test]
    fn attention_by_tensors_is_that_of_the_kernel() {
        for window in [None, Some(1), Some(3), Some(20)] {
            for (tokens, start) in [(1, 0), (1, 40), (5, 0), (17, 31), (37, 2), (2, 255)] {
                check(window, tokens, start);
            }
        }
    }
}
