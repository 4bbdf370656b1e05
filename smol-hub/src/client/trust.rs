//! Which commit of a Space somebody has looked at and found good. It is a note for the next look, not a permission: code of
//! a Space runs in a sandbox either way.

use super::{RepoName, repo::is_commit};
use crate::{Hub, HubError, folder::write};
use std::{fs, path::PathBuf};

impl Hub {
    /// The commit of a Space that was found good last.
    pub fn trusted(&self, name: &RepoName) -> Option<String> {
        let commit = fs::read_to_string(self.trust_note(name)).ok()?;
        Some(commit.trim().to_owned()).filter(|commit| is_commit(commit))
    }

    /// Notes that a commit of a Space was found good.
    ///
    /// # Errors
    /// [`HubError::Disk`].
    pub fn trust(&self, name: &RepoName, commit: &str) -> Result<(), HubError> {
        write(&self.trust_note(name), commit.as_bytes())
    }

    fn trust_note(&self, name: &RepoName) -> PathBuf {
        self.cache.join("trusted").join(name.id.replace('/', "--"))
    }
}
