//! What is different since the commit that was found good.

use similar::TextDiff;
use smol_hub::folder::Files;
use std::fmt;

/// How many lines around a change are shown.
const CONTEXT: usize = 3;

/// A file that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Where it lies.
    pub path: String,
    /// The changed lines in the usual form; for a file that is no text, a few words.
    pub diff: String,
}

/// The files that differ, in the order of their paths.
pub(super) fn between(old: &Files, new: &Files) -> Vec<Change> {
    let gone = old.iter().map(|(path, _)| path).filter(|path| new.get(path).is_none());
    let mut paths: Vec<&str> = new.iter().map(|(path, _)| path).chain(gone).collect();
    paths.sort_unstable();
    let differ = |path: &&str| old.get(path) != new.get(path);
    paths.into_iter().filter(differ).map(|path| change(path, old.get(path), new.get(path))).collect()
}

fn change(path: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> Change {
    let text = |content: Option<&[u8]>| String::from_utf8(content.unwrap_or_default().to_vec()).ok();
    let diff = match (text(old), text(new)) {
        (Some(before), Some(after)) => {
            let diff = TextDiff::from_lines(&before, &after);
            let (from, to) = (old.map_or("/dev/null", |_| path), new.map_or("/dev/null", |_| path));
            diff.unified_diff().context_radius(CONTEXT).header(from, to).to_string()
        }
        _ => format!("{path}: it is no text, and differs\n"),
    };
    Change { path: path.to_owned(), diff }
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.diff)
    }
}
