//! The headers of GGUF files, and plain words for what is wrong with them.
//!
//! candle reads the format, with every length checked against what is left of the file before memory is taken. This
//! layer asks for keys by name and turns each failure into a [`ModelError`] that names the file. A model in several
//! files, as large ones come, has all its keys in the first.

use super::{
    shards,
    tensors::{Place, Tensors, unusable},
};
use candle_core::quantized::gguf_file::{Content, Value};
use smol_core::model::ModelError;
use std::{
    collections::HashMap,
    fs::File,
    io::{BufReader, Read, Seek},
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
};

const MAGIC: &[u8; 4] = b"GGUF";

/// What a GGUF model says of itself.
pub(super) struct Gguf {
    path: PathBuf,
    metadata: HashMap<String, Value>,
    architecture: String,
}

impl Gguf {
    /// Opens `path`, and the other files of the model where its name says that there are some. Reads headers only;
    /// tensors stay on disk until they are asked for.
    pub(super) fn open(path: &Path) -> Result<(Self, Tensors), ModelError> {
        let paths = shards::beside(path)?;
        let (mut files, mut places, mut metadata) = (Vec::new(), HashMap::new(), HashMap::new());
        for path in paths {
            let (file, content) = open(&path)?;
            for (name, info) in content.tensor_infos {
                let start = content.tensor_data_offset.saturating_add(info.offset);
                let place =
                    Place { file: files.len(), start, kind: info.ggml_dtype, dims: info.shape.into_dims() };
                places.insert(name, place);
            }
            if files.is_empty() {
                metadata = content.metadata;
            }
            files.push((path, file));
        }
        let first = files.first().map_or_else(|| path.to_owned(), |(path, _)| path.clone());
        let mut header = Self { path: first, metadata, architecture: String::new() };
        header.architecture = header.string("general.architecture")?.to_owned();
        Ok((header, Tensors::new(files, places)))
    }

    /// What the file says it is, such as `llama`.
    pub(super) fn architecture(&self) -> &str {
        &self.architecture
    }

    /// A problem with this file.
    pub(super) fn error(&self, what: impl std::fmt::Display) -> ModelError {
        unusable(&self.path, what)
    }

    /// The metadata value under `key`, if there is one.
    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.metadata.get(key)
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

    fn wrong_value(&self, key: &str, expected: &str, found: Option<&Value>) -> ModelError {
        let found = found.map_or("nothing".to_owned(), |value| format!("{:?}", value.value_type()));
        self.error(format_args!("`{key}` should be {expected}, found {found}"))
    }
}

fn open(path: &Path) -> Result<(File, Content), ModelError> {
    let file = File::open(path).map_err(|cause| {
        let hint = "give the path of a `.gguf` or `.safetensors` file, or of a folder with a model's files";
        setup(format!("could not open the model file `{}`: {cause}", path.display()), hint)
    })?;
    let mut reader = BufReader::new(file);
    check_magic(path, &mut reader)?;
    let content = read_header(&mut reader).map_err(|cause| {
        let hint = "the file is cut off or damaged: fetch it again, and compare its checksum";
        setup(format!("could not read the header of `{}`: {cause}", path.display()), hint)
    })?;
    Ok((reader.into_inner(), content))
}

fn read_header(reader: &mut BufReader<File>) -> Result<Content, String> {
    // candle 0.11 divides by the alignment that the file states, and panics where that is 0.
    let read = AssertUnwindSafe(|| Content::read(reader));
    match std::panic::catch_unwind(read) {
        Ok(content) => content.map_err(|cause| cause.to_string()),
        Err(_) => Err("its numbers make no sense".to_owned()),
    }
}

pub(super) fn whole_number(value: &Value) -> Option<usize> {
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
