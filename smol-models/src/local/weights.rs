//! One matrix of a model, and the product with it.

use super::{
    block::COLUMNS,
    halves::Halves,
    options::{Bits, Dtype, Means, Placement, is_quantised},
    packed::Packed,
    tensors::Rows,
};
use candle_core::{
    CpuStorage, CustomOp1, DType, Device, Layout, Module, Result, Shape, Tensor, WithDType,
    quantized::{GgmlDType, QMatMul, QStorage, QTensor},
};
use std::sync::Arc;

/// A matrix that turns `columns` numbers into `rows`.
pub(super) enum Weights {
    /// Quantised, in our own layout.
    Packed(Packed),
    /// In 16 bits.
    Halves(Halves),
    /// In 32 bits: candle multiplies as it is.
    Plain(QMatMul),
    /// On any device, in any type: candle's operations.
    Tensors(QMatMul),
}

impl Weights {
    /// Takes over `rows` in the way that `placement` says.
    pub(super) fn new(rows: Rows, placement: &Placement) -> Result<Self> {
        if placement.means == Means::Tensors {
            return on_device(&rows, placement).map(Self::Tensors);
        }
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
            Self::Plain(other) | Self::Tensors(other) => {
                return other.embedding(&Tensor::new(ids, &Device::Cpu)?);
            }
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
            Self::Tensors(matrix) => by_tensors(matrix, input),
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
pub(super) fn contiguous<'a, T: WithDType>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [T]> {
    let numbers = storage.as_slice::<T>()?;
    match layout.contiguous_offsets().and_then(|(start, end)| numbers.get(start..end)) {
        Some(numbers) => Ok(numbers),
        None => candle_core::bail!("our own operations take contiguous tensors only"),
    }
}

/// Takes `rows` over to a device: quantised as they are, else in the type that `placement` says.
fn on_device(rows: &Rows, placement: &Placement) -> Result<QMatMul> {
    let (device, shape) = (&placement.device, (rows.rows, rows.columns));
    if is_quantised(rows.kind) {
        let storage = QStorage::from_data(rows.bytes.as_slice().into(), device, rows.kind)?;
        return Ok(QMatMul::QTensor(Arc::new(QTensor::new(storage, shape)?)));
    }
    if let Some(bits) = placement.bits.filter(|_| rows.columns.is_multiple_of(COLUMNS)) {
        let kind = if bits == Bits::Four { GgmlDType::Q4_1 } else { GgmlDType::Q8_0 };
        let numbers = Tensor::from_vec(rows.dequantise()?, shape, &Device::Cpu)?;
        return Ok(QMatMul::QTensor(Arc::new(QTensor::quantize_onto(&numbers, kind, device)?)));
    }
    let stored = match rows.kind {
        GgmlDType::F16 => DType::F16,
        GgmlDType::BF16 => DType::BF16,
        _ => DType::F32,
    };
    let tensor = Tensor::from_raw_buffer(&rows.bytes, stored, &[rows.rows, rows.columns], device)?;
    tensor.to_dtype(placement.held(rows.kind).tensors()).map(QMatMul::Tensor)
}

/// The product in the type of the matrix, and its result in that of `input`.
fn by_tensors(matrix: &QMatMul, input: &Tensor) -> Result<Tensor> {
    let kind = match matrix {
        QMatMul::QTensor(_) => DType::F32,
        QMatMul::Tensor(matrix) | QMatMul::TensorF16(matrix) => matrix.dtype(),
    };
    matrix.forward(&input.to_dtype(kind)?)?.to_dtype(input.dtype())
}
