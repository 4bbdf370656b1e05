//! Which run is meant.

use crate::{Usage, arguments::RunsFolder, recording};
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

/// The file of the run called `name`: an id or the beginning of one, a path, or `last`.
pub fn run(folder: &RunsFolder, name: &str) -> anyhow::Result<PathBuf> {
    let path = Path::new(name);
    if path.is_file() {
        return Ok(path.to_owned());
    }
    let folder = recording::folder(folder)?;
    let named: Vec<PathBuf> = match name {
        "last" => all(&folder)?.into_iter().take(1).collect(),
        _ => all(&folder)?.into_iter().filter(|file| id(file).starts_with(name)).collect(),
    };
    match named.as_slice() {
        [only] => Ok(only.clone()),
        [] => {
            let place = folder.display();
            Err(Usage(format!(
                "there is no run `{name}` in `{place}`\n\nhint: `smolagent runs list` lists them"
            ))
            .into())
        }
        several => {
            let count = several.len();
            let ids: Vec<&str> = several.iter().take(5).map(|file| id(file)).collect();
            let more = if count > ids.len() { " and more" } else { "" };
            Err(Usage(format!(
                "{count} runs are called `{name}…`\n\nhint: say more of its id; there are `{}`{more}",
                ids.join("`, `")
            ))
            .into())
        }
    }
}

/// The files of the folder, newest first. A folder that is not there has none.
pub fn all(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => anyhow::bail!("could not read `{}`: {error}", folder.display()),
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "jsonl")).collect();
    files.sort_by(|one, other| other.cmp(one));
    Ok(files)
}

fn id(file: &Path) -> &str {
    file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default()
}
