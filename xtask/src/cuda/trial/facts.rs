//! What the driver says of the GPU, and what follows for the most it can do.

use anyhow::Context;
use candle_core::cuda_backend::cudarc::driver::{CudaContext, sys::CUdevice_attribute as Attribute};
use std::fmt;

/// The first GPU.
pub(super) struct Facts {
    name: String,
    capability: (i32, i32),
    /// Bytes.
    pub(super) memory: usize,
    /// Bytes a second between memory and chip: twice the clock, for both edges of it, times the width of the bus.
    pub(super) bandwidth: f64,
    /// Operations a second of dense products in 16 bits with sums in 32: units times clock times what one does in a cycle.
    pub(super) operations: f64,
}

impl Facts {
    pub(super) fn read() -> anyhow::Result<Self> {
        let gpu = CudaContext::new(0).context(
            "this machine has no GPU that CUDA can use\n\nhint: run this where `nvidia-smi` lists one",
        )?;
        let attribute = |attribute| gpu.attribute(attribute).map(f64::from);
        let capability = gpu.compute_capability()?;
        let clock = 1e3 * attribute(Attribute::CU_DEVICE_ATTRIBUTE_CLOCK_RATE)?;
        let memory_clock = 1e3 * attribute(Attribute::CU_DEVICE_ATTRIBUTE_MEMORY_CLOCK_RATE)?;
        let bus = attribute(Attribute::CU_DEVICE_ATTRIBUTE_GLOBAL_MEMORY_BUS_WIDTH)? / 8.0;
        let units = attribute(Attribute::CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)?;
        Ok(Self {
            name: gpu.name()?,
            capability,
            memory: gpu.total_mem()?,
            bandwidth: 2.0 * memory_clock * bus,
            operations: units * clock * per_cycle(capability),
        })
    }
}

/// Operations of one multiprocessor in a cycle, on matrices in 16 bits, from NVIDIA's papers on each generation. One that
/// is newer is taken for the last known.
fn per_cycle(capability: (i32, i32)) -> f64 {
    match capability {
        (8, 0) => 2048.0,
        (8, _) => 512.0,
        (9, _) => 4096.0,
        (12, _) => 1024.0,
        (10.., _) => 8192.0,
        _ => 1024.0,
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor) = self.capability;
        write!(
            f,
            "{}, compute capability {major}.{minor}: {:.0} GB, {:.0} GB/s, {:.0} tera-operations/s in 16 bits",
            self.name,
            self.memory as f64 / 1e9,
            self.bandwidth / 1e9,
            self.operations / 1e12,
        )
    }
}
