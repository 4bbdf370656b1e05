//! `list_files`.

use super::{
    Folder,
    error::FileError,
    walk::{Found, glob, walk},
};
use crate::FunctionTool;
use cap_std::fs::Dir;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most entries of one listing.
const MAX_ENTRIES: usize = 1_000;

#[derive(Deserialize, JsonSchema)]
struct Input {
    /// the folder to list, relative to the granted one
    #[serde(default = "here")]
    folder: String,
    /// only what fits, in all folders below, as in `*.csv` or `src/**/*.rs`
    #[serde(default)]
    pattern: Option<String>,
}

fn here() -> String {
    ".".to_owned()
}

#[derive(Serialize, JsonSchema)]
struct Entry {
    /// relative to the granted folder
    path: String,
    kind: Kind,
    /// the size of a file
    bytes: u64,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    File,
    Folder,
    Link,
    Other,
}

impl Folder {
    /// The tool `list_files(folder = ".", pattern = None)`. It gives a list of records, at most a thousand.
    pub fn list_files(&self) -> FunctionTool {
        self.tool("list_files", "Lists the files and folders of the granted folder.", list).untrusted()
    }
}

fn list(folder: &Dir, input: &Input) -> Result<Vec<Entry>, FileError> {
    let pattern = input.pattern.as_deref().map(glob).transpose()?;
    let mut entries = Vec::new();
    walk(folder, &input.folder, pattern.is_some(), &mut |found| {
        if pattern.as_ref().is_none_or(|pattern| pattern.is_match(found.path)) {
            entries.push(entry(found));
        }
        if entries.len() <= MAX_ENTRIES {
            return Ok(());
        }
        Err(FileError::TooMany { limit: MAX_ENTRIES, hint: "list one folder, or give a narrower `pattern`" })
    })?;
    Ok(entries)
}

fn entry(found: &Found<'_>) -> Entry {
    let kind = match found.kind {
        kind if kind.is_file() => Kind::File,
        kind if kind.is_dir() => Kind::Folder,
        kind if kind.is_symlink() => Kind::Link,
        _ => Kind::Other,
    };
    let size = || found.folder.symlink_metadata(found.name).map_or(0, |metadata| metadata.len());
    let bytes = if found.kind.is_file() { size() } else { 0 };
    Entry { path: found.path.to_owned(), kind, bytes }
}
