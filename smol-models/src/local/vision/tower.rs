//! The vision tower of CLIP, and the projector that turns what it sees into words' vectors.
//!
//! A picture is cut into patches; each becomes one token of the tower, and one vector of the language model. What the last
//! layers add is for naming the whole picture, so the vectors are taken from an earlier one, without the token that stands
//! for the whole.

use candle_core::{D, Module, Result, Tensor};
use candle_nn::{LayerNorm, Linear, VarBuilder, layer_norm, linear, linear_b, ops::softmax_last_dim};
use serde::Deserialize;

/// The part of `config.json` that shapes the tower; what it leaves out is as in CLIP.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct TowerConfig {
    pub(super) model_type: String,
    pub(super) hidden_size: usize,
    intermediate_size: usize,
    pub(super) num_attention_heads: usize,
    pub(super) num_hidden_layers: usize,
    /// Pixels a side.
    pub(super) image_size: usize,
    pub(super) patch_size: usize,
    #[serde(default = "epsilon")]
    layer_norm_eps: f64,
    #[serde(default = "quick_gelu")]
    pub(super) hidden_act: String,
}

fn epsilon() -> f64 {
    1e-5
}

fn quick_gelu() -> String {
    "quick_gelu".to_owned()
}

impl TowerConfig {
    /// Patches of a picture, each a vector of the language model.
    pub(super) fn patches(&self) -> usize {
        (self.image_size / self.patch_size).pow(2)
    }
}

/// A loaded tower with its projector.
pub(super) struct Tower {
    whole: Tensor,
    patches: Tensor,
    places: Tensor,
    norm: LayerNorm,
    layers: Vec<Layer>,
    projector: (Linear, Linear),
    patch_size: usize,
}

struct Layer {
    norm: LayerNorm,
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    second_norm: LayerNorm,
    up: Linear,
    down: Linear,
    heads: usize,
}

/// Where the tower's and the projector's tensors are, and how wide the language model is.
pub(super) struct Place<'a> {
    pub(super) tower: VarBuilder<'a>,
    pub(super) projector: VarBuilder<'a>,
    pub(super) projector_bias: bool,
    pub(super) width: usize,
}

impl Tower {
    /// Loads the first `depth` layers of the tower that `config` describes, and the projector.
    pub(super) fn load(config: &TowerConfig, depth: usize, place: &Place<'_>) -> Result<Self> {
        let (size, patch) = (config.hidden_size, config.patch_size);
        let parts = place.tower.pp("embeddings");
        let layer = |index| Layer::load(config, &place.tower.pp("encoder.layers").pp(index));
        let project =
            |from, name| linear_b(from, place.width, place.projector_bias, place.projector.pp(name));
        Ok(Self {
            whole: parts.get(size, "class_embedding")?.reshape((1, 1, size))?,
            patches: parts.get((size, 3, patch, patch), "patch_embedding.weight")?,
            places: parts.get((config.patches() + 1, size), "position_embedding.weight")?,
            norm: layer_norm(size, config.layer_norm_eps, place.tower.pp("pre_layrnorm"))?,
            layers: (0..depth).map(layer).collect::<Result<_>>()?,
            projector: (project(size, "linear_1")?, project(place.width, "linear_2")?),
            patch_size: patch,
        })
    }

    /// Patches by width of the language model, from the `pixels` of one picture (1 by 3 by side by side).
    pub(super) fn forward(&self, pixels: &Tensor) -> Result<Tensor> {
        let patches =
            pixels.to_dtype(self.patches.dtype())?.conv2d(&self.patches, 0, self.patch_size, 1, 1)?;
        let patches = patches.flatten_from(2)?.transpose(1, 2)?;
        let state = Tensor::cat(&[&self.whole, &patches], 1)?.broadcast_add(&self.places)?;
        let mut state = self.norm.forward(&state)?;
        for layer in &self.layers {
            state = layer.forward(&state)?;
        }
        let seen = state.squeeze(0)?;
        let seen = seen.narrow(0, 1, seen.dim(0)? - 1)?.contiguous()?;
        self.projector.1.forward(&self.projector.0.forward(&seen)?.gelu_erf()?)
    }
}

impl Layer {
    fn load(config: &TowerConfig, tensors: &VarBuilder<'_>) -> Result<Self> {
        let (size, inner, epsilon) = (config.hidden_size, config.intermediate_size, config.layer_norm_eps);
        let part = |name| linear(size, size, tensors.pp("self_attn").pp(name));
        Ok(Self {
            norm: layer_norm(size, epsilon, tensors.pp("layer_norm1"))?,
            query: part("q_proj")?,
            key: part("k_proj")?,
            value: part("v_proj")?,
            output: part("out_proj")?,
            second_norm: layer_norm(size, epsilon, tensors.pp("layer_norm2"))?,
            up: linear(size, inner, tensors.pp("mlp.fc1"))?,
            down: linear(inner, size, tensors.pp("mlp.fc2"))?,
            heads: config.num_attention_heads,
        })
    }

    fn forward(&self, state: &Tensor) -> Result<Tensor> {
        let state = (self.attention(&self.norm.forward(state)?)? + state)?;
        let inner = self.up.forward(&self.second_norm.forward(&state)?)?;
        // CLIP's own quick approximation of GELU.
        let opened = (&inner * candle_nn::ops::sigmoid(&(&inner * 1.702)?)?)?;
        self.down.forward(&opened)? + state
    }

    fn attention(&self, state: &Tensor) -> Result<Tensor> {
        let (pictures, tokens, size) = state.dims3()?;
        let heads = |part: &Linear| {
            let part = part.forward(state)?.reshape((pictures, tokens, self.heads, ()))?;
            part.transpose(1, 2)?.contiguous()
        };
        let scale = ((size / self.heads) as f64).sqrt().recip();
        let scores = (heads(&self.query)? * scale)?.matmul(&heads(&self.key)?.t()?)?;
        let mixed = softmax_last_dim(&scores)?.matmul(&heads(&self.value)?)?;
        self.output.forward(&mixed.transpose(1, 2)?.contiguous()?.flatten_from(D::Minus2)?)
    }
}
