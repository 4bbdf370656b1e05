//! The headers of safetensors files.
//!
//! The `safetensors` crate checks a header once it is in memory. The numbers stay on disk: mapping them would need
//! `unsafe`, and they are laid out anew while they are read anyway.

use super::{
    gguf::setup,
    shards,
    tensors::{Place, Tensors, unusable},
};
use candle_core::quantized::GgmlDType;
use safetensors::{Dtype, tensor::Metadata};
use smol_core::model::ModelError;
use std::{
    collections::{BTreeSet, HashMap},
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// The largest header that is read, in bytes: the format's own limit.
const LARGEST_HEADER: u64 = 100_000_000;

/// Opens the weights in `files`, of which the first knows most names.
pub(super) fn open(files: Vec<PathBuf>) -> Result<Tensors, ModelError> {
    let (mut opened, mut places) = (Vec::new(), HashMap::new());
    for path in files {
        let (file, start, header) = read_header(&path)?;
        for (name, info) in header.tensors() {
            let start = start + info.data_offsets.0 as u64;
            match kind(info.dtype) {
                Some(kind) => {
                    let place = Place { file: opened.len(), start, kind, dims: info.shape.clone() };
                    places.insert(name, place);
                }
                // Small tables of whole numbers, which some files carry, are asked for by no layer.
                None if info.shape.len() < 2 => {}
                None => {
                    let what = format!("`{name}` is stored as {:?}, expected F32, F16 or BF16", info.dtype);
                    return Err(unusable(&path, what));
                }
            }
        }
        opened.push((path, file));
    }
    Ok(Tensors::new(opened, places))
}

/// The files that `model.safetensors.index.json` names, all of them present.
pub(super) fn indexed(index: &Path, json: &serde_json::Value) -> Result<Vec<PathBuf>, ModelError> {
    let map = json.get("weight_map").and_then(serde_json::Value::as_object);
    let Some(map) = map.filter(|map| !map.is_empty()) else {
        return Err(unusable(index, "`weight_map` should name the file of each tensor"));
    };
    let names = map.values().map(|name| name.as_str().unwrap_or_default()).collect::<BTreeSet<_>>();
    // A name with folders in it could point anywhere on this machine.
    if let Some(name) = names.iter().find(|name| name.is_empty() || name.contains(['/', '\\'])) {
        return Err(unusable(index, format_args!("`weight_map` names `{name}`, which is no file's name")));
    }
    shards::present(index, names.into_iter().map(|name| index.with_file_name(name)).collect())
}

fn read_header(path: &Path) -> Result<(File, u64, Metadata), ModelError> {
    let damaged = |cause: String| {
        let hint = "the file is cut off or damaged: fetch it again, and compare its checksum";
        setup(format!("could not read the header of `{}`: {cause}", path.display()), hint)
    };
    let mut file = File::open(path).map_err(|cause| {
        let hint = "give the path of a `.gguf` or `.safetensors` file, or of a folder with a model's files";
        setup(format!("could not open the model file `{}`: {cause}", path.display()), hint)
    })?;
    let size = file.metadata().map_err(|cause| damaged(cause.to_string()))?.len();
    let mut length = [0; 8];
    file.read_exact(&mut length).map_err(|cause| damaged(cause.to_string()))?;
    let length = u64::from_le_bytes(length);
    if length > size.min(LARGEST_HEADER) {
        return Err(damaged(format!("it should be {length} bytes long, in a file of {size}")));
    }
    let mut header = vec![0; usize::try_from(length).unwrap_or_default()];
    file.read_exact(&mut header).map_err(|cause| damaged(cause.to_string()))?;
    let header: Metadata = serde_json::from_slice(&header).map_err(|cause| damaged(cause.to_string()))?;
    let whole = 8 + length + header.data_len() as u64;
    if size < whole {
        return Err(damaged(format!("the file has {size} bytes, expected {whole}")));
    }
    Ok((file, 8 + length, header))
}

fn kind(dtype: Dtype) -> Option<GgmlDType> {
    match dtype {
        Dtype::F32 => Some(GgmlDType::F32),
        Dtype::F16 => Some(GgmlDType::F16),
        Dtype::BF16 => Some(GgmlDType::BF16),
        _ => None,
    }
}
