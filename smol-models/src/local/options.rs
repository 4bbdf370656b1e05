//! How a model is loaded: where to, and in what precision.

use super::{LocalModel, gguf::setup};
use candle_core::{
    DType, Device,
    quantized::GgmlDType,
    utils::{cuda_is_available, metal_is_available},
};
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

impl Dtype {
    /// What candle calls it.
    pub(super) fn tensors(self) -> DType {
        match self {
            Self::F32 => DType::F32,
            Self::F16 => DType::F16,
            Self::Bf16 => DType::BF16,
        }
    }
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
    pub(super) fn open(self) -> Result<Device, ModelError> {
        let (device, built, name) = match self {
            Self::Cpu => return Ok(Device::Cpu),
            Self::Auto => {
                let found = Device::new_cuda(0).or_else(|_| Device::new_metal(0));
                return Ok(found.unwrap_or(Device::Cpu));
            }
            Self::Cuda(number) => (Device::new_cuda(number), cuda_is_available(), format!("cuda:{number}")),
            Self::Metal => (Device::new_metal(0), metal_is_available(), "metal".to_owned()),
        };
        device.map_err(|cause| {
            let feature = name.split(':').next().unwrap_or_default();
            let (cause, hint) = match built {
                true => {
                    (cause.to_string(), "`auto` takes what there is; `nvidia-smi` lists NVIDIA's devices")
                }
                false => (
                    format!("this program was built without the feature `{feature}`"),
                    "build with that feature, or use `auto` or `cpu`",
                ),
            };
            setup(format!("the model cannot be loaded to `{name}`: {cause}"), hint)
        })
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
    /// Holds weights that are floating point on disk in this type. What a GGUF file holds quantised stays so. Sums are
    /// always made in 32 bits.
    ///
    /// Where no precision is set, a GGUF file's weights are held as they are, and those of a folder from the Hub in 8 bits
    /// if this machine's processor computes: measured on one thread with a model of 50 million weights, a token then takes
    /// about a tenth of the time that 16 or 32 bits take.
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
        Ok(Placement::new(self.device_map.open()?, self.dtype, self.bits))
    }
}

/// Where weights go, and as what.
#[derive(Debug, Clone)]
pub(super) struct Placement {
    pub(super) device: Device,
    /// As stored unless set.
    pub(super) dtype: Option<Dtype>,
    pub(super) bits: Option<Bits>,
    pub(super) means: Means,
    /// The type of all that is computed between matrices.
    pub(super) work: DType,
}

/// What computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    /// Our own kernels, which are for processors alone.
    Kernels,
    /// candle's operations on tensors, which are for all devices.
    Tensors,
}

impl Placement {
    /// To `device`, by the means that suit it.
    pub(super) fn new(device: Device, dtype: Option<Dtype>, bits: Option<Bits>) -> Self {
        let means = if device.is_cpu() { Means::Kernels } else { Means::Tensors };
        Self { device, dtype, bits, means, work: DType::F32 }
    }

    /// The same for a model whose words are stored as `kind`. Our kernels compute in 32 bits; a device does so in 16 where
    /// weights have as many, since it has far more units for these.
    pub(super) fn working_in(&self, kind: GgmlDType) -> Self {
        let quantised = self.bits.is_some() || is_quantised(kind);
        let work = match self.means {
            Means::Tensors if !quantised => self.held(kind).tensors(),
            _ => DType::F32,
        };
        Self { work, ..self.clone() }
    }

    /// The same for the words, which keep at least 8 bits: their errors reach every score undamped.
    pub(super) fn of_words(&self) -> Self {
        Self { bits: self.bits.map(|_| Bits::Eight), ..self.clone() }
    }

    /// The same with what is usual where no precision was asked for: folders from the Hub (`is_hub`) are held in 8 bits on
    /// a processor.
    pub(super) fn or_usual(&self, is_hub: bool) -> Self {
        let unsaid = self.dtype.is_none() && self.bits.is_none();
        let bits = (unsaid && is_hub && self.device.is_cpu()).then_some(Bits::Eight);
        Self { bits: self.bits.or(bits), ..self.clone() }
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

/// Whether weights of this type are held packed: all that are quantised.
pub(super) fn is_quantised(kind: GgmlDType) -> bool {
    !matches!(kind, GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16)
}
