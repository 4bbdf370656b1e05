//! One matrix of a model, and the product with it.

use super::{
    block::COLUMNS,
    gguf::{Gguf, computing, is_quantised},
    packed::Packed,
};
use candle_core::{
    CpuStorage, CustomOp1, Device, Layout, Module, Result, Shape, Tensor, WithDType,
    quantized::{QMatMul, QTensor},
};
use smol_core::model::ModelError;

/// A matrix that turns `columns` numbers into `rows`.
pub(super) enum Weights {
    /// Quantised, in our own layout.
    Packed(Packed),
    /// Floating point, or rows of a length that our layout does not take: candle multiplies as it is.
    Plain(QMatMul),
}

impl Weights {
    /// Loads the tensor `name`.
    pub(super) fn load(
        file: &mut Gguf,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> std::result::Result<Self, ModelError> {
        let tensor = file.tensor(name, &[rows, columns])?;
        Self::new(tensor).map_err(computing)
    }

    fn new(tensor: QTensor) -> Result<Self> {
        if is_quantised(tensor.dtype()) && tensor.shape().dims2()?.1 % COLUMNS == 0 {
            return Packed::new(&tensor).map(Self::Packed);
        }
        let dequantised = tensor.dequantize(&Device::Cpu)?;
        Ok(Self::Plain(QMatMul::Tensor(dequantised)))
    }

    /// The rows named by `ids`, as a matrix of tokens by columns: looks words up.
    pub(super) fn look_up(&self, ids: &[u32]) -> Result<Tensor> {
        match self {
            Self::Packed(packed) => {
                let rows = ids.iter().flat_map(|&id| packed.row(id as usize)).collect::<Vec<_>>();
                let columns = rows.len() / ids.len();
                Tensor::from_vec(rows, (ids.len(), columns), &Device::Cpu)
            }
            Self::Plain(QMatMul::Tensor(tensor)) => tensor.index_select(&Tensor::new(ids, &Device::Cpu)?, 0),
            Self::Plain(other) => other.embedding(&Tensor::new(ids, &Device::Cpu)?),
        }
    }
}

impl Module for Weights {
    /// Tokens by columns in, tokens by rows out.
    fn forward(&self, input: &Tensor) -> Result<Tensor> {
        match self {
            Self::Packed(packed) => input.apply_op1_no_bwd(packed),
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

/// The numbers of a tensor that lie one after the other.
pub(super) fn contiguous<'a, T: WithDType>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [T]> {
    let numbers = storage.as_slice::<T>()?;
    match layout.contiguous_offsets().and_then(|(start, end)| numbers.get(start..end)) {
        Some(numbers) => Ok(numbers),
        None => candle_core::bail!("our own operations take contiguous tensors only"),
    }
}
