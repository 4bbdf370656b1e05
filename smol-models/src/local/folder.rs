//! What lies at a path: a GGUF file, or a folder as the Hugging Face Hub keeps models.

use super::{gguf::setup, safetensors, shards, tensors::unusable};
use serde_json::Value;
use smol_core::model::ModelError;
use std::path::{Path, PathBuf};

const INDEX: &str = "model.safetensors.index.json";

/// A model's files, before any but the smallest is read.
pub(super) enum Found {
    /// A GGUF file, or the first of several.
    Gguf(PathBuf),
    /// Weights with JSON beside them.
    Hub(Folder),
}

/// A folder of the Hub's shape.
pub(super) struct Folder {
    path: PathBuf,
    /// The files of the weights.
    pub(super) weights: Vec<PathBuf>,
    /// `config.json`.
    pub(super) config: Value,
    /// `generation_config.json`, or null.
    pub(super) generation: Value,
    /// `tokenizer_config.json`, or null.
    pub(super) tokenizer: Value,
}

/// Finds the model at `path`.
pub(super) fn find(path: &Path) -> Result<Found, ModelError> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if path.is_dir() {
        return in_folder(path);
    }
    match ending.as_str() {
        "bin" | "pt" | "pth" | "ckpt" | "pkl" => Err(pickled(path)),
        "safetensors" => {
            // A lone file name has the empty path as its folder.
            let folder = path.parent().unwrap_or(Path::new(""));
            Folder::open(folder, shards::beside(path)?).map(Found::Hub)
        }
        _ => Ok(Found::Gguf(path.to_owned())),
    }
}

fn in_folder(folder: &Path) -> Result<Found, ModelError> {
    let single = folder.join("model.safetensors");
    let index = folder.join(INDEX);
    if single.is_file() {
        return Folder::open(folder, vec![single]).map(Found::Hub);
    }
    if index.is_file() {
        let weights = safetensors::indexed(&index, &json(&index)?)?;
        return Folder::open(folder, weights).map(Found::Hub);
    }
    let names = names(folder)?;
    let ends = |ending: &str| names.iter().find(|name| name.ends_with(ending));
    let files = names.iter().filter(|name| name.ends_with(".gguf")).collect::<Vec<_>>();
    // Of a model in several files the first sorts first, and stands for all.
    match files.as_slice() {
        [] => {}
        [first, second, ..] if !first.contains("-00001-of-") => {
            let what =
                format!("`{}` holds several models, such as `{first}` and `{second}`", folder.display());
            return Err(setup(what, "give the path of one of the files"));
        }
        [first, ..] => return Ok(Found::Gguf(folder.join(first))),
    }
    if names.iter().any(|name| name == "adapter_config.json") {
        let what = format!("`{}` holds an adapter, not a model", folder.display());
        let hint = "merge it into its base model first, with `merge_and_unload` of the library `peft`";
        return Err(setup(what, hint));
    }
    if let Some(name) = ends(".bin").or_else(|| ends(".pth")).or_else(|| ends(".pt")) {
        return Err(pickled(&folder.join(name)));
    }
    let what = format!("there are no weights in `{}`", folder.display());
    let hint =
        "a model is a `.gguf` file, or a folder with `config.json`, `tokenizer.json` and `model.safetensors`";
    Err(setup(what, hint))
}

fn names(folder: &Path) -> Result<Vec<String>, ModelError> {
    let entries = folder.read_dir().map_err(|cause| unusable(folder, cause))?;
    let mut names =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect::<Vec<_>>();
    names.sort();
    Ok(names)
}

/// Pickles can run any code when they are read, so none is.
fn pickled(path: &Path) -> ModelError {
    let what = format!("`{}` is a checkpoint in Python's pickle format, which is not read", path.display());
    setup(what, "save the model as safetensors: `model.save_pretrained(folder, safe_serialization=True)`")
}

impl Folder {
    fn open(path: &Path, weights: Vec<PathBuf>) -> Result<Self, ModelError> {
        let config = path.join("config.json");
        if !config.is_file() {
            let what = format!("`config.json` is missing beside the weights in `{}`", path.display());
            return Err(setup(what, "fetch the whole repository of the model, not its weights alone"));
        }
        let optional = |name: &str| {
            let path = path.join(name);
            if path.is_file() { json(&path) } else { Ok(Value::Null) }
        };
        Ok(Self {
            config: json(&config)?,
            generation: optional("generation_config.json")?,
            tokenizer: optional("tokenizer_config.json")?,
            path: path.to_owned(),
            weights,
        })
    }

    /// The path of the file `name` in this folder, or its own where the name is empty.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.path.clone() } else { self.path.join(name) }
    }

    /// The chat template: in a file of its own, or among the tokenizer's settings, there one or several by name.
    pub(super) fn chat_template(&self) -> Result<Option<String>, ModelError> {
        let path = self.file("chat_template.jinja");
        if path.is_file() {
            return std::fs::read_to_string(&path).map(Some).map_err(|cause| unusable(&path, cause));
        }
        let path = self.file("chat_template.json");
        let older = if path.is_file() { json(&path)? } else { Value::Null };
        let stated = self.tokenizer.get("chat_template").or(older.get("chat_template"));
        let named = |name: &str| {
            let list = stated?.as_array()?;
            list.iter().find(|entry| entry.get("name").and_then(Value::as_str) == Some(name))?.get("template")
        };
        let found = named("tool_use").or_else(|| named("default")).or(stated);
        Ok(found.and_then(Value::as_str).map(str::to_owned))
    }

    /// A problem with the file `name`.
    pub(super) fn error(&self, name: &str, what: impl std::fmt::Display) -> ModelError {
        unusable(&self.file(name), what)
    }
}

fn json(path: &Path) -> Result<Value, ModelError> {
    let text = std::fs::read_to_string(path).map_err(|cause| unusable(path, cause))?;
    serde_json::from_str(&text).map_err(|cause| unusable(path, format_args!("it is no JSON: {cause}")))
}
