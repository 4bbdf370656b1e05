//! Keys and values of the tokens a layer has seen, so that only new tokens are computed.

use super::{attention::LANES, weights::contiguous};
use candle_core::{CpuStorage, DType, Device, InplaceOp2, Layout, Result, Tensor};
use half::f16;

/// Room grows by this many tokens, then by doubling.
const FIRST_ROOM: usize = 256;

/// One layer's keys and values. Values lie token by token (heads by room by head size). Keys lie in blocks of 16 tokens,
/// transposed within the block (heads by blocks by head size times 16), so that attention reads 16 scores' worth side by
/// side and yet walks through memory in order. Both are held in 16 bits, for conversations outgrow small models: what is
/// beyond the range of such a number (65,504) becomes the nearest. Places beyond the tokens that are held have no meaning.
#[derive(Clone)]
pub(super) struct LayerCache {
    pub(super) keys: Tensor,
    pub(super) values: Tensor,
}

impl LayerCache {
    pub(super) fn new(heads: usize, room: usize, head_size: usize) -> Result<Self> {
        let empty = |dims| Tensor::zeros(dims, DType::F16, &Device::Cpu);
        let keys = empty((heads, room / LANES, head_size * LANES))?;
        Ok(Self { keys, values: empty((heads, room, head_size))? })
    }

    /// Writes `keys` and `values` (heads by tokens by head size) from place `start` on.
    pub(super) fn append(&mut self, start: usize, keys: &Tensor, values: &Tensor) -> Result<()> {
        let end = start + keys.dim(1)?;
        if end > self.values.dim(1)? {
            *self = self.copy(start, end)?;
        }
        self.keys.inplace_op2(keys, &StoreKeys { start })?;
        self.values.slice_set(&values.to_dtype(DType::F16)?, 1, start)
    }

    /// A cache of its own with the first `length` tokens, and room for `needed`.
    fn copy(&self, length: usize, needed: usize) -> Result<Self> {
        let (heads, _, head_size) = self.values.dims3()?;
        let copy = Self::new(heads, needed.next_power_of_two().max(FIRST_ROOM), head_size)?;
        if length > 0 {
            let blocks = self.keys.narrow(1, 0, length.div_ceil(LANES))?;
            copy.keys.slice_set(&blocks.contiguous()?, 1, 0)?;
            copy.values.slice_set(&self.values.narrow(1, 0, length)?.contiguous()?, 1, 0)?;
        }
        Ok(copy)
    }
}

/// Puts keys (heads by tokens by head size) into their blocks, from token `start` on.
struct StoreKeys {
    start: usize,
}

impl InplaceOp2 for StoreKeys {
    fn name(&self) -> &'static str {
        "store-keys"
    }

    fn cpu_fwd(
        &self,
        target: &mut CpuStorage,
        layout: &Layout,
        keys: &CpuStorage,
        key_layout: &Layout,
    ) -> Result<()> {
        let CpuStorage::F16(target) = target else { candle_core::bail!("keys are kept as f16") };
        let (heads, tokens, size) = key_layout.shape().dims3()?;
        let per_head = layout.shape().elem_count() / heads;
        let keys = contiguous::<f32>(keys, key_layout)?;
        for (target, keys) in target.chunks_exact_mut(per_head).zip(keys.chunks_exact(tokens * size)) {
            for (place, key) in (self.start..).zip(keys.chunks_exact(size)) {
                let block = target.chunks_exact_mut(size * LANES).nth(place / LANES).unwrap_or_default();
                let cells = block.iter_mut().skip(place % LANES).step_by(LANES);
                cells.zip(key).for_each(|(cell, value)| *cell = f16::from_f32(*value));
            }
        }
        Ok(())
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
        let layers =
            (0..layers).map(|_| LayerCache::new(heads, FIRST_ROOM, head_size)).collect::<Result<_>>()?;
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
