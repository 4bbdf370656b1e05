//! Keys and values of the tokens a layer has seen, so that only new tokens are computed.

use candle_core::{DType, Device, Result, Tensor};

/// Room grows by this many tokens, then by doubling.
const FIRST_ROOM: usize = 256;

/// One layer's keys (heads by head size by room: transposed) and values (heads by room by head size). Places beyond the
/// tokens that are held have no meaning.
#[derive(Clone)]
pub(super) struct LayerCache {
    pub(super) keys: Tensor,
    pub(super) values: Tensor,
}

impl LayerCache {
    fn new(heads: usize, room: usize, head_size: usize) -> Result<Self> {
        let empty = |dims| Tensor::zeros(dims, DType::F32, &Device::Cpu);
        Ok(Self { keys: empty((heads, head_size, room))?, values: empty((heads, room, head_size))? })
    }

    /// Writes `keys` and `values` (heads by tokens by head size) from place `start` on.
    pub(super) fn append(&mut self, start: usize, keys: &Tensor, values: &Tensor) -> Result<()> {
        let end = start + keys.dim(1)?;
        if end > self.values.dim(1)? {
            *self = self.copy(start, end)?;
        }
        self.keys.slice_set(&keys.transpose(1, 2)?.contiguous()?, 2, start)?;
        self.values.slice_set(values, 1, start)
    }

    /// A cache of its own with the first `length` tokens, and room for `needed`.
    fn copy(&self, length: usize, needed: usize) -> Result<Self> {
        let (heads, _, head_size) = self.values.dims3()?;
        let copy = Self::new(heads, needed.next_power_of_two().max(FIRST_ROOM), head_size)?;
        if length > 0 {
            copy.keys.slice_set(&self.keys.narrow(2, 0, length)?.contiguous()?, 2, 0)?;
            copy.values.slice_set(&self.values.narrow(1, 0, length)?.contiguous()?, 1, 0)?;
        }
        Ok(copy)
    }
}

/// The caches of all layers, and how many tokens are in them.
pub(super) struct Cache {
    pub(super) layers: Vec<LayerCache>,
    length: usize,
}

impl Cache {
    /// An empty cache for `layers` layers.
    pub(super) fn new(layers: usize, heads: usize, head_size: usize) -> Result<Self> {
        let layers = (0..layers).map(|_| LayerCache::new(heads, FIRST_ROOM, head_size)).collect::<Result<_>>()?;
        Ok(Self { layers, length: 0 })
    }

    /// Tokens held.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Takes note that every layer has appended `tokens` more.
    pub(super) fn advance(&mut self, tokens: usize) {
        self.length += tokens;
    }

    /// Forgets all but the first `length` tokens.
    pub(super) fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    /// A cache of its own with the first `length` tokens.
    pub(super) fn fork(&self, length: usize) -> Result<Self> {
        let fork = |layer: &LayerCache| layer.copy(length, length);
        Ok(Self { layers: self.layers.iter().map(fork).collect::<Result<_>>()?, length })
    }
}
