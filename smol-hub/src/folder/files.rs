//! A set of small files by their paths.

use super::check_path;
use crate::HubError;
use std::collections::BTreeMap;

/// The largest file that belongs to a tool or an agent, in bytes. They are texts and now and then a picture.
pub const LARGEST_FILE: u64 = 10 << 20;

/// More files than any tool or agent has.
pub const MOST_FILES: usize = 1000;

/// Files by their paths, which have `/` between their parts on every system and lead nowhere outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or takes its place.
    ///
    /// # Errors
    /// [`HubError::Path`] for a path that could lead out of a folder, [`HubError::TooLarge`] for more than
    /// [`LARGEST_FILE`] or [`MOST_FILES`].
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> Result<(), HubError> {
        let (path, content) = (path.into(), content.into());
        check_path(&path)?;
        check_size(&path, content.len() as u64)?;
        if self.0.len() >= MOST_FILES {
            return Err(HubError::TooMany { limit: MOST_FILES });
        }
        self.0.insert(path, content);
        Ok(())
    }

    /// The content of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }

    /// The content of a file as text, if it is there.
    ///
    /// # Errors
    /// [`HubError::Format`] where it is not UTF-8.
    pub fn text(&self, path: &str) -> Result<Option<&str>, HubError> {
        let Some(content) = self.get(path) else { return Ok(None) };
        let text = std::str::from_utf8(content).map_err(|_| HubError::format(path, &"it is not UTF-8"))?;
        Ok(Some(text.strip_prefix('\u{feff}').unwrap_or(text)))
    }

    /// All files, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(path, content)| (path.as_str(), content.as_slice()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those below a folder, by their paths from there.
    pub(super) fn below(&self, folder: &str) -> Self {
        let inside = |path: &String| path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned);
        Self(self.0.iter().filter_map(|(path, content)| Some((inside(path)?, content.clone()))).collect())
    }

    /// Puts others into a folder of these.
    pub(super) fn add_below(&mut self, folder: &str, files: Self) -> Result<(), HubError> {
        files.0.into_iter().try_for_each(|(path, content)| self.insert(format!("{folder}/{path}"), content))
    }

    /// Takes a file out.
    pub(super) fn remove(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// Keeps those files whose paths are wanted.
    pub(crate) fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        self.0.retain(|path, _| wanted(path));
    }
}

/// Refuses what is too large to belong to a tool or an agent.
pub(crate) fn check_size(path: &str, size: u64) -> Result<(), HubError> {
    if size > LARGEST_FILE {
        return Err(HubError::TooLarge { path: path.to_owned(), size, limit: LARGEST_FILE });
    }
    Ok(())
}
