//! Keys and values of the tokens a layer has seen, so that only new tokens are computed.

use candle_core::{DType, Device, Result, Tensor};

/// Room grows by this many tokens, then by doubling.
const FIRST_ROOM: usize = 256;

/// One layer's keys and values: heads by room by head size, of which the first `length` places are taken.
#[derive(Clone)]
pub(super) struct LayerCache {
    keys: Tensor,
    values: Tensor,
}

impl LayerCache {
    fn new(heads: usize, room: usize, head_size: usize) -> Result<Self> {
        let empty = || Tensor::zeros((heads, room, head_size), DType::F32, &Device::Cpu);
        Ok(Self { keys: empty()?, values: empty()? })
    }

    /// Writes `keys` and `values` (heads by tokens by head size) at place `start`, and returns all up to their end.
    pub(super) fn append(&mut self, start: usize, keys: &Tensor, values: &Tensor) -> Result<(Tensor, Tensor)> {
        let end = start + keys.dim(1)?;
        self.make_room(start, end)?;
        self.keys.slice_set(keys, 1, start)?;
        self.values.slice_set(values, 1, start)?;
        Ok((self.keys.narrow(1, 0, end)?, self.values.narrow(1, 0, end)?))
    }

    fn make_room(&mut self, taken: usize, needed: usize) -> Result<()> {
        let (heads, room, head_size) = self.keys.dims3()?;
        if needed > room {
            let room = needed.next_power_of_two().max(FIRST_ROOM);
            *self = self.copy(taken, Self::new(heads, room, head_size)?)?;
        }
        Ok(())
    }

    fn copy(&self, length: usize, target: Self) -> Result<Self> {
        if length > 0 {
            target.keys.slice_set(&self.keys.narrow(1, 0, length)?.contiguous()?, 1, 0)?;
            target.values.slice_set(&self.values.narrow(1, 0, length)?.contiguous()?, 1, 0)?;
        }
        Ok(target)
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
        let fork = |layer: &LayerCache| {
            let (heads, _, head_size) = layer.keys.dims3()?;
            let room = length.next_power_of_two().max(FIRST_ROOM);
            layer.copy(length, LayerCache::new(heads, room, head_size)?)
        };
        Ok(Self { layers: self.layers.iter().map(fork).collect::<Result<_>>()?, length })
    }
}
