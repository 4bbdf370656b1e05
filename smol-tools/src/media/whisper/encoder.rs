//! Half a minute of sound, heard: 3000 frames become 1500 rows that the decoder looks at.

use super::{
    checkpoint::{Checkpoint, Tensors},
    layers::{Attention, Feedforward, Linear, blocks, floats, gelu, norm},
};
use candle_core::{Result, Tensor};
use candle_nn::{LayerNorm, Module};

pub(super) struct Encoder {
    convolutions: [Linear; 2],
    positions: Tensor,
    blocks: Vec<Block>,
    norm: LayerNorm,
}

struct Block {
    norm: LayerNorm,
    attention: Attention,
    feedforward: Feedforward,
}

impl Encoder {
    pub(super) fn new(checkpoint: &Checkpoint) -> Result<Self> {
        let tensors = &checkpoint.tensors;
        let positions = floats(tensors, "encoder.embed_positions.weight")?;
        let heads = checkpoint.settings.heads(positions.dim(1)?);
        let blocks = blocks(tensors, "encoder", |name| Block::new(tensors, &name, heads))?;
        Ok(Self {
            convolutions: [
                Linear::convolution(tensors, "encoder.conv1")?,
                Linear::convolution(tensors, "encoder.conv2")?,
            ],
            positions,
            blocks,
            norm: norm(tensors, "encoder.layer_norm")?,
        })
    }

    /// `frames` by bands in; half as many rows out.
    pub(super) fn forward(&self, frames: &Tensor) -> Result<Tensor> {
        let [first, second] = &self.convolutions;
        let rows = gelu(first.forward(&neighbours(frames, 1)?)?)?;
        let rows = gelu(second.forward(&neighbours(&rows, 2)?)?)?;
        let mut rows = (rows + &self.positions)?;
        for block in &self.blocks {
            rows = block.forward(&rows)?;
        }
        self.norm.forward(&rows)
    }
}

/// Each row, or every second one, with the one before and the one after it.
fn neighbours(rows: &Tensor, step: usize) -> Result<Tensor> {
    let (count, width) = rows.dims2()?;
    let padded = rows.pad_with_zeros(0, 1, 1)?;
    let shifted = |by: usize| padded.narrow(0, by, count);
    let joined = Tensor::cat(&[shifted(0)?, shifted(1)?, shifted(2)?], 1)?;
    joined.reshape((count / step, step * 3 * width))?.narrow(1, 0, 3 * width)?.contiguous()
}

impl Block {
    fn new(tensors: &Tensors, name: &str, heads: usize) -> Result<Self> {
        Ok(Self {
            norm: norm(tensors, &format!("{name}.self_attn_layer_norm"))?,
            attention: Attention::new(tensors, &format!("{name}.self_attn"), heads)?,
            feedforward: Feedforward::new(tensors, name)?,
        })
    }

    fn forward(&self, rows: &Tensor) -> Result<Tensor> {
        let attention = &self.attention;
        let normal = self.norm.forward(rows)?;
        let (keys, values) = attention.keys_and_values(&normal)?;
        let rows = (rows + attention.attend(&attention.query.forward(&normal)?, &keys, &values, None)?)?;
        &rows + self.feedforward.forward(&rows)?
    }
}
