//! `search_files`.

use super::{
    Folder,
    error::FileError,
    walk::{Found, glob, walk},
};
use crate::FunctionTool;
use cap_std::fs::Dir;
use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::io::Read;

/// Larger files are passed over.
const MAX_FILE: u64 = 10_000_000;

/// The most characters of one line.
const MAX_LINE: usize = 300;

#[derive(Deserialize, JsonSchema)]
struct Input {
    /// a regular expression, looked for in each line
    pattern: String,
    /// only files that fit, as in `*.md` or `src/**/*.rs`
    #[serde(default)]
    files: Option<String>,
    /// whether `a` stands for `A`, too
    #[serde(default)]
    ignore_case: bool,
    /// the most lines to return
    #[serde(default = "hundred")]
    #[schemars(range(min = 1, max = 1000))]
    max_results: usize,
}

fn hundred() -> usize {
    100
}

#[derive(Serialize, JsonSchema)]
struct Match {
    /// relative to the granted folder
    path: String,
    /// counted from 1
    line: usize,
    /// the whole line, or its beginning
    text: String,
}

impl Folder {
    /// The tool `search_files(pattern, files = None, ignore_case = False, max_results = 100)`. It gives a list of records;
    /// files of more than 10 MB, and such as are no text, are passed over.
    pub fn search_files(&self) -> FunctionTool {
        let description = "Finds lines in the text files of the granted folder and in all folders below it.";
        self.tool("search_files", description, search).untrusted()
    }
}

fn search(folder: &Dir, input: &Input) -> Result<Vec<Match>, FileError> {
    let files = input.files.as_deref().map(glob).transpose()?;
    let pattern = regex(input)?;
    let mut matches = Vec::new();
    walk(folder, ".", true, &mut |found| {
        let is_asked = files.as_ref().is_none_or(|files| files.is_match(found.path));
        if found.kind.is_file() && is_asked && matches.len() < input.max_results {
            let text = text(found).unwrap_or_default();
            let lines = text.lines().enumerate().filter(|(_, line)| pattern.is_match(line));
            let lines = lines.take(input.max_results - matches.len());
            matches.extend(lines.map(|(at, line)| Match {
                path: found.path.to_owned(),
                line: at + 1,
                text: line.chars().take(MAX_LINE).collect(),
            }));
        }
        Ok(())
    })?;
    Ok(matches)
}

fn regex(input: &Input) -> Result<Regex, FileError> {
    let built = RegexBuilder::new(&input.pattern).case_insensitive(input.ignore_case).build();
    built.map_err(|error| FileError::Pattern {
        pattern: input.pattern.clone(),
        cause: error.to_string(),
        hint: "write a regular expression without look-around and back-references; `\\` makes a sign plain",
    })
}

/// None if it is no text, or too much, or gone.
fn text(found: &Found<'_>) -> Option<String> {
    let file = found.folder.open(found.name).ok()?;
    let mut text = String::new();
    file.take(MAX_FILE + 1).read_to_string(&mut text).ok()?;
    (text.len() as u64 <= MAX_FILE).then_some(text)
}
