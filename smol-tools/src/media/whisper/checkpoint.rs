//! A model's files: a folder as Whisper models have it on the Hub, or as converted for CTranslate2 (which faster-whisper
//! uses). Whatever the format, weights come out under the names of the Hub's.

use super::{ctranslate2, vocabulary::Vocabulary};
use crate::media::MediaError;
use candle_core::{Device, Tensor, safetensors};
use serde::Deserialize;
use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

/// Weights by name.
pub(super) type Tensors = HashMap<String, Tensor>;

/// A Whisper model as it was published.
pub(super) struct Checkpoint {
    /// Its weights.
    pub(super) tensors: Tensors,
    /// Its tokens.
    pub(super) vocabulary: Vocabulary,
    /// What it says about itself.
    pub(super) settings: Settings,
}

/// What files beside the weights say; CTranslate2 has other names for it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Settings {
    /// Heads of attention in each layer, where they are not 64 numbers wide.
    encoder_attention_heads: Option<usize>,
    /// Tokens that are no speech, such as brackets and notes.
    #[serde(alias = "suppress_ids")]
    pub(super) suppress_tokens: Option<Vec<u32>>,
    /// Tokens that nothing begins with.
    #[serde(alias = "suppress_ids_begin")]
    pub(super) begin_suppress_tokens: Option<Vec<u32>>,
}

impl Settings {
    /// How many heads attention of this width has.
    pub(super) fn heads(&self, width: usize) -> usize {
        self.encoder_attention_heads.unwrap_or(width / 64).max(1)
    }
}

impl Checkpoint {
    /// Reads `folder`.
    pub(super) fn open(folder: &Path) -> Result<Self, MediaError> {
        Self::read(folder).map_err(|cause| MediaError::Weights { path: folder.to_owned(), cause })
    }

    fn read(folder: &Path) -> Result<Self, String> {
        let converted = folder.join("model.bin");
        let tensors = match converted.is_file() {
            true => ctranslate2::read(&load(&converted)?)?,
            false => published(folder)?,
        };
        // The newer file wins where both say something.
        let mut settings: Settings = json(&folder.join("config.json"))?.unwrap_or_default();
        if let Some(newer) = json::<Settings>(&folder.join("generation_config.json"))? {
            settings.suppress_tokens = newer.suppress_tokens.or(settings.suppress_tokens);
            settings.begin_suppress_tokens = newer.begin_suppress_tokens.or(settings.begin_suppress_tokens);
        }
        let vocabulary = Vocabulary::read(&load(&folder.join("tokenizer.json"))?)?;
        Ok(Self { tensors, vocabulary, settings })
    }
}

fn load(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("could not read `{}`: {error}", path.display()))
}

fn json<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Option<T>, String> {
    if !path.is_file() {
        return Ok(None);
    }
    let parsed = serde_json::from_slice(&load(path)?);
    parsed.map(Some).map_err(|error| format!("`{}` is not as expected: {error}", path.display()))
}

/// The weights in safetensors, in one file or several.
fn published(folder: &Path) -> Result<Tensors, String> {
    let mut tensors = Tensors::new();
    for path in files(folder)? {
        let part = safetensors::load(&path, &Device::Cpu);
        tensors.extend(part.map_err(|error| format!("could not read `{}`: {error}", path.display()))?);
    }
    Ok(tensors
        .into_iter()
        .map(|(name, tensor)| (name.trim_start_matches("model.").to_owned(), tensor))
        .collect())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let whole = folder.join("model.safetensors");
    if whole.is_file() {
        return Ok(vec![whole]);
    }
    let entries = fs::read_dir(folder).map_err(|error| error.to_string())?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut parts: Vec<_> = names
        .filter(|name| name.starts_with("model-") && name.contains("-of-") && name.ends_with(".safetensors"))
        .map(|name| folder.join(name))
        .collect();
    parts.sort();
    if parts.is_empty() {
        Err("there is neither `model.safetensors` nor `model.bin`".to_owned())
    } else {
        Ok(parts)
    }
}
