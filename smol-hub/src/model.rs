//! A model's repository: which of its files are needed, and all of them in one folder.
//!
//! What a repository holds at a revision is told by `GET /api/models/{repo}/revision/{revision}?blobs=true`
//! (<https://huggingface.co/docs/hub/api>). Files are kept under the commit, so a branch that moves on is a new folder, and
//! the answer is kept too, so that a model which is there needs no network.

use crate::{File, Hub, HubError, Progress, download, store};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// What belongs to a model beside its weights.
const BESIDE: [&str; 9] = [
    "chat_template.jinja",
    "chat_template.json",
    "config.json",
    "generation_config.json",
    "preprocessor_config.json",
    "processor_config.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
];

/// The quantisation that is taken of several, if nothing else is said: the usual trade of size for quality.
const USUAL: &str = "Q4_K_M";

/// A model on the Hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelName {
    /// The repository, such as `owner/name`.
    pub repo: String,
    /// A branch, tag or commit.
    pub revision: String,
    /// Part of the name of the GGUF file that is meant, such as `Q8_0`.
    pub file: Option<String>,
}

impl ModelName {
    /// Reads `owner/name`, `owner/name@revision`, `owner/name:Q8_0` or both. `None`: it is no such name.
    pub fn parse(text: &str) -> Option<Self> {
        let (text, file) =
            text.split_once(':').map_or((text, None), |(text, file)| (text, Some(file.to_owned())));
        let (repo, revision) = text.split_once('@').unwrap_or((text, "main"));
        let (owner, name) = repo.split_once('/')?;
        let is_plain = |part: &str| {
            let letters = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
            !part.is_empty() && !part.starts_with('.') && part.chars().all(letters)
        };
        let is_name = is_plain(owner) && is_plain(name) && !revision.is_empty();
        is_name.then(|| Self { repo: repo.to_owned(), revision: revision.to_owned(), file })
    }
}

impl Hub {
    /// The weights of `model`: the folder of its safetensors, or the first of its GGUF files. What is not in the cache is
    /// fetched; `progress` is called as the bytes of all files together arrive.
    ///
    /// # Errors
    /// Any [`HubError`] but [`HubError::NoModel`].
    pub async fn model(&self, model: &ModelName, progress: impl Fn(Progress)) -> Result<PathBuf, HubError> {
        let listing = self.listing(model).await?;
        let files = wanted(model, &listing)?;
        let total = files.iter().map(|file| file.size).sum();
        let mut before = 0;
        for file in &files {
            let added = |part: Progress| progress(Progress { received: before + part.received, total });
            self.fetch(file, added).await?;
            before += file.size;
        }
        let first = files.iter().find(|file| file.path.ends_with(".gguf"));
        let place = |file: &File| store::place(&self.cache, file);
        let folder = |file: &File| place(file).parent().map(Path::to_owned);
        let found = first.map(place).or_else(|| files.first().and_then(folder));
        found.ok_or_else(|| no_weights(model, &listing))
    }

    /// What the repository holds: from the Hub, or, where that cannot be reached, as it was seen last.
    async fn listing(&self, model: &ModelName) -> Result<Value, HubError> {
        let file = File {
            repo: model.repo.clone(),
            revision: format!("{}.json", model.revision),
            path: String::new(),
            size: 0,
            sha256: String::new(),
        };
        let place = store::place(&self.cache, &file);
        let url =
            format!("{}/api/models/{}/revision/{}?blobs=true", self.endpoint, model.repo, model.revision);
        match download::text(self, &url, &place).await {
            Ok(text) => {
                store::make_folder(&place)?;
                fs::write(&place, &text).map_err(|cause| store::disk(&place, &cause))?;
                parsed(&url, &text)
            }
            Err(error @ (HubError::Unreachable { .. } | HubError::Offline { .. })) => {
                fs::read_to_string(&place).map_err(|_| error).and_then(|text| parsed(&url, &text))
            }
            Err(error) => Err(error),
        }
    }
}

fn parsed(url: &str, text: &str) -> Result<Value, HubError> {
    let unreadable =
        |cause: serde_json::Error| HubError::Unreachable { url: url.to_owned(), cause: cause.to_string() };
    serde_json::from_str(text).map_err(unreadable)
}

/// The files that a model is made of.
fn wanted(model: &ModelName, listing: &Value) -> Result<Vec<File>, HubError> {
    let commit = listing.get("sha").and_then(Value::as_str).unwrap_or(&model.revision);
    let entries = listing.get("siblings").and_then(Value::as_array).into_iter().flatten();
    let all: Vec<File> = entries.filter_map(|entry| file(&model.repo, commit, entry)).collect();
    let pick =
        |keep: &dyn Fn(&str) -> bool| all.iter().filter(|file| keep(&file.path)).cloned().collect::<Vec<_>>();
    let safe = |path: &str| {
        path.starts_with("model")
            && (path.ends_with(".safetensors") || path.ends_with(".safetensors.index.json"))
    };
    if model.file.is_none() && all.iter().any(|file| safe(&file.path)) {
        return Ok(pick(&|path| safe(path) || BESIDE.contains(&path)));
    }
    let ggufs: Vec<&str> =
        all.iter().map(|file| file.path.as_str()).filter(|path| path.ends_with(".gguf")).collect();
    let named = |part: &str| {
        let part = part.to_ascii_lowercase();
        ggufs.iter().copied().find(|path| path.to_ascii_lowercase().contains(&part))
    };
    let found = match &model.file {
        Some(part) => named(part),
        None => named(USUAL).or_else(|| ggufs.first().copied().filter(|_| ggufs.len() == 1)),
    };
    let found = found.ok_or_else(|| no_weights(model, listing))?;
    Ok(pick(&|path| path == found || is_shard_of(path, found)))
}

/// Whether both are parts of one model, as `a-00001-of-00003.gguf` and `a-00002-of-00003.gguf` are.
fn is_shard_of(path: &str, other: &str) -> bool {
    let parts = |path: &str| {
        let (name, count) = path.rsplit_once("-of-")?;
        let (name, number) = name.rsplit_once('-')?;
        number.chars().all(|digit| digit.is_ascii_digit()).then(|| (name.to_owned(), count.to_owned()))
    };
    parts(path).is_some_and(|this| Some(this) == parts(other))
}

fn file(repo: &str, commit: &str, entry: &Value) -> Option<File> {
    let size = entry.pointer("/lfs/size").or_else(|| entry.get("size"))?.as_u64()?;
    let sha256 = entry.pointer("/lfs/sha256").and_then(Value::as_str).unwrap_or_default();
    Some(File {
        repo: repo.to_owned(),
        revision: commit.to_owned(),
        path: entry.get("rfilename")?.as_str()?.to_owned(),
        size,
        sha256: sha256.to_owned(),
    })
}

fn no_weights(model: &ModelName, listing: &Value) -> HubError {
    let entries = listing.get("siblings").and_then(Value::as_array).into_iter().flatten();
    let names = entries.filter_map(|entry| entry.get("rfilename")?.as_str());
    let weights =
        |name: &&str| [".gguf", ".bin", ".pt", ".safetensors"].iter().any(|end| name.ends_with(end));
    HubError::NoWeights {
        repo: model.repo.clone(),
        file: model.file.clone(),
        found: names.filter(weights).map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_read_with_their_parts() {
        let check = |text: &str, expect: Option<(&str, &str, Option<&str>)>| {
            let found = ModelName::parse(text);
            let parts =
                found.as_ref().map(|name| (name.repo.as_str(), name.revision.as_str(), name.file.as_deref()));
            assert_eq!(parts, expect, "{text}");
        };
        check("Qwen/Qwen3-0.6B", Some(("Qwen/Qwen3-0.6B", "main", None)));
        check("a/b@v1.0:Q8_0", Some(("a/b", "v1.0", Some("Q8_0"))));
        check("a/b:f.gguf", Some(("a/b", "main", Some("f.gguf"))));
        check("weights.gguf", None);
        check("a/b/c", None);
        check("../b", None);
        check("a/b@", None);
    }

    #[test]
    fn only_what_is_needed_is_fetched() {
        #[track_caller]
        fn check(name: &str, files: &[&str], expect: &[&str]) {
            let siblings: Vec<Value> =
                files.iter().map(|name| json!({"rfilename": name, "size": 1})).collect();
            let listing = json!({"sha": "c0ffee", "siblings": siblings});
            let found = wanted(&ModelName::parse(name).unwrap(), &listing);
            let paths: Vec<String> = found.unwrap_or_default().into_iter().map(|file| file.path).collect();
            assert_eq!(paths, expect, "{name} {files:?}");
        }
        let whole = ["README.md", "config.json", "model.safetensors", "pytorch_model.bin", "tokenizer.json"];
        check("a/b", &whole, &["config.json", "model.safetensors", "tokenizer.json"]);
        let shards = [
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json",
        ];
        check("a/b", &shards, &shards);
        check("a/b", &["consolidated.safetensors", "config.json"], &[]);
        check("a/b", &["m-Q4_K_M.gguf", "m-Q8_0.gguf"], &["m-Q4_K_M.gguf"]);
        check("a/b:q8_0", &["m-Q4_K_M.gguf", "m-Q8_0.gguf"], &["m-Q8_0.gguf"]);
        check("a/b:Q2", &["m-Q4_K_M.gguf"], &[]);
        check("a/b", &["m.gguf"], &["m.gguf"]);
        check("a/b", &["m-Q8_0.gguf", "m-Q6_K.gguf"], &[]);
        let parts = ["m-Q4_K_M-00001-of-00002.gguf", "m-Q4_K_M-00002-of-00002.gguf", "n-Q8_0.gguf"];
        check("a/b", &parts, &parts[..2]);
    }
}
