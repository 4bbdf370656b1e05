//! Decoders of random weights, to see whether a device computes right, and how fast, where there is no model at hand.
//!
//! ```
//! # fn main() -> Result<(), smol_core::model::ModelError> {
//! use smol_models::local::{DeviceMap, trial::{Kind, Shape, Trial}};
//!
//! let shape = Shape { name: "tiny", width: 256, feed_forward: 512, layers: 1, heads: 4, kv_heads: 2, head_size: 64, vocabulary: 100 };
//! let mut trial = Trial::load(&shape, Kind::Q4K, DeviceMap::Cpu)?;
//! assert_eq!(trial.read(&[1, 2, 3])?.len(), 100);
//! # Ok(())
//! # }
//! ```

use super::{
    cache::Cache,
    checkpoint::Checkpoint,
    decoder::Decoder,
    gguf::computing,
    options::{DeviceMap, Means, Placement},
};
use candle_core::quantized::GgmlDType;
use serde_json::json;
use smol_core::model::ModelError;

/// The sizes of a decoder of the llama family.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// What people call models of this size.
    pub name: &'static str,
    /// Numbers that stand for one token between layers.
    pub width: usize,
    /// The same within a layer's feed-forward part.
    pub feed_forward: usize,
    /// Layers.
    pub layers: usize,
    /// Heads of queries.
    pub heads: usize,
    /// Heads of keys and values.
    pub kv_heads: usize,
    /// Numbers of a head.
    pub head_size: usize,
    /// Tokens.
    pub vocabulary: usize,
}

/// Those of Qwen3 0.6B, Llama 3.1 8B and Qwen3 32B.
pub const SHAPES: [Shape; 3] = [
    Shape {
        name: "0.6B",
        width: 1024,
        feed_forward: 3072,
        layers: 28,
        heads: 16,
        kv_heads: 8,
        head_size: 128,
        vocabulary: 151_936,
    },
    Shape {
        name: "8B",
        width: 4096,
        feed_forward: 14_336,
        layers: 32,
        heads: 32,
        kv_heads: 8,
        head_size: 128,
        vocabulary: 128_256,
    },
    Shape {
        name: "32B",
        width: 5120,
        feed_forward: 25_600,
        layers: 64,
        heads: 64,
        kv_heads: 8,
        head_size: 128,
        vocabulary: 151_936,
    },
];

impl Shape {
    /// Weights that one token is multiplied by: all but the table of words, of which it takes one row.
    pub fn weights(&self) -> usize {
        let attention = 2 * self.width * self.head_size * (self.heads + self.kv_heads);
        self.layers * (attention + 3 * self.width * self.feed_forward) + self.width * self.vocabulary
    }

    /// Numbers that are kept of one token: keys and values of all layers.
    pub fn kept(&self) -> usize {
        2 * self.layers * self.kv_heads * self.head_size
    }
}

/// How weights are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// In 16 bits.
    Bf16,
    /// In 4.5 bits, as llama.cpp's Q4_K.
    Q4K,
}

impl Kind {
    /// Bytes that `weights` of them take.
    pub fn bytes(self, weights: usize) -> usize {
        let kind = self.stored();
        weights / kind.block_size() * kind.type_size()
    }

    fn stored(self) -> GgmlDType {
        match self {
            Self::Bf16 => GgmlDType::BF16,
            Self::Q4K => GgmlDType::Q4K,
        }
    }
}

/// A loaded decoder with one conversation.
pub struct Trial {
    decoder: Decoder,
    cache: Cache,
}

impl Trial {
    /// Makes the weights of `shape` and loads them to a device. The same shape has the same weights everywhere.
    ///
    /// # Errors
    /// [`ModelError::Setup`] where there is no such device; [`ModelError::Other`] where it has not enough memory.
    pub fn load(shape: &Shape, kind: Kind, device: DeviceMap) -> Result<Self, ModelError> {
        Self::placed(shape, kind, &Placement::new(device.open()?, None, None))
    }

    /// The same on this machine's processor by tensor operations in 32 bits: what others are compared with.
    ///
    /// # Errors
    /// As [`Trial::load`].
    pub fn reference(shape: &Shape, kind: Kind) -> Result<Self, ModelError> {
        let placement = Placement::new(DeviceMap::Cpu.open()?, None, None);
        Self::placed(shape, kind, &Placement { means: Means::Tensors, ..placement }.exact())
    }

    fn placed(shape: &Shape, kind: Kind, placement: &Placement) -> Result<Self, ModelError> {
        let config = json!({
            "model_type": "llama",
            "hidden_size": shape.width,
            "intermediate_size": shape.feed_forward,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "num_key_value_heads": shape.kv_heads,
            "head_dim": shape.head_size,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": 1 << 20,
        });
        let decoder = Decoder::load(&Checkpoint::noise(config, kind.stored())?, placement)?;
        let cache = decoder.cache().map_err(computing)?;
        Ok(Self { decoder, cache })
    }

    /// Reads `tokens`, at least one, after those read before. Returns the score of each token to come next.
    ///
    /// # Errors
    /// [`ModelError::Other`] where the device fails.
    pub fn read(&mut self, tokens: &[u32]) -> Result<Vec<f32>, ModelError> {
        let mut scores = Vec::new();
        for chunk in tokens.chunks(self.decoder.chunk()) {
            scores = self.decoder.forward(chunk, &mut self.cache).map_err(computing)?;
        }
        Ok(scores)
    }

    /// Forgets all but the first `tokens`.
    pub fn forget(&mut self, tokens: usize) {
        self.cache.truncate(tokens);
    }
}
