//! The forward pass of llama, qwen2 and qwen3: one decoder whose families differ in three switches.
//!
//! Our own pass rather than candle's ready-made ones because an agent resends a growing conversation at every step:
//! this one keeps keys and values where a later request can find them, cuts them back to a common beginning, shares
//! them between heads without copies, and computes positions as they come instead of holding tables for the longest
//! context.

use super::{
    attention::Attention,
    cache::{Cache, LayerCache},
    config::Config,
    gate::Gate,
    gguf::Gguf,
    weights::Weights,
};
use candle_core::{Device, Module, Result, Tensor};
use candle_nn::ops::rms_norm;
use smol_core::model::ModelError;

/// A loaded model, without any conversation.
pub(super) struct Decoder {
    pub(super) config: Config,
    words: Weights,
    layers: Vec<Layer>,
    norm: Tensor,
    /// None where the words' own matrix serves for the output, too.
    output: Option<Weights>,
    /// How far each pair of a head's numbers turns from one position to the next, in radians.
    turns: Vec<f32>,
}

struct Layer {
    attention_norm: Tensor,
    query: Projection,
    key: Projection,
    value: Projection,
    attention_output: Weights,
    feed_forward_norm: Tensor,
    gate: Weights,
    up: Weights,
    down: Weights,
}

/// A product, then what some families do to its result.
struct Projection {
    weights: Weights,
    bias: Option<Tensor>,
    head_norm: Option<Tensor>,
}

/// What all layers of one pass share.
struct Pass {
    /// Cosines and sines by token and pair.
    cosines: Tensor,
    sines: Tensor,
    /// Tokens that were read before.
    start: usize,
}

impl Decoder {
    /// Loads all weights of `file`.
    pub(super) fn load(file: &mut Gguf) -> std::result::Result<Self, ModelError> {
        let config = Config::read(file)?;
        let (width, vocabulary) = (config.width, config.vocabulary);
        Ok(Self {
            words: Weights::load(file, "token_embd.weight", vocabulary, width)?,
            layers: (0..config.layers)
                .map(|index| Layer::load(file, &config, index))
                .collect::<std::result::Result<_, _>>()?,
            norm: file.vector("output_norm.weight", width)?,
            output: match file.has_tensor("output.weight") {
                true => Some(Weights::load(file, "output.weight", vocabulary, width)?),
                false => None,
            },
            turns: turns(file, &config)?,
            config,
        })
    }

    /// An empty cache for this model.
    pub(super) fn cache(&self) -> Result<Cache> {
        Cache::new(self.config.layers, self.config.kv_heads, self.config.head_size)
    }

    /// Reads `tokens` after those in `cache`, and adds them to it. Returns the score of each word of the vocabulary to
    /// come next.
    pub(super) fn forward(&self, tokens: &[u32], cache: &mut Cache) -> Result<Vec<f32>> {
        Ok(self.scores(tokens, 1, cache)?.pop().unwrap_or_default())
    }

    /// Reads `tokens` as [`forward`](Self::forward) does. Returns the scores after each of the last `rows` of them.
    pub(super) fn scores(&self, tokens: &[u32], rows: usize, cache: &mut Cache) -> Result<Vec<Vec<f32>>> {
        let pass = self.pass(tokens.len(), cache.length())?;
        let mut state = self.words.look_up(tokens)?;
        for (layer, cache) in self.layers.iter().zip(&mut cache.layers) {
            state = layer.forward(&self.config, &pass, state, cache)?;
        }
        cache.advance(tokens.len());
        let last = state.narrow(0, tokens.len() - rows, rows)?;
        let last = rms_norm(&last, &self.norm, self.config.norm_epsilon)?;
        self.output.as_ref().unwrap_or(&self.words).forward(&last)?.to_vec2()
    }

    fn pass(&self, tokens: usize, start: usize) -> Result<Pass> {
        let angles = (start..start + tokens)
            .flat_map(|position| self.turns.iter().map(move |turn| position as f32 * turn));
        let (sines, cosines): (Vec<f32>, Vec<f32>) = angles.map(f32::sin_cos).unzip();
        let shape = (tokens, self.turns.len());
        Ok(Pass {
            cosines: Tensor::from_vec(cosines, shape, &Device::Cpu)?,
            sines: Tensor::from_vec(sines, shape, &Device::Cpu)?,
            start,
        })
    }
}

/// The turn of each pair: a power series over the head, corrected by the factors that long-context models bring along.
fn turns(file: &mut Gguf, config: &Config) -> std::result::Result<Vec<f32>, ModelError> {
    let half = config.head_size / 2;
    let factors = match file.has_tensor("rope_freqs.weight") {
        true => file.vector("rope_freqs.weight", half)?.to_vec1().map_err(super::gguf::computing)?,
        false => vec![1.0f32; half],
    };
    let powers = (0..half).map(|pair| config.rope_base.powf(-((2 * pair) as f32) / config.head_size as f32));
    Ok(powers.zip(factors).map(|(power, factor)| power / factor / config.rope_scale).collect())
}

impl Layer {
    fn load(file: &mut Gguf, config: &Config, index: usize) -> std::result::Result<Self, ModelError> {
        let Config { width, feed_forward, heads, kv_heads, head_size, .. } = *config;
        let name = |part: &str| format!("blk.{index}.{part}.weight");
        let mut projection =
            |part, heads| Projection::load(file, config, &format!("blk.{index}.{part}"), heads);
        Ok(Self {
            query: projection("attn_q", heads)?,
            key: projection("attn_k", kv_heads)?,
            value: projection("attn_v", kv_heads)?,
            attention_norm: file.vector(&name("attn_norm"), width)?,
            attention_output: Weights::load(file, &name("attn_output"), width, heads * head_size)?,
            feed_forward_norm: file.vector(&name("ffn_norm"), width)?,
            gate: Weights::load(file, &name("ffn_gate"), feed_forward, width)?,
            up: Weights::load(file, &name("ffn_up"), feed_forward, width)?,
            down: Weights::load(file, &name("ffn_down"), width, feed_forward)?,
        })
    }

    fn forward(&self, config: &Config, pass: &Pass, state: Tensor, cache: &mut LayerCache) -> Result<Tensor> {
        let input = rms_norm(&state, &self.attention_norm, config.norm_epsilon)?;
        let state = (self.attention(config, pass, &input, cache)? + state)?;
        let input = rms_norm(&state, &self.feed_forward_norm, config.norm_epsilon)?;
        let gated = self.gate.forward(&input)?.apply_op2_no_bwd(&self.up.forward(&input)?, &Gate)?;
        self.down.forward(&gated)? + state
    }

    fn attention(
        &self,
        config: &Config,
        pass: &Pass,
        input: &Tensor,
        cache: &mut LayerCache,
    ) -> Result<Tensor> {
        let queries = pass.rotate(config, &self.query.heads(config, input)?)?;
        let keys = pass.rotate(config, &self.key.heads(config, input)?)?;
        let values = self.value.heads(config, input)?;
        cache.append(pass.start, &keys, &values)?;
        let mixed = queries.apply_op3_no_bwd(&cache.keys, &cache.values, &Attention { start: pass.start })?;
        self.attention_output.forward(&mixed.transpose(0, 1)?.contiguous()?.flatten_from(1)?)
    }
}

impl Projection {
    fn load(
        file: &mut Gguf,
        config: &Config,
        name: &str,
        heads: usize,
    ) -> std::result::Result<Self, ModelError> {
        let rows = heads * config.head_size;
        let is_value = name.ends_with("attn_v");
        let (bias, norm) = (format!("{name}.bias"), format!("{name}_norm.weight"));
        Ok(Self {
            weights: Weights::load(file, &format!("{name}.weight"), rows, config.width)?,
            bias: config.family.attention_bias.then(|| file.vector(&bias, rows)).transpose()?,
            head_norm: match config.family.head_norm && !is_value {
                true => Some(file.vector(&norm, config.head_size)?),
                false => None,
            },
        })
    }

    /// Heads by tokens by head size.
    fn heads(&self, config: &Config, input: &Tensor) -> Result<Tensor> {
        let mut output = self.weights.forward(input)?;
        if let Some(bias) = &self.bias {
            output = output.broadcast_add(bias)?;
        }
        let tokens = output.dim(0)?;
        let mut heads = output.reshape((tokens, (), config.head_size))?;
        if let Some(norm) = &self.head_norm {
            heads = rms_norm(&heads, norm, config.norm_epsilon)?;
        }
        heads.transpose(0, 1)?.contiguous()
    }
}

impl Pass {
    /// Turns each head's numbers by their token's position.
    fn rotate(&self, config: &Config, heads: &Tensor) -> Result<Tensor> {
        let batch = heads.unsqueeze(0)?;
        let turned = match config.family.rotate_pairs {
            true => candle_nn::rotary_emb::rope_i(&batch, &self.cosines, &self.sines),
            false => candle_nn::rotary_emb::rope(&batch, &self.cosines, &self.sines),
        };
        turned?.squeeze(0)
    }
}
