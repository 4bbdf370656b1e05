//! `read_file`.

use super::{Folder, error::FileError};
use crate::FunctionTool;
use cap_std::fs::{Dir, File};
use schemars::JsonSchema;
use serde::Deserialize;
use std::io::{self, BufRead, BufReader, Read};

/// The most bytes of one reading.
pub(super) const MAX_TEXT: usize = 1_000_000;

#[derive(Deserialize, JsonSchema)]
struct Input {
    /// the file, relative to the folder
    path: String,
    /// the line to begin with; the first is 1
    #[serde(default = "one")]
    first_line: u64,
    /// the most lines to return; all if not given
    #[serde(default)]
    max_lines: Option<u64>,
}

fn one() -> u64 {
    1
}

impl Folder {
    /// The tool `read_file(path, first_line = 1, max_lines = None)`. It gives text, a megabyte at a time.
    pub fn read_file(&self) -> FunctionTool {
        // Whoever wrote the files wrote what is read there.
        self.tool("read_file", "Reads a text file of the granted folder.", read).untrusted()
    }
}

fn read(folder: &Dir, input: &Input) -> Result<String, FileError> {
    let bytes = lines(open(folder, &input.path)?, input).map_err(FileError::io(&input.path))?;
    if bytes.len() > MAX_TEXT {
        let hint = "read it in parts, by `first_line` and `max_lines`";
        return Err(FileError::TooLarge { path: input.path.clone(), limit: MAX_TEXT, hint });
    }
    text(&input.path, bytes)
}

/// A file, and nothing that would wait for somebody to write, as a pipe does.
pub(super) fn open(folder: &Dir, path: &str) -> Result<File, FileError> {
    let metadata = folder.metadata(path).map_err(FileError::io(path))?;
    if !metadata.is_file() {
        return Err(FileError::NoFile { path: path.to_owned() });
    }
    folder.open(path).map_err(FileError::io(path))
}

fn lines(file: File, input: &Input) -> io::Result<Vec<u8>> {
    let mut reader = BufReader::new(file);
    for _ in 1..input.first_line {
        if reader.skip_until(b'\n')? == 0 {
            break;
        }
    }
    // One more than is taken, so that it shows.
    let (mut reader, mut text, mut count) = (reader.take(MAX_TEXT as u64 + 1), Vec::new(), 0);
    while input.max_lines.is_none_or(|most| count < most) && reader.read_until(b'\n', &mut text)? > 0 {
        count += 1;
    }
    Ok(text)
}

fn text(path: &str, bytes: Vec<u8>) -> Result<String, FileError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let byte = error.as_bytes().get(at).copied().unwrap_or_default();
        FileError::NoText { path: path.to_owned(), byte, at }
    })
}
