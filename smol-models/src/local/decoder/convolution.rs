//! LFM2's short convolution: each number of a token is mixed with the same number of the few tokens before.
//!
//! What it needs of earlier tokens is only its last few inputs. The cache keeps those of all tokens, as it keeps keys and
//! values, so that a conversation can be cut back and forked anywhere.

use super::{loader::Loader, pass::Pass};
use crate::local::{cache::LayerCache, config::Config, weights::Weights};
use candle_core::{Module, Result, Tensor};
use smol_core::model::ModelError;

pub(super) struct Convolution {
    /// To two gates and the values between them.
    input: Weights,
    output: Weights,
    /// By token, oldest first, then by number.
    weights: Tensor,
}

impl Convolution {
    pub(super) fn load(loader: &Loader<'_>) -> std::result::Result<Self, ModelError> {
        let Config { width, convolution, .. } = *loader.config();
        let weights = loader.table("shortconv.conv", width, convolution)?;
        Ok(Self {
            input: loader.matrix("shortconv.in_proj", (3 * width, width), None)?,
            output: loader.matrix("shortconv.out_proj", (width, width), None)?,
            weights: weights
                .t()
                .and_then(|weights| weights.contiguous())
                .map_err(crate::local::gguf::computing)?,
        })
    }

    pub(super) fn forward(&self, pass: &Pass, input: &Tensor, cache: &mut LayerCache) -> Result<Tensor> {
        let (tokens, width) = input.dims2()?;
        let parts = self.input.forward(input)?;
        let part = |index| parts.narrow(1, index * width, width)?.contiguous();
        let (before, after, values) = (part(0)?, part(1)?, part(2)?);
        cache.append_values(pass.start, &(before * values)?.unsqueeze(0)?)?;
        let (length, _) = self.weights.dims2()?;
        let mut sum = Tensor::zeros((tokens, width), input.dtype(), input.device())?;
        for (back, weights) in (0..length).rev().zip(0..length) {
            let weights = self.weights.narrow(0, weights, 1)?;
            sum = (sum + earlier(cache, pass.start, tokens, back)?.broadcast_mul(&weights)?)?;
        }
        self.output.forward(&(after * sum)?)
    }
}

/// What was given `back` tokens before each of `tokens` from `start` on; zeros before the first.
fn earlier(cache: &LayerCache, start: usize, tokens: usize, back: usize) -> Result<Tensor> {
    let missing = back.saturating_sub(start).min(tokens);
    let from = (start + missing).saturating_sub(back);
    let given = cache.values.squeeze(0)?.narrow(0, from, tokens - missing)?;
    given.pad_with_zeros(0, missing, 0)
}
