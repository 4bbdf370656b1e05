//! A model in several files: which they are, and which of them is missing.

use super::gguf::setup;
use smol_core::model::ModelError;
use std::path::{Path, PathBuf};

/// More files than any model comes in; a name that says otherwise is damaged or hostile.
const MOST: usize = 9999;

/// All files of the model that `path` belongs to, in order: `path` alone, unless its name ends like
/// `-00001-of-00003.gguf`.
pub(super) fn beside(path: &Path) -> Result<Vec<PathBuf>, ModelError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let Some((stem, count, ending)) = numbered(&name) else { return Ok(vec![path.to_owned()]) };
    let name = |number| format!("{stem}-{number:05}-of-{count:05}.{ending}");
    let paths = (1..=count).map(|number| path.with_file_name(name(number))).collect::<Vec<_>>();
    present(path, paths)
}

/// `paths`, if all of them are there; `owner` is what asked for them.
pub(super) fn present(owner: &Path, paths: Vec<PathBuf>) -> Result<Vec<PathBuf>, ModelError> {
    let Some(missing) = paths.iter().find(|path| !path.is_file()) else { return Ok(paths) };
    let what = format!(
        "the model `{}` is in {} files, and `{}` is missing",
        owner.display(),
        paths.len(),
        missing.display()
    );
    Err(setup(what, "fetch the model again: all of its files must lie in one folder"))
}

/// The parts of a name like `model-00001-of-00003.gguf`: what comes before, how many there are, and the ending.
fn numbered(name: &str) -> Option<(&str, usize, &str)> {
    let (rest, ending) = name.rsplit_once('.')?;
    let (rest, count) = rest.rsplit_once("-of-")?;
    let (stem, number) = rest.rsplit_once('-')?;
    let is_number = |text: &str| text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let count = (is_number(number) && is_number(count)).then(|| count.parse().ok())??;
    (1..=MOST).contains(&count).then_some((stem, count, ending))
}
