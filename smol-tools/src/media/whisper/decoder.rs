//! What was heard becomes words, a token at a time. What earlier tokens left is kept, so that a new one costs one row.

use super::{
    checkpoint::{Checkpoint, Tensors},
    layers::{Attention, Feedforward, Linear, blocks, floats, norm, tensor},
};
use candle_core::{Device, Result, Tensor};
use candle_nn::{LayerNorm, Module, kv_cache::KvCache};

pub(super) struct Decoder {
    /// The rows of this matrix are what tokens look like; the product with it, how well each would come next.
    tokens: Linear,
    positions: Tensor,
    blocks: Vec<Block>,
    norm: LayerNorm,
}

struct Block {
    norm: LayerNorm,
    attention: Attention,
    hearing_norm: LayerNorm,
    hearing: Attention,
    feedforward: Feedforward,
}

/// What was heard, as the blocks look at it: keys and values of each.
pub(super) struct Heard(Vec<(Tensor, Tensor)>);

/// What earlier tokens left in each block.
pub(super) struct Past {
    blocks: Vec<KvCache>,
    length: usize,
}

impl Decoder {
    pub(super) fn new(checkpoint: &Checkpoint) -> Result<Self> {
        let tensors = &checkpoint.tensors;
        let positions = floats(tensors, "decoder.embed_positions.weight")?;
        let heads = checkpoint.settings.heads(positions.dim(1)?);
        let blocks = blocks(tensors, "decoder", |name| Block::new(tensors, &name, heads))?;
        Ok(Self {
            tokens: Linear::of(&tensor(tensors, "decoder.embed_tokens.weight")?, None)?,
            positions,
            blocks,
            norm: norm(tensors, "decoder.layer_norm")?,
        })
    }

    /// How many tokens it knows.
    pub(super) fn vocabulary(&self) -> usize {
        self.tokens.outputs()
    }

    /// How many tokens it can hold.
    pub(super) fn context(&self) -> usize {
        self.positions.dims().first().copied().unwrap_or(0)
    }

    /// Prepares the encoder's rows to be looked at.
    pub(super) fn hear(&self, rows: &Tensor) -> Result<Heard> {
        let hear = |block: &Block| block.hearing.keys_and_values(rows);
        self.blocks.iter().map(hear).collect::<Result<_>>().map(Heard)
    }

    /// The beginning: no token was read.
    pub(super) fn past(&self) -> Past {
        Past { blocks: self.blocks.iter().map(|_| KvCache::new(1, self.context())).collect(), length: 0 }
    }

    /// Reads `tokens` after the `past`, and gives a row for each.
    pub(super) fn read(&self, tokens: &[u32], past: &mut Past, heard: &Heard) -> Result<Tensor> {
        let seen: Vec<f32> = tokens.iter().flat_map(|token| self.tokens.row(*token)).collect();
        let width = self.positions.dim(1)?;
        let seen = Tensor::from_vec(seen, (tokens.len(), width), &Device::Cpu)?;
        let mut rows = (seen + self.positions.narrow(0, past.length, tokens.len())?)?;
        let mask = (tokens.len() > 1).then(|| mask(tokens.len(), past.length)).transpose()?;
        for ((block, past), heard) in self.blocks.iter().zip(&mut past.blocks).zip(&heard.0) {
            rows = block.forward(&rows, past, heard, mask.as_ref())?;
        }
        past.length += tokens.len();
        self.norm.forward(&rows)
    }

    /// How well each token would come after row `index` of `rows`.
    pub(super) fn next(&self, rows: &Tensor, index: usize) -> Result<Vec<f32>> {
        self.tokens.forward(&rows.narrow(0, index, 1)?)?.flatten_all()?.to_vec1()
    }
}

/// Keeps each token from looking at later ones.
fn mask(count: usize, before: usize) -> Result<Tensor> {
    let entry = |row: usize, place: usize| if place > before + row { f32::NEG_INFINITY } else { 0.0 };
    let places = 0..before + count;
    let mask: Vec<f32> =
        (0..count).flat_map(|row| places.clone().map(move |place| entry(row, place))).collect();
    Tensor::from_vec(mask, (1, count, before + count), &Device::Cpu)
}

impl Block {
    fn new(tensors: &Tensors, name: &str, heads: usize) -> Result<Self> {
        Ok(Self {
            norm: norm(tensors, &format!("{name}.self_attn_layer_norm"))?,
            attention: Attention::new(tensors, &format!("{name}.self_attn"), heads)?,
            hearing_norm: norm(tensors, &format!("{name}.encoder_attn_layer_norm"))?,
            hearing: Attention::new(tensors, &format!("{name}.encoder_attn"), heads)?,
            feedforward: Feedforward::new(tensors, name)?,
        })
    }

    fn forward(
        &self,
        rows: &Tensor,
        past: &mut KvCache,
        heard: &(Tensor, Tensor),
        mask: Option<&Tensor>,
    ) -> Result<Tensor> {
        let attention = &self.attention;
        let normal = self.norm.forward(rows)?;
        let (keys, values) = attention.keys_and_values(&normal)?;
        let (keys, values) = past.append(&keys, &values)?;
        let rows = (rows + attention.attend(&attention.query.forward(&normal)?, &keys, &values, mask)?)?;
        let queries = self.hearing.query.forward(&self.hearing_norm.forward(&rows)?)?;
        let rows = (&rows + self.hearing.attend(&queries, &heard.0, &heard.1, None)?)?;
        &rows + self.feedforward.forward(&rows)?
    }
}
