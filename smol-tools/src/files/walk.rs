//! All that is in a folder, folder by folder. Links are told and not followed.

use super::error::FileError;
use cap_std::fs::{Dir, FileType};
use globset::{GlobBuilder, GlobMatcher};
use std::io;

/// Folders within folders; a tree of a hostile archive may be deeper.
const MAX_DEPTH: usize = 64;

/// The most entries that are looked at in one call.
const MAX_ENTRIES: usize = 100_000;

/// Something in a folder.
pub(super) struct Found<'a> {
    /// Its folder.
    pub(super) folder: &'a Dir,
    /// Its name there.
    pub(super) name: &'a str,
    /// Its path from where the walk began, with `/` between folders.
    pub(super) path: &'a str,
    pub(super) kind: FileType,
}

/// Gives all of `start` to `visit`, in the order of names; also what is in its folders, if `deep`.
pub(super) fn walk(
    folder: &Dir,
    start: &str,
    deep: bool,
    visit: &mut dyn FnMut(&Found<'_>) -> Result<(), FileError>,
) -> Result<(), FileError> {
    let start = if start.is_empty() { "." } else { start };
    let first = folder.open_dir(start).map_err(FileError::io(start))?;
    let prefix = match start.trim_start_matches("./").trim_end_matches('/') {
        "" | "." => String::new(),
        inner => format!("{inner}/"),
    };
    let (mut folders, mut seen) = (vec![(first, prefix, 0)], 0);
    while let Some((folder, prefix, depth)) = folders.pop() {
        let mut inner = Vec::new();
        for (name, kind) in entries(&folder).map_err(FileError::io(&prefix))? {
            seen += 1;
            if seen > MAX_ENTRIES {
                return Err(FileError::TooMany {
                    limit: MAX_ENTRIES,
                    hint: "begin in a folder further down",
                });
            }
            let path = format!("{prefix}{name}");
            visit(&Found { folder: &folder, name: &name, path: &path, kind })?;
            // What cannot be opened, or is gone by now, is told by its name alone.
            if let (true, true, Ok(opened)) =
                (deep && depth < MAX_DEPTH, kind.is_dir(), folder.open_dir(&name))
            {
                inner.push((opened, format!("{path}/"), depth + 1));
            }
        }
        folders.extend(inner.into_iter().rev());
    }
    Ok(())
}

/// Names that are no UTF-8 could not be asked for, so they are left out.
fn entries(folder: &Dir) -> io::Result<Vec<(String, FileType)>> {
    let mut names = Vec::new();
    for entry in folder.entries()?.take(MAX_ENTRIES + 1) {
        let entry = entry?;
        if let Ok(name) = entry.file_name().into_string() {
            names.push((name, entry.file_type()?));
        }
    }
    names.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(names)
}

/// A pattern such as `**/*.rs`; without `/` it is one of names, as in `*.rs`.
pub(super) fn glob(pattern: &str) -> Result<GlobMatcher, FileError> {
    let anywhere = if pattern.contains('/') { pattern.to_owned() } else { format!("**/{pattern}") };
    let built = GlobBuilder::new(&anywhere).literal_separator(true).build();
    built.map(|glob| glob.compile_matcher()).map_err(|error| FileError::Pattern {
        pattern: pattern.to_owned(),
        cause: error.kind().to_string(),
        hint: "as in `*.md` or `src/**/*.rs`",
    })
}
