//! The gate of the feed-forward part: `silu(gate) * up`, or with GELU, in one pass.

use super::{attention::exponential, weights::contiguous};
use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// The least work worth a thread of its own, in numbers.
const NUMBERS_PER_TASK: usize = 16 * 1024;

/// The product of `up` with how far `gate` is open: itself times a number from 0 to 1, the logistic function of ...
#[derive(Debug, Clone, Copy)]
pub(super) enum Gate {
    /// ... itself.
    Silu,
    /// ... a cubic polynomial of it: GELU as approximated by a hyperbolic tangent (arXiv 1606.08415), written as the
    /// logistic function of twice as much.
    Gelu,
}

impl CustomOp2 for Gate {
    fn name(&self) -> &'static str {
        "gate"
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
        tasks.for_each(|(output, gate)| arch.dispatch(Task { kind: *self, gate, output }));
        Ok((CpuStorage::F32(output), up_layout.shape().clone()))
    }
}

struct Task<'a> {
    kind: Gate,
    gate: &'a [f32],
    /// Holds `up` before, the product after.
    output: &'a mut [f32],
}

impl WithSimd for Task<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        match self.kind {
            Gate::Silu => open(self.output, self.gate, |gate| gate),
            Gate::Gelu => open(self.output, self.gate, |gate| {
                // Twice the root of 2/pi.
                1.595_769_1 * (gate + 0.044_715 * gate * gate * gate)
            }),
        }
    }
}

/// Multiplies each of `output` by its gate, opened by the logistic function of `inner`.
#[inline(always)]
fn open(output: &mut [f32], gate: &[f32], inner: impl Fn(f32) -> f32) {
    for (output, gate) in output.iter_mut().zip(gate) {
        // Beyond 80 the gate is shut for all that 32 bits can tell.
        let shut = -inner(*gate);
        let shut = if shut > 80.0 { 80.0 } else { shut };
        *output *= gate / (1.0 + exponential(shut));
    }
}
