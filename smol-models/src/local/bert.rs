//! The encoder of BERT models, from tokens to one vector a text.
//!
//! Names and order of its tensors are those of `BertModel` in the Hub's safetensors; the vector is the mean over the
//! text's tokens, scaled to the length 1, as all-MiniLM-L6-v2 and its like were trained to be read.

use candle_core::{D, DType, Device, Module, Result, Tensor};
use candle_nn::{
    Embedding, LayerNorm, Linear, VarBuilder, embedding, layer_norm, linear, ops::softmax_last_dim,
};
use serde::Deserialize;

/// The part of `config.json` that shapes the encoder.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct BertConfig {
    pub(super) model_type: String,
    pub(super) hidden_act: String,
    pub(super) hidden_size: usize,
    intermediate_size: usize,
    layer_norm_eps: f64,
    /// Tokens that have a place.
    pub(super) max_position_embeddings: usize,
    pub(super) num_attention_heads: usize,
    num_hidden_layers: usize,
    type_vocab_size: usize,
    pub(super) vocab_size: usize,
}

/// A loaded encoder.
pub(super) struct Bert {
    words: Embedding,
    /// What is added for a token's place and, the same for all, for belonging to the first text of a pair.
    places: Tensor,
    norm: LayerNorm,
    layers: Vec<Layer>,
    device: Device,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attention_output: Linear,
    attention_norm: LayerNorm,
    up: Linear,
    down: Linear,
    norm: LayerNorm,
    heads: usize,
}

impl Bert {
    /// Takes the tensors that `config` asks for.
    pub(super) fn load(config: &BertConfig, tensors: &VarBuilder<'_>) -> Result<Self> {
        let (width, epsilon) = (config.hidden_size, config.layer_norm_eps);
        let parts = tensors.pp("embeddings");
        let kinds = parts.pp("token_type_embeddings").get((config.type_vocab_size, width), "weight")?;
        let places =
            parts.pp("position_embeddings").get((config.max_position_embeddings, width), "weight")?;
        let layer = |index| Layer::load(config, &tensors.pp("encoder.layer").pp(index));
        Ok(Self {
            words: embedding(config.vocab_size, width, parts.pp("word_embeddings"))?,
            places: places.broadcast_add(&kinds.narrow(0, 0, 1)?)?,
            norm: layer_norm(width, epsilon, parts.pp("LayerNorm"))?,
            layers: (0..config.num_hidden_layers).map(layer).collect::<Result<_>>()?,
            device: tensors.device().clone(),
        })
    }

    /// One vector of length 1 for each row of `tokens`. No row is empty or longer than there are places.
    pub(super) fn embed(&self, tokens: &[&[u32]]) -> Result<Vec<Vec<f32>>> {
        let longest = tokens.iter().map(|row| row.len()).max().unwrap_or(0);
        let padded = |row: &&[u32]| row.iter().copied().chain(std::iter::repeat(0)).take(longest).collect();
        let ids = tokens.iter().flat_map(|row| -> Vec<u32> { padded(row) }).collect::<Vec<_>>();
        let is_text = |row: &&[u32]| (0..longest).map(|at| f32::from(at < row.len())).collect();
        let mask = tokens.iter().flat_map(|row| -> Vec<f32> { is_text(row) }).collect::<Vec<_>>();
        let shape = (tokens.len(), longest);
        let mask = Tensor::from_vec(mask, shape, &self.device)?;
        // What pads a text must not be heeded: -10,000 leaves nothing of it after the exponential.
        let unheeded = mask.affine(1e4, -1e4)?.unsqueeze(1)?.unsqueeze(1)?;
        let words = self.words.forward(&Tensor::from_vec(ids, shape, &self.device)?)?;
        let mut state = self.norm.forward(&words.broadcast_add(&self.places.narrow(0, 0, longest)?)?)?;
        for layer in &self.layers {
            state = layer.forward(&state, &unheeded)?;
        }
        // Dividing by the number of tokens would not outlast the scaling to length 1.
        let sums = state.broadcast_mul(&mask.unsqueeze(2)?)?.sum(1)?;
        let lengths = sums.sqr()?.sum_keepdim(1)?.sqrt()?;
        sums.broadcast_div(&lengths)?.to_dtype(DType::F32)?.to_vec2()
    }
}

impl Layer {
    fn load(config: &BertConfig, tensors: &VarBuilder<'_>) -> Result<Self> {
        let (width, inner, epsilon) = (config.hidden_size, config.intermediate_size, config.layer_norm_eps);
        let attention = tensors.pp("attention");
        Ok(Self {
            query: linear(width, width, attention.pp("self.query"))?,
            key: linear(width, width, attention.pp("self.key"))?,
            value: linear(width, width, attention.pp("self.value"))?,
            attention_output: linear(width, width, attention.pp("output.dense"))?,
            attention_norm: layer_norm(width, epsilon, attention.pp("output.LayerNorm"))?,
            up: linear(width, inner, tensors.pp("intermediate.dense"))?,
            down: linear(inner, width, tensors.pp("output.dense"))?,
            norm: layer_norm(width, epsilon, tensors.pp("output.LayerNorm"))?,
            heads: config.num_attention_heads,
        })
    }

    fn forward(&self, state: &Tensor, unheeded: &Tensor) -> Result<Tensor> {
        let state = self.attention_norm.forward(&(state + self.attention(state, unheeded)?)?)?;
        let inner = self.up.forward(&state)?.gelu_erf()?;
        self.norm.forward(&(&state + self.down.forward(&inner)?)?)
    }

    fn attention(&self, state: &Tensor, unheeded: &Tensor) -> Result<Tensor> {
        let (texts, tokens, width) = state.dims3()?;
        let heads = |part: &Linear| {
            let part = part.forward(state)?.reshape((texts, tokens, self.heads, ()))?;
            part.transpose(1, 2)?.contiguous()
        };
        let (queries, keys, values) = (heads(&self.query)?, heads(&self.key)?, heads(&self.value)?);
        let scale = ((width / self.heads) as f64).sqrt().recip();
        let scores = (queries.matmul(&keys.t()?)? * scale)?.broadcast_add(unheeded)?;
        let mixed = softmax_last_dim(&scores)?.matmul(&values)?;
        self.attention_output.forward(&mixed.transpose(1, 2)?.contiguous()?.flatten_from(D::Minus2)?)
    }
}
