//! One matrix of a model, and the product with it.

use super::{
    halves::Halves,
    options::{Bits, Dtype, Placement},
    packed::{COLUMNS, Packed},
    tensors::Rows,
};
use candle_core::{
    CpuStorage, CustomOp1, Device, Layout, Module, Result, Shape, Tensor,
    quantized::{GgmlDType, QMatMul},
};

/// A matrix that turns `columns` numbers into `rows`.
pub(super) enum Weights {
    /// Quantised, in our own layout.
    Packed(Packed),
    /// In 16 bits.
    Halves(Halves),
    /// In 32 bits: candle multiplies as it is.
    Plain(QMatMul),
}

impl Weights {
    /// Takes over `rows` in the way that `placement` says.
    pub(super) fn new(rows: Rows, placement: &Placement) -> Result<Self> {
        let packable = rows.columns.is_multiple_of(COLUMNS);
        if packable && (is_quantised(rows.kind) || placement.bits.is_some()) {
            let four_bits = placement.bits == Some(Bits::Four);
            return Packed::new(&rows, four_bits).map(Self::Packed);
        }
        match placement.held(rows.kind) {
            Dtype::F16 => Halves::new(&rows, GgmlDType::F16).map(Self::Halves),
            Dtype::Bf16 => Halves::new(&rows, GgmlDType::BF16).map(Self::Halves),
            Dtype::F32 => {
                let tensor =
                    Tensor::from_vec(rows.dequantise()?, (rows.rows, rows.columns), &placement.device)?;
                Ok(Self::Plain(QMatMul::Tensor(tensor)))
            }
        }
    }

    /// The rows named by `ids`, as a matrix of tokens by columns: looks words up.
    pub(super) fn look_up(&self, ids: &[u32]) -> Result<Tensor> {
        let rows = match self {
            Self::Packed(packed) => ids.iter().flat_map(|&id| packed.row(id as usize)).collect::<Vec<_>>(),
            Self::Halves(halves) => ids.iter().flat_map(|&id| halves.row(id as usize)).collect(),
            Self::Plain(QMatMul::Tensor(tensor)) => {
                return tensor.index_select(&Tensor::new(ids, tensor.device())?, 0);
            }
            Self::Plain(other) => return other.embedding(&Tensor::new(ids, &Device::Cpu)?),
        };
        let columns = rows.len() / ids.len();
        Tensor::from_vec(rows, (ids.len(), columns), &Device::Cpu)
    }
}

impl Module for Weights {
    /// Tokens by columns in, tokens by rows out.
    fn forward(&self, input: &Tensor) -> Result<Tensor> {
        match self {
            Self::Packed(packed) => input.apply_op1_no_bwd(packed),
            Self::Halves(halves) => input.apply_op1_no_bwd(halves),
            Self::Plain(matrix) => matrix.forward(input),
        }
    }
}

impl CustomOp1 for Packed {
    fn name(&self) -> &'static str {
        "packed-matmul"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let output = self.multiply(contiguous(storage, layout)?);
        let shape = Shape::from((output.len() / self.rows(), self.rows()));
        Ok((CpuStorage::F32(output), shape))
    }
}

impl CustomOp1 for Halves {
    fn name(&self) -> &'static str {
        "half-matmul"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let output = self.multiply(contiguous(storage, layout)?);
        let shape = Shape::from((output.len() / self.rows(), self.rows()));
        Ok((CpuStorage::F32(output), shape))
    }
}

/// The numbers of a tensor that lie one after the other.
pub(super) fn contiguous<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    let numbers = storage.as_slice::<f32>()?;
    match layout.contiguous_offsets().and_then(|(start, end)| numbers.get(start..end)) {
        Some(numbers) => Ok(numbers),
        None => candle_core::bail!("our own operations take contiguous tensors only"),
    }
}

/// Whether weights of this type are held packed: all that are quantised.
fn is_quantised(kind: GgmlDType) -> bool {
    !matches!(kind, GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16)
}
