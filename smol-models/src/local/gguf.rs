//! One GGUF file: its header, its tensors, and plain words for what is wrong with it.
//!
//! candle reads the format, with every length checked against what is left of the file before memory is taken. This
//! layer asks for keys and tensors by name and turns each failure into a [`ModelError`] that names the file.

use candle_core::{
    Device, Tensor,
    quantized::{
        GgmlDType, QTensor,
        gguf_file::{Content, Value},
    },
};
use smol_core::model::ModelError;
use std::{
    fs::File,
    io::{BufReader, Read, Seek},
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
};

const MAGIC: &[u8; 4] = b"GGUF";

/// An open GGUF file.
pub(super) struct Gguf {
    path: PathBuf,
    reader: BufReader<File>,
    content: Content,
    architecture: String,
}

impl Gguf {
    /// Opens `path` and reads its header; tensors stay on disk until they are asked for.
    pub(super) fn open(path: &Path) -> Result<Self, ModelError> {
        let file = File::open(path).map_err(|cause| {
            let hint =
                "give the path of a `.gguf` file, such as `local/models/SmolLM2-135M-Instruct.Q4_1.gguf`";
            setup(format!("could not open the model file `{}`: {cause}", path.display()), hint)
        })?;
        let mut reader = BufReader::new(file);
        check_magic(path, &mut reader)?;
        let content = read_header(&mut reader).map_err(|cause| {
            let hint = "the file is cut off or damaged: fetch it again, and compare its checksum";
            setup(format!("could not read the header of `{}`: {cause}", path.display()), hint)
        })?;
        let mut file = Self { path: path.to_owned(), reader, content, architecture: String::new() };
        file.architecture = file.string("general.architecture")?.to_owned();
        Ok(file)
    }

    /// The file's name without its ending, which is how people know a local model.
    pub(super) fn name(&self) -> String {
        self.path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// What the file says it is, such as `llama`.
    pub(super) fn architecture(&self) -> &str {
        &self.architecture
    }

    /// How many numbers the tensors hold together.
    pub(super) fn parameter_count(&self) -> usize {
        let counts =
            self.content.tensor_infos.values().map(|info| info.shape.dims().iter().product::<usize>());
        counts.fold(0, usize::saturating_add)
    }

    /// A problem with this file.
    pub(super) fn error(&self, what: impl std::fmt::Display) -> ModelError {
        let hint = "architectures that run are llama, qwen2 and qwen3; files made by llama.cpp's converter carry all they need";
        setup(format!("the model file `{}` cannot be used: {what}", self.path.display()), hint)
    }

    /// The metadata value under `key`, if there is one.
    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.content.metadata.get(key)
    }

    /// The text under `key`.
    pub(super) fn string(&self, key: &str) -> Result<&str, ModelError> {
        match self.value(key) {
            Some(Value::String(text)) => Ok(text),
            other => Err(self.wrong_value(key, "text", other)),
        }
    }

    /// The whole number under `key`.
    pub(super) fn number(&self, key: &str) -> Result<usize, ModelError> {
        let value = self.value(key);
        let number = value.and_then(whole_number);
        number.ok_or_else(|| self.wrong_value(key, "a whole number", value))
    }

    /// The fraction under `key`.
    pub(super) fn fraction(&self, key: &str) -> Result<f32, ModelError> {
        match self.value(key) {
            Some(Value::F32(number)) if number.is_finite() => Ok(*number),
            other => Err(self.wrong_value(key, "a number", other)),
        }
    }

    /// The texts under `key`.
    pub(super) fn strings(&self, key: &str) -> Result<Vec<&str>, ModelError> {
        let texts = match self.value(key) {
            Some(Value::Array(values)) => {
                values.iter().map(|value| value.to_string().ok().map(String::as_str)).collect()
            }
            _ => None,
        };
        texts.ok_or_else(|| self.wrong_value(key, "a list of texts", self.value(key)))
    }

    /// The key of this architecture, such as `llama.block_count` for `block_count`.
    pub(super) fn own_key(&self, name: &str) -> String {
        format!("{}.{name}", self.architecture)
    }

    /// Whether the file holds a tensor of this name.
    pub(super) fn has_tensor(&self, name: &str) -> bool {
        self.content.tensor_infos.contains_key(name)
    }

    /// The tensor `name`, which must have the shape `dims` (outermost first).
    pub(super) fn tensor(&mut self, name: &str, dims: &[usize]) -> Result<QTensor, ModelError> {
        let Some(info) = self.content.tensor_infos.get(name) else {
            return Err(self.error(format_args!("the tensor `{name}` is missing")));
        };
        if info.shape.dims() != dims {
            let found = info.shape.dims();
            return Err(
                self.error(format_args!("the tensor `{name}` has the shape {found:?}, expected {dims:?}"))
            );
        }
        let loaded = info.read(&mut self.reader, self.content.tensor_data_offset, &Device::Cpu);
        loaded.map_err(|cause| self.error(format_args!("the tensor `{name}` could not be read: {cause}")))
    }

    /// The one-dimensional tensor `name` of `length` numbers, as f32: a norm's weights or a bias.
    pub(super) fn vector(&mut self, name: &str, length: usize) -> Result<Tensor, ModelError> {
        let tensor = self.tensor(name, &[length])?.dequantize(&Device::Cpu);
        tensor.map_err(|cause| self.error(format_args!("the tensor `{name}` could not be read: {cause}")))
    }

    fn wrong_value(&self, key: &str, expected: &str, found: Option<&Value>) -> ModelError {
        let found = found.map_or("nothing".to_owned(), |value| format!("{:?}", value.value_type()));
        self.error(format_args!("`{key}` should be {expected}, found {found}"))
    }
}

fn read_header(reader: &mut BufReader<File>) -> Result<Content, String> {
    // candle 0.11 divides by the alignment that the file states, and panics where that is 0.
    let read = AssertUnwindSafe(|| Content::read(reader));
    match std::panic::catch_unwind(read) {
        Ok(content) => content.map_err(|cause| cause.to_string()),
        Err(_) => Err("its numbers make no sense".to_owned()),
    }
}

fn whole_number(value: &Value) -> Option<usize> {
    let number = match value {
        Value::I32(number) => u64::try_from(*number).ok()?,
        Value::I64(number) => u64::try_from(*number).ok()?,
        other => other.to_u64().ok()?,
    };
    usize::try_from(number).ok()
}

fn check_magic(path: &Path, reader: &mut BufReader<File>) -> Result<(), ModelError> {
    let mut magic = [0; 4];
    let read = reader.read_exact(&mut magic).and_then(|()| reader.rewind());
    if read.is_ok() && &magic == MAGIC {
        return Ok(());
    }
    let found = String::from_utf8_lossy(&magic).escape_debug().to_string();
    let hint =
        "local models are GGUF files; other weights are converted with llama.cpp's `convert_hf_to_gguf.py`";
    Err(setup(
        format!("`{}` is no GGUF file: it starts with `{found}`, expected `GGUF`", path.display()),
        hint,
    ))
}

/// A problem that the user can mend.
pub(super) fn setup(message: String, hint: &str) -> ModelError {
    ModelError::Setup { message, hint: hint.to_owned() }
}

/// A failure inside candle while computing: nothing the user can mend.
pub(super) fn computing(cause: impl std::fmt::Display) -> ModelError {
    ModelError::Other(format!("the local model failed while computing: {cause}"))
}

/// Whether weights of this type are held packed: all that are quantised.
pub(super) fn is_quantised(kind: GgmlDType) -> bool {
    !matches!(kind, GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16)
}
