//! The attention of one layer: queries, keys and values by heads, and what becomes of their mix.

use super::{loader::Loader, pass::Pass};
use crate::local::{attention::Attention, cache::LayerCache, config::Config, weights::Weights};
use candle_core::{Module, Result, Tensor};
use candle_nn::ops::rms_norm;
use smol_core::model::ModelError;

pub(super) struct Heads {
    query: Projection,
    key: Projection,
    value: Projection,
    output: Weights,
    output_bias: Option<Tensor>,
    /// Tokens that one may heed.
    window: Option<usize>,
    rotation: Option<usize>,
}

/// A product, then what some families do to its result.
struct Projection {
    weights: Weights,
    bias: Option<Tensor>,
    head_norm: Option<Tensor>,
}

impl Heads {
    pub(super) fn load(
        loader: &Loader<'_>,
        window: Option<usize>,
        rotation: Option<usize>,
    ) -> std::result::Result<Self, ModelError> {
        let Config { width, heads, kv_heads, head_size, .. } = *loader.config();
        Ok(Self {
            query: Projection::load(loader, "attn_q", heads, 0)?,
            key: Projection::load(loader, "attn_k", kv_heads, heads)?,
            value: Projection::load(loader, "attn_v", kv_heads, heads + kv_heads)?,
            output: loader.matrix("attn_output", (width, heads * head_size), None)?,
            output_bias: loader.bias("attn_output", width)?,
            window,
            rotation,
        })
    }

    pub(super) fn forward(
        &self,
        config: &Config,
        pass: &Pass,
        input: &Tensor,
        cache: &mut LayerCache,
    ) -> Result<Tensor> {
        let queries = pass.rotate(self.rotation, &self.query.heads(config, input)?)?;
        let keys = pass.rotate(self.rotation, &self.key.heads(config, input)?)?;
        let values = self.value.heads(config, input)?;
        cache.append(pass.start, &keys, &values)?;
        let attention = Attention { start: pass.start, window: self.window, scale: config.attention_scale };
        let mixed = queries.apply_op3_no_bwd(&cache.keys, &cache.values, &attention)?;
        let output = self.output.forward(&mixed.transpose(0, 1)?.contiguous()?.flatten_from(1)?)?;
        with_bias(output, self.output_bias.as_ref())
    }
}

impl Projection {
    /// `part` of so many `heads`; where queries, keys and values are one matrix, `first` heads come before.
    fn load(
        loader: &Loader<'_>,
        part: &str,
        heads: usize,
        first: usize,
    ) -> std::result::Result<Self, ModelError> {
        let config = loader.config();
        let rows = |heads: usize| heads * config.head_size;
        let fused = ("attn_qkv", rows(first), rows(config.heads + 2 * config.kv_heads));
        let normed = config.family.head_norm && part != "attn_v";
        Ok(Self {
            weights: loader.matrix(part, (rows(heads), config.width), Some(fused))?,
            bias: loader.bias(part, rows(heads))?,
            head_norm: normed.then(|| loader.norm(&format!("{part}_norm"), config.head_size)).transpose()?,
        })
    }

    /// Heads by tokens by head size.
    fn heads(&self, config: &Config, input: &Tensor) -> Result<Tensor> {
        let output = with_bias(self.weights.forward(input)?, self.bias.as_ref())?;
        let tokens = output.dim(0)?;
        let mut heads = output.reshape((tokens, (), config.head_size))?;
        if let Some(norm) = &self.head_norm {
            heads = rms_norm(&heads, norm, config.norm_epsilon)?;
        }
        heads.transpose(0, 1)?.contiguous()
    }
}

fn with_bias(output: Tensor, bias: Option<&Tensor>) -> Result<Tensor> {
    match bias {
        Some(bias) => output.broadcast_add(bias),
        None => Ok(output),
    }
}
