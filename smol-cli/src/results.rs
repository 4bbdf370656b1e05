//! Pictures, tables and bytes that code gives: a terminal shows none of them, so they are kept as files below
//! `smolagents-results` in the current folder, and their paths are shown.

use serde_json::Value;
use smolagents::artifact::Artifact;
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

/// Keeps what `value` holds of them, and returns a line for each that says where.
pub fn kept(value: &Value) -> Vec<String> {
    let artifacts = Artifact::all(value);
    if artifacts.is_empty() {
        return Vec::new();
    }
    let folder = match make_folder() {
        Ok(folder) => folder,
        Err(error) => return vec![format!("warning: the results are not kept: {error}")],
    };
    let keep = |(number, artifact): (usize, &Artifact)| {
        let path = folder.join(format!("{}.{}", number + 1, artifact.extension));
        match fs::write(&path, &artifact.content) {
            Ok(()) => format!("kept as {}", path.display()),
            Err(error) => format!("warning: `{}` could not be written: {error}", path.display()),
        }
    };
    artifacts.iter().enumerate().map(keep).collect()
}

/// A folder for one value's files: the second it was given, and a number where that is taken.
fn make_folder() -> io::Result<PathBuf> {
    let all = Path::new("smolagents-results");
    fs::create_dir_all(all)?;
    let second = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let names = std::iter::once(second.to_string()).chain((2..).map(|number| format!("{second}-{number}")));
    for folder in names.map(|name| all.join(name)) {
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| folder),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
