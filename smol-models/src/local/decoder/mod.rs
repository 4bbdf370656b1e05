//! The forward pass: one decoder, whose families differ by what their [`Config`] says.
//!
//! Our own pass rather than candle's ready-made ones because an agent resends a growing conversation at every step:
//! this one keeps keys and values where a later request can find them, cuts them back to a common beginning, shares
//! them between heads without copies, and computes positions as they come instead of holding tables for the longest
//! context.

mod convolution;
mod feed_forward;
mod heads;
mod layer;
mod loader;
mod pass;

use super::{
    cache::Cache,
    checkpoint::Checkpoint,
    config::{Config, Mixer},
    options::Placement,
    weights::Weights,
};
use candle_core::{Device, Module, Result, Tensor};
use candle_nn::ops::rms_norm;
use layer::Layer;
use loader::Loader;
use pass::Pass;
use smol_core::model::ModelError;

/// Tokens that are read at once when all that was read must be read again.
const AGAIN: usize = 256;

/// A loaded model, without any conversation.
pub(super) struct Decoder {
    pub(super) config: Config,
    device: Device,
    words: Weights,
    layers: Vec<Layer>,
    norm: Tensor,
    /// None where the words' own matrix serves for the output, too.
    output: Option<Weights>,
}

impl Decoder {
    /// Loads all weights of `file` to where `placement` says.
    pub(super) fn load(file: &Checkpoint, placement: &Placement) -> std::result::Result<Self, ModelError> {
        let config = file.config.clone();
        let loader = |layer| Loader { file, placement, layer };
        let whole = loader(0);
        Ok(Self {
            words: whole.words("token_embd")?.ok_or_else(|| super::gguf::computing("it has no words"))?,
            layers: (0..config.layers.len())
                .map(|layer| Layer::load(&loader(layer)))
                .collect::<std::result::Result<_, _>>()?,
            norm: whole.last_norm()?,
            output: whole.words("output")?,
            device: placement.device.clone(),
            config,
        })
    }

    /// An empty cache for this model.
    pub(super) fn cache(&self) -> Result<Cache> {
        let Config { kv_heads, head_size, width, .. } = self.config;
        Cache::new(self.config.layers.iter().map(|mixer| match mixer {
            Mixer::Attention { .. } => (kv_heads, head_size),
            // Instead of keys and values, what the convolution was given.
            Mixer::Convolution => (1, width),
        }))
    }

    /// Reads `tokens` after those in `cache`, and adds them to it. Returns the score of each word of the vocabulary to
    /// come next.
    pub(super) fn forward(&self, tokens: &[u32], cache: &mut Cache) -> Result<Vec<f32>> {
        Ok(self.forward_rows(tokens, 1, cache)?.pop().unwrap_or_default())
    }

    /// Reads `tokens` as [`forward`](Self::forward) does. Returns the scores after each of the last `rows` of them.
    pub(super) fn forward_rows(
        &self,
        tokens: &[u32],
        rows: usize,
        cache: &mut Cache,
    ) -> Result<Vec<Vec<f32>>> {
        let last = self.states(tokens, cache)?.narrow(0, tokens.len() - rows, rows)?;
        self.scores(&last)?.to_vec2()
    }

    /// The scores of the words after each of `states` (tokens by width).
    fn scores(&self, states: &Tensor) -> Result<Tensor> {
        let states = rms_norm(&states.contiguous()?, &self.norm, self.config.norm_epsilon)?;
        let scores = self.output.as_ref().unwrap_or(&self.words).forward(&states)?;
        scaled(scores, self.config.score_scale)
    }

    /// What the last layer gives for each of `tokens`, which are added to `cache`.
    fn states(&self, tokens: &[u32], cache: &mut Cache) -> Result<Tensor> {
        self.read_again(tokens.len(), cache)?;
        let pass = Pass::new(&self.config, tokens.len(), cache, &self.device)?;
        let mut state = scaled(self.words.look_up(tokens)?, self.config.word_scale)?;
        for (layer, cache) in self.layers.iter().zip(&mut cache.layers) {
            state = layer.forward(&self.config, &pass, state, cache)?;
        }
        cache.advance(tokens);
        Ok(state)
    }

    /// Some models turn all positions differently once a conversation is longer than what they were first trained on.
    /// Where `more` tokens lead from one way to the other, those in `cache` are read again in the new way.
    fn read_again(&self, more: usize, cache: &mut Cache) -> Result<()> {
        let limit = self.config.rotations.iter().find_map(|rotation| rotation.beyond.as_ref());
        let far = limit.is_some_and(|(limit, _)| cache.length() + more > *limit);
        if far == cache.far {
            return Ok(());
        }
        let tokens = cache.tokens().to_vec();
        cache.truncate(0);
        cache.far = far;
        for chunk in tokens.chunks(AGAIN) {
            let pass = Pass::new(&self.config, chunk.len(), cache, &self.device)?;
            let mut state = scaled(self.words.look_up(chunk)?, self.config.word_scale)?;
            for (layer, cache) in self.layers.iter().zip(&mut cache.layers) {
                state = layer.forward(&self.config, &pass, state, cache)?;
            }
            cache.advance(chunk);
        }
        Ok(())
    }
}

/// `tensor` times `factor`, which is 1 in most families.
fn scaled(tensor: Tensor, factor: f32) -> Result<Tensor> {
    if factor == 1.0 { Ok(tensor) } else { tensor.affine(f64::from(factor), 0.0) }
}
