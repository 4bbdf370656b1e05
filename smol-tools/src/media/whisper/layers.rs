//! What both halves of Whisper are made of, over rows: each row is a moment of sound, or a token.

use super::{
    checkpoint::Tensors,
    numbers::{Gelu, Numbers, Softmax},
};
use candle_core::{D, DType, Device, Result, Tensor, bail};
use candle_nn::{LayerNorm, Module};

/// For as many rows, each weight is read once and used at once; for more, candle's multiplication is faster.
const FEW_ROWS: usize = 8;

/// Takes `name` out of the weights.
pub(super) fn tensor(tensors: &Tensors, name: &str) -> Result<Tensor> {
    match tensors.get(name) {
        Some(tensor) => Ok(tensor.clone()),
        None => bail!("there is no `{name}` in it"),
    }
}

/// The same in 32 bits.
pub(super) fn floats(tensors: &Tensors, name: &str) -> Result<Tensor> {
    tensor(tensors, name)?.to_dtype(DType::F32)?.contiguous()
}

/// The layer norm of this name.
pub(super) fn norm(tensors: &Tensors, name: &str) -> Result<LayerNorm> {
    let (weight, bias) = (format!("{name}.weight"), format!("{name}.bias"));
    Ok(LayerNorm::new(floats(tensors, &weight)?, floats(tensors, &bias)?, 1e-5))
}

/// The blocks of `side`, as many as the weights hold; `make` is given the name of each.
pub(super) fn blocks<T>(
    tensors: &Tensors,
    side: &str,
    make: impl FnMut(String) -> Result<T>,
) -> Result<Vec<T>> {
    let names = (0..).map(|index| format!("{side}.layers.{index}"));
    names.take_while(|name| tensors.contains_key(&format!("{name}.fc1.weight"))).map(make).collect()
}

/// A matrix and perhaps a bias.
pub(super) struct Linear {
    weights: Numbers,
    rows: usize,
    columns: usize,
    bias: Option<Tensor>,
}

impl Linear {
    /// The layer of this name.
    pub(super) fn new(tensors: &Tensors, name: &str) -> Result<Self> {
        let bias = format!("{name}.bias");
        let bias = tensors.contains_key(&bias).then(|| floats(tensors, &bias)).transpose()?;
        Self::of(&tensor(tensors, &format!("{name}.weight"))?, bias)
    }

    /// A layer of these weights, out by in.
    pub(super) fn of(weight: &Tensor, bias: Option<Tensor>) -> Result<Self> {
        let (rows, columns) = weight.dims2()?;
        Ok(Self { weights: Numbers::new(weight)?, rows, columns, bias })
    }

    /// A convolution over three rows, as a layer of rows that are three times as wide.
    pub(super) fn convolution(tensors: &Tensors, name: &str) -> Result<Self> {
        let weight = tensor(tensors, &format!("{name}.weight"))?;
        let weight = weight.permute((0, 2, 1))?.contiguous()?.flatten_from(1)?;
        Self::of(&weight, Some(floats(tensors, &format!("{name}.bias"))?))
    }

    /// How many numbers come out of it for each row.
    pub(super) fn outputs(&self) -> usize {
        self.rows
    }

    /// Row `index` of the matrix.
    pub(super) fn row(&self, index: u32) -> Vec<f32> {
        self.weights.widened(index as usize * self.columns, self.columns)
    }
}

impl Module for Linear {
    fn forward(&self, input: &Tensor) -> Result<Tensor> {
        let count = input.dim(0)?;
        let product = if count <= FEW_ROWS {
            let input: Vec<f32> = input.flatten_all()?.to_vec1()?;
            let product = self.weights.multiply(&input, self.columns);
            Tensor::from_vec(product, (count, self.rows), &Device::Cpu)?
        } else {
            let weight = self.weights.widened(0, self.rows * self.columns);
            input.matmul(&Tensor::from_vec(weight, (self.rows, self.columns), &Device::Cpu)?.t()?)?
        };
        match &self.bias {
            Some(bias) => product.broadcast_add(bias),
            None => Ok(product),
        }
    }
}

/// The two layers that each block ends with.
pub(super) struct Feedforward {
    norm: LayerNorm,
    wide: Linear,
    narrow: Linear,
}

impl Feedforward {
    /// Those of the block `name`.
    pub(super) fn new(tensors: &Tensors, name: &str) -> Result<Self> {
        Ok(Self {
            norm: norm(tensors, &format!("{name}.final_layer_norm"))?,
            wide: Linear::new(tensors, &format!("{name}.fc1"))?,
            narrow: Linear::new(tensors, &format!("{name}.fc2"))?,
        })
    }

    /// What is to be added to `rows`.
    pub(super) fn forward(&self, rows: &Tensor) -> Result<Tensor> {
        self.narrow.forward(&gelu(self.wide.forward(&self.norm.forward(rows)?)?)?)
    }
}

/// GELU of each number.
pub(super) fn gelu(rows: Tensor) -> Result<Tensor> {
    rows.inplace_op1(&Gelu)?;
    Ok(rows)
}

/// The matrices of an attention.
pub(super) struct Attention {
    pub(super) query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    heads: usize,
}

impl Attention {
    /// That of this name.
    pub(super) fn new(tensors: &Tensors, name: &str, heads: usize) -> Result<Self> {
        let part = |part: &str| Linear::new(tensors, &format!("{name}.{part}"));
        Ok(Self {
            query: part("q_proj")?,
            key: part("k_proj")?,
            value: part("v_proj")?,
            output: part("out_proj")?,
            heads,
        })
    }

    /// What `rows` are found by, and what they give, as [`attend`](Self::attend) takes them.
    pub(super) fn keys_and_values(&self, rows: &Tensor) -> Result<(Tensor, Tensor)> {
        Ok((self.split(&self.key.forward(rows)?)?, self.split(&self.value.forward(rows)?)?))
    }

    /// Rows by width as heads by rows by what is left.
    fn split(&self, rows: &Tensor) -> Result<Tensor> {
        let (count, width) = rows.dims2()?;
        rows.reshape((count, self.heads, width / self.heads))?.transpose(0, 1)?.contiguous()
    }

    /// What queries (rows by width) find at `keys` and `values` (heads by places by what is left). `mask` is added to how
    /// well each query fits each place.
    pub(super) fn attend(
        &self,
        queries: &Tensor,
        keys: &Tensor,
        values: &Tensor,
        mask: Option<&Tensor>,
    ) -> Result<Tensor> {
        let (count, width) = queries.dims2()?;
        #[expect(clippy::cast_precision_loss, reason = "a small count")]
        let scale = ((width / self.heads) as f64).powf(-0.5);
        let queries = self.split(&(queries * scale)?)?;
        let found = if count <= FEW_ROWS {
            fitting(&queries, keys, mask)?.matmul(values)?
        } else {
            // A head at a time: how well all fits all of one head still lies in the processor's cache.
            let head = |index: usize| {
                let (queries, keys) = (queries.narrow(0, index, 1)?, keys.narrow(0, index, 1)?);
                fitting(&queries, &keys, mask)?.matmul(&values.narrow(0, index, 1)?)
            };
            Tensor::cat(&(0..self.heads).map(head).collect::<Result<Vec<_>>>()?, 0)?
        };
        self.output.forward(&found.transpose(0, 1)?.contiguous()?.reshape((count, width))?)
    }
}

/// How much of each place goes into each query's find; the parts make one.
fn fitting(queries: &Tensor, keys: &Tensor, mask: Option<&Tensor>) -> Result<Tensor> {
    let mut fitting = queries.matmul(&keys.transpose(D::Minus2, D::Minus1)?)?;
    if let Some(mask) = mask {
        fitting = fitting.broadcast_add(mask)?;
    }
    fitting.inplace_op1(&Softmax)?;
    Ok(fitting)
}
