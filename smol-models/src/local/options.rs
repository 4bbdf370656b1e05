//! How a model is loaded: where to, and in what precision.

use super::{LocalModel, gguf::setup};
use candle_core::{Device, quantized::GgmlDType};
use smol_core::model::ModelError;
use std::{path::Path, str::FromStr};

/// The type in which weights that are floating point on disk are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dtype {
    /// 32 bits.
    F32,
    /// 16 bits, of which 5 are exponent.
    F16,
    /// 16 bits, of which 8 are exponent.
    Bf16,
}

impl FromStr for Dtype {
    type Err = ModelError;

    /// Reads the names that `torch` and `transformers` use, such as `float16` or `torch.bfloat16`.
    fn from_str(name: &str) -> Result<Self, ModelError> {
        match name.strip_prefix("torch.").unwrap_or(name) {
            "float32" | "float" | "f32" => Ok(Self::F32),
            "float16" | "half" | "f16" => Ok(Self::F16),
            "bfloat16" | "bf16" => Ok(Self::Bf16),
            _ => {
                let what = format!("the type `{name}` is not known");
                Err(setup(what, "types of weights are `float32`, `float16` and `bfloat16`"))
            }
        }
    }
}

/// Where a model's layers go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceMap {
    /// The best there is.
    #[default]
    Auto,
    /// This machine's processor.
    Cpu,
    /// The CUDA device of this number.
    Cuda(usize),
    /// Apple's graphics processor.
    Metal,
}

impl FromStr for DeviceMap {
    type Err = ModelError;

    /// Reads `auto`, `cpu`, `cuda`, `cuda:1` and the like, or `metal`, which `torch` calls `mps`.
    fn from_str(name: &str) -> Result<Self, ModelError> {
        let unknown = || {
            let what = format!("the device `{name}` is not known");
            setup(what, "devices are `auto`, `cpu`, `cuda:0` and on, and `metal`")
        };
        match name {
            "auto" => Ok(Self::Auto),
            "cpu" => Ok(Self::Cpu),
            "cuda" => Ok(Self::Cuda(0)),
            "metal" | "mps" => Ok(Self::Metal),
            _ => {
                let number = name.strip_prefix("cuda:").and_then(|number| number.parse().ok());
                number.map(Self::Cuda).ok_or_else(unknown)
            }
        }
    }
}

impl DeviceMap {
    /// The device itself.
    fn open(self) -> Result<Device, ModelError> {
        let (name, feature) = match self {
            Self::Auto | Self::Cpu => return Ok(Device::Cpu),
            Self::Cuda(number) => (format!("cuda:{number}"), "CUDA"),
            Self::Metal => ("metal".to_owned(), "Metal"),
        };
        let what =
            format!("the model cannot be loaded to `{name}`: this program was built without {feature}");
        Err(setup(what, "use `auto` or `cpu`"))
    }
}

/// How a model is loaded. [`LocalModel::options`] gives one with nothing set.
///
/// ```
/// # fn main() -> Result<(), smol_core::model::ModelError> {
/// use smol_models::local::LocalModel;
///
/// let options = LocalModel::options().device_map("cpu".parse()?).load_in_4bit(true);
/// assert!(options.load("no/such/folder/model.gguf").is_err());
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct LoadOptions {
    dtype: Option<Dtype>,
    bits: Option<Bits>,
    device_map: DeviceMap,
}

/// Bits of a weight that is quantised while it is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bits {
    Four,
    Eight,
}

impl LoadOptions {
    /// Holds weights that are floating point on disk in this type; as they are, unless set. What a GGUF file holds
    /// quantised stays so. Sums are always made in 32 bits.
    pub fn dtype(mut self, dtype: Dtype) -> Self {
        self.dtype = Some(dtype);
        self
    }

    /// Rounds matrices to 8 bits a weight with a scale for each 32 while they are loaded.
    pub fn load_in_8bit(mut self, on: bool) -> Self {
        self.bits = if on { Some(Bits::Eight) } else { self.bits.filter(|bits| *bits != Bits::Eight) };
        self
    }

    /// Rounds matrices to 4 bits a weight, with a scale and a minimum for each 32, while they are loaded. The words keep 8.
    pub fn load_in_4bit(mut self, on: bool) -> Self {
        self.bits = if on { Some(Bits::Four) } else { self.bits.filter(|bits| *bits != Bits::Four) };
        self
    }

    /// Where the model goes.
    pub fn device_map(mut self, map: DeviceMap) -> Self {
        self.device_map = map;
        self
    }

    /// Loads the model at `path`: a `.gguf` file, a `.safetensors` file with its JSON files beside it, or a folder as the
    /// Hugging Face Hub keeps models. A model in several files is named by any of them.
    ///
    /// # Errors
    /// [`ModelError::Setup`] where files are missing or damaged, the model is of a kind that is not known, this program
    /// cannot use the device, or there is not enough memory.
    pub fn load(&self, path: impl AsRef<Path>) -> Result<LocalModel, ModelError> {
        LocalModel::load_with(path.as_ref(), &self.placement()?)
    }

    pub(super) fn placement(&self) -> Result<Placement, ModelError> {
        Ok(Placement { device: self.device_map.open()?, dtype: self.dtype, bits: self.bits })
    }
}

/// Where weights go, and as what.
#[derive(Debug, Clone)]
pub(super) struct Placement {
    pub(super) device: Device,
    /// As stored unless set.
    pub(super) dtype: Option<Dtype>,
    pub(super) bits: Option<Bits>,
}

impl Placement {
    /// The same for the words, which keep at least 8 bits: their errors reach every score undamped.
    pub(super) fn of_words(&self) -> Self {
        Self { bits: self.bits.map(|_| Bits::Eight), ..self.clone() }
    }

    /// The same for a small matrix that is never rounded.
    pub(super) fn exact(&self) -> Self {
        Self { bits: None, dtype: Some(Dtype::F32), ..self.clone() }
    }

    /// The type in which numbers stored as `kind` are held, where they are not quantised.
    pub(super) fn held(&self, kind: GgmlDType) -> Dtype {
        self.dtype.unwrap_or(match kind {
            GgmlDType::F16 => Dtype::F16,
            GgmlDType::BF16 => Dtype::Bf16,
            _ => Dtype::F32,
        })
    }
}
