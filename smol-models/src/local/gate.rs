//! The gate of the feed-forward part: `silu(gate) * up`, in one pass.

use super::{attention::exponential, weights::contiguous};
use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// The least work worth a thread of its own, in numbers.
const NUMBERS_PER_TASK: usize = 16 * 1024;

/// The product of `up` with how far `gate` is open.
pub(super) struct Gate;

impl CustomOp2 for Gate {
    fn name(&self) -> &'static str {
        "silu-gate"
    }

    fn cpu_fwd(
        &self,
        gate: &CpuStorage,
        gate_layout: &Layout,
        up: &CpuStorage,
        up_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (gate, up) = (contiguous(gate, gate_layout)?, contiguous(up, up_layout)?);
        let mut output = up.to_vec();
        let tasks = output.par_chunks_mut(NUMBERS_PER_TASK).zip(gate.par_chunks(NUMBERS_PER_TASK));
        let arch = Arch::new();
        tasks.for_each(|(output, gate)| arch.dispatch(Task { gate, output }));
        Ok((CpuStorage::F32(output), up_layout.shape().clone()))
    }
}

struct Task<'a> {
    gate: &'a [f32],
    /// Holds `up` before, the product after.
    output: &'a mut [f32],
}

impl WithSimd for Task<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for (output, gate) in self.output.iter_mut().zip(self.gate) {
            // Beyond 80 the gate is shut for all that 32 bits can tell.
            let shut = if -gate > 80.0 { 80.0 } else { -gate };
            *output *= gate / (1.0 + exponential(shut));
        }
    }
}
