//! `write_file`.

use super::{Folder, error::FileError};
use crate::FunctionTool;
use cap_std::fs::{Dir, OpenOptions};
use cap_tempfile::TempFile;
use schemars::JsonSchema;
use serde::Deserialize;
use smol_core::tool::Effect;
use std::{
    io::{self, ErrorKind, Write},
    path::Path,
};

/// The most bytes of one writing.
const MAX_TEXT: usize = 10_000_000;

#[derive(Deserialize, JsonSchema)]
struct Input {
    /// the file, relative to the folder; folders on the way to it are made
    path: String,
    /// the text
    content: String,
    /// whether to add it to what the file holds, instead of replacing that
    #[serde(default)]
    append: bool,
}

impl Folder {
    /// The tool `write_file(path, content, append = False)`. A file is replaced as a whole or not at all. It gives the
    /// number of bytes written.
    pub fn write_file(&self) -> FunctionTool {
        let description =
            "Writes a text file of the granted folder: a new one, or in the place of the old one.";
        self.tool("write_file", description, write).effect(Effect::Writes)
    }
}

fn write(folder: &Dir, input: &Input) -> Result<usize, FileError> {
    let Input { path, content, append } = input;
    if content.len() > MAX_TEXT {
        let hint = "write it in parts, with `append`";
        return Err(FileError::TooLarge { path: path.clone(), limit: MAX_TEXT, hint });
    }
    let no_file = || FileError::NoFile { path: path.clone() };
    let (name, parent) = Path::new(path).file_name().zip(Path::new(path).parent()).ok_or_else(no_file)?;
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let parent =
        folder.create_dir_all(parent).and_then(|()| folder.open_dir(parent)).map_err(FileError::io(path))?;
    // A link or a pipe of this name is not written through, nor is a folder replaced.
    match parent.symlink_metadata(name) {
        Ok(metadata) if !metadata.is_file() => return Err(no_file()),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(FileError::io(path)(error)),
        _ => {}
    }
    let name = Path::new(name);
    let written = if *append { add(&parent, name, content) } else { replace(&parent, name, content) };
    written.map(|()| content.len()).map_err(FileError::io(path))
}

fn add(folder: &Dir, name: &Path, content: &str) -> io::Result<()> {
    let mut file = folder.open_with(name, OpenOptions::new().append(true).create(true))?;
    file.write_all(content.as_bytes())
}

/// By a file beside it, which takes its place once it is complete.
fn replace(folder: &Dir, name: &Path, content: &str) -> io::Result<()> {
    let mut file = TempFile::new(folder)?;
    file.write_all(content.as_bytes())?;
    file.replace(name)
}
