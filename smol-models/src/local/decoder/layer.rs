//! One layer: tokens are mixed, then each goes through the feed-forward part.

use super::{
    convolution::Convolution, feed_forward::FeedForward, heads::Heads, loader::Loader, pass::Pass, scaled,
};
use crate::local::{
    cache::LayerCache,
    config::{Config, Mixer},
};
use candle_core::{Result, Tensor};
use candle_nn::ops::rms_norm;
use smol_core::model::ModelError;

pub(super) struct Layer {
    mixer_norm: Tensor,
    mixer: LayerMixer,
    /// Applied to what the mixer gives.
    mixer_post_norm: Option<Tensor>,
    feed_forward_norm: Tensor,
    feed_forward: FeedForward,
    /// Applied to what the feed-forward part gives.
    feed_forward_post_norm: Option<Tensor>,
}

enum LayerMixer {
    Attention(Heads),
    Convolution(Convolution),
}

impl Layer {
    pub(super) fn load(loader: &Loader<'_>) -> std::result::Result<Self, ModelError> {
        let config = loader.config();
        let post_norm = |part| config.family.post_norms.then(|| loader.norm(part, config.width)).transpose();
        let mixer = match config.layers.get(loader.layer) {
            Some(Mixer::Attention { window, rotation }) => {
                LayerMixer::Attention(Heads::load(loader, *window, *rotation)?)
            }
            _ => LayerMixer::Convolution(Convolution::load(loader)?),
        };
        Ok(Self {
            mixer,
            mixer_norm: loader.norm("attn_norm", config.width)?,
            mixer_post_norm: post_norm("post_attention_norm")?,
            feed_forward_norm: loader.norm("ffn_norm", config.width)?,
            feed_forward: FeedForward::load(loader)?,
            feed_forward_post_norm: post_norm("post_ffw_norm")?,
        })
    }

    pub(super) fn forward(
        &self,
        config: &Config,
        pass: &Pass,
        state: Tensor,
        cache: &mut LayerCache,
    ) -> Result<Tensor> {
        let input = rms_norm(&state, &self.mixer_norm, config.norm_epsilon)?;
        let mixed = match &self.mixer {
            LayerMixer::Attention(heads) => heads.forward(config, pass, &input, cache)?,
            LayerMixer::Convolution(convolution) => convolution.forward(pass, &input, cache)?,
        };
        let state = add(config, mixed, self.mixer_post_norm.as_ref(), state)?;
        let input = rms_norm(&state, &self.feed_forward_norm, config.norm_epsilon)?;
        let output = self.feed_forward.forward(config, &input)?;
        add(config, output, self.feed_forward_post_norm.as_ref(), state)
    }
}

/// Adds what a part gave to the state.
fn add(config: &Config, output: Tensor, norm: Option<&Tensor>, state: Tensor) -> Result<Tensor> {
    let output = match norm {
        Some(norm) => rms_norm(&output, norm, config.norm_epsilon)?,
        None => output,
    };
    scaled(output, config.residual_scale)? + state
}
