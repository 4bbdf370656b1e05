//! The tensors of a model on disk, whatever format holds them: where each lies, and its numbers by rows.
//!
//! A GGUF file and a safetensors file differ in their headers; what follows is the same, rows of numbers one after the
//! other. So both headers become one table, and matrices are read a part at a time: fused ones are split while they are
//! read, and no more than one part is ever held beside what is kept of it.

use super::gguf::setup;
use candle_core::quantized::{GgmlDType, QStorage, QTensor};
use candle_core::{Device, Tensor};
use smol_core::model::ModelError;
use std::{
    collections::HashMap,
    fmt::Display,
    fs::File,
    io::{Read, Seek, SeekFrom},
    ops::Range,
    path::{Path, PathBuf},
};

/// Where one tensor lies.
#[derive(Debug)]
pub(super) struct Place {
    /// Index of its file.
    pub(super) file: usize,
    /// Its first byte.
    pub(super) start: u64,
    pub(super) kind: GgmlDType,
    /// Outermost first.
    pub(super) dims: Vec<usize>,
}

/// Rows of a matrix as they are stored.
pub(super) struct Rows {
    pub(super) kind: GgmlDType,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) bytes: Vec<u8>,
}

/// All tensors of a model by name.
pub(super) struct Tensors {
    files: Vec<(PathBuf, File)>,
    places: HashMap<String, Place>,
}

impl Tensors {
    /// A table over open `files`.
    pub(super) fn new(files: Vec<(PathBuf, File)>, places: HashMap<String, Place>) -> Self {
        Self { files, places }
    }

    /// The shape of the tensor `name`, outermost first, if there is one.
    pub(super) fn dims(&self, name: &str) -> Option<&[usize]> {
        self.places.get(name).map(|place| place.dims.as_slice())
    }

    /// The names of all tensors.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// How many numbers the tensors hold together, and how many bytes each kind of them takes.
    pub(super) fn places(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    /// A problem with the file that holds the tensor `name`, or where there is none, with the first.
    pub(super) fn error(&self, name: &str, what: impl Display) -> ModelError {
        let file = self.places.get(name).map_or(0, |place| place.file);
        let path = self.files.get(file).map_or(Path::new(""), |(path, _)| path);
        unusable(path, format_args!("the tensor `{name}` {what}"))
    }

    /// The numbers of the matrix `name` in the rows `range` of all `rows`, counted over all dimensions but the last.
    pub(super) fn rows(
        &self,
        name: &str,
        (rows, columns): (usize, usize),
        range: Range<usize>,
    ) -> Result<Rows, ModelError> {
        let Some(place) = self.places.get(name) else { return Err(self.error(name, "is missing")) };
        let found = place.dims.iter().product::<usize>() / columns.max(1);
        if place.dims.last() != Some(&columns) || found != rows {
            let (found, expected) = (&place.dims, [rows, columns]);
            return Err(self.error(name, format_args!("has the shape {found:?}, expected {expected:?}")));
        }
        self.read(name, place, columns, range)
    }

    /// The tensor `name` of `length` numbers in whatever shape, as f32: a norm's weights, a bias.
    pub(super) fn numbers(&self, name: &str, length: usize) -> Result<Vec<f32>, ModelError> {
        let Some(place) = self.places.get(name) else { return Err(self.error(name, "is missing")) };
        if place.dims.iter().product::<usize>() != length {
            let found = &place.dims;
            return Err(self.error(name, format_args!("has the shape {found:?}, expected [{length}]")));
        }
        let rows = self.read(name, place, length, 0..1)?;
        rows.dequantise().map_err(|cause| self.error(name, format_args!("could not be read: {cause}")))
    }

    fn read(
        &self,
        name: &str,
        place: &Place,
        columns: usize,
        range: Range<usize>,
    ) -> Result<Rows, ModelError> {
        let unreadable = |cause: &dyn Display| self.error(name, format_args!("could not be read: {cause}"));
        let Some((_, file)) = self.files.get(place.file) else { return Err(unreadable(&"no file")) };
        let (numbers, size) = (place.kind.block_size(), place.kind.type_size());
        if !columns.is_multiple_of(numbers) {
            return Err(unreadable(&format_args!("{columns} numbers are no whole blocks of {numbers}")));
        }
        let row = columns / numbers * size;
        let start = place.start.saturating_add((row * range.start) as u64);
        let length = row * range.len();
        let left = file.metadata().map_err(|cause| unreadable(&cause))?.len().saturating_sub(start);
        if left < length as u64 {
            return Err(unreadable(&format_args!(
                "it needs {length} bytes from {start} on, but the file has {left} left"
            )));
        }
        let mut bytes = vec![0; length];
        let mut reader = file;
        let read = reader.seek(SeekFrom::Start(start)).and_then(|_| reader.read_exact(&mut bytes));
        read.map_err(|cause| unreadable(&cause))?;
        Ok(Rows { kind: place.kind, rows: range.len(), columns, bytes })
    }
}

impl Rows {
    /// The numbers, in f32.
    pub(super) fn dequantise(&self) -> candle_core::Result<Vec<f32>> {
        widen(self.kind, &self.bytes)
    }

    /// Bytes of one row.
    pub(super) fn row_bytes(&self) -> usize {
        self.bytes.len() / self.rows.max(1)
    }
}

/// Stored numbers in f32.
pub(super) fn widen(kind: GgmlDType, bytes: &[u8]) -> candle_core::Result<Vec<f32>> {
    Ok(match kind {
        GgmlDType::F32 => bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect(),
        GgmlDType::F16 => {
            bytes.as_chunks::<2>().0.iter().map(|bytes| half::f16::from_le_bytes(*bytes).to_f32()).collect()
        }
        GgmlDType::BF16 => {
            bytes.as_chunks::<2>().0.iter().map(|bytes| half::bf16::from_le_bytes(*bytes).to_f32()).collect()
        }
        other => {
            let count = bytes.len() / other.type_size() * other.block_size();
            let storage = QStorage::from_data(bytes.into(), &Device::Cpu, other)?;
            QTensor::new(storage, count)?.dequantize(&Device::Cpu)?.to_vec1()?
        }
    })
}

/// A vector as a tensor on `device`.
pub(super) fn vector(numbers: Vec<f32>, device: &Device) -> candle_core::Result<Tensor> {
    let length = numbers.len();
    Tensor::from_vec(numbers, length, device)
}

/// A model file that is there, but cannot be used.
pub(super) fn unusable(path: &Path, what: impl Display) -> ModelError {
    let hint = format!(
        "architectures that run are {}; a file that was cut off or damaged is fetched again",
        super::config::known_families()
    );
    setup(format!("the model file `{}` cannot be used: {what}", path.display()), &hint)
}
