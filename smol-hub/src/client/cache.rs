//! The cache that Python's `huggingface_hub` keeps, so that both find what either fetched
//! (<https://huggingface.co/docs/huggingface_hub/guides/manage-cache>).
//!
//! A Space has a folder `spaces--owner--name`. In it, `blobs/` holds contents by their hashes, `snapshots/COMMIT/` the
//! files of a commit as links to those, and `refs/REVISION` the commit that a branch or tag was at.

use super::{RepoFile, RepoName, repo::is_commit};
use crate::{
    HubError,
    folder::write,
    store::{disk, hex},
};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Where one Space lies in the cache.
pub(super) struct Place(PathBuf);

impl Place {
    pub(super) fn new(cache: &Path, name: &RepoName) -> Self {
        Self(cache.join(format!("spaces--{}", name.id.replace('/', "--"))))
    }

    /// The commit that a revision was at when it was last seen.
    pub(super) fn commit(&self, revision: &str) -> Option<String> {
        if is_commit(revision) {
            return Some(revision.to_owned());
        }
        let commit = fs::read_to_string(self.0.join("refs").join(revision)).ok()?;
        Some(commit.trim().to_owned()).filter(|commit| is_commit(commit))
    }

    /// Notes what a revision is at.
    pub(super) fn note(&self, revision: &str, commit: &str) -> Result<(), HubError> {
        if is_commit(revision) || self.commit(revision).as_deref() == Some(commit) {
            return Ok(());
        }
        write(&self.0.join("refs").join(revision), commit.as_bytes())
    }

    /// The folder of a commit.
    pub(super) fn snapshot(&self, commit: &str) -> PathBuf {
        self.0.join("snapshots").join(commit)
    }

    /// Where a file of a commit is, if it is there and as long as it should be.
    pub(super) fn find(&self, commit: &str, file: &RepoFile) -> Option<PathBuf> {
        let path = self.snapshot(commit).join(&file.path);
        fs::metadata(&path).is_ok_and(|data| data.is_file() && data.len() == file.size).then_some(path)
    }

    /// Puts a checked content into the folder of a commit.
    pub(super) fn keep(&self, commit: &str, file: &RepoFile, content: &[u8]) -> Result<(), HubError> {
        let blob = file.sha256.clone().or_else(|| file.blob.clone()).unwrap_or_else(|| git_sha1(content));
        let path = self.snapshot(commit).join(&file.path);
        let target = self.0.join("blobs").join(&blob);
        write(&target, content)?;
        link(&path, &target, &blob, file.path.split('/').count(), content)
    }
}

/// Makes `path` a link to the blob, as the other programs do.
#[cfg(unix)]
fn link(path: &Path, _target: &Path, blob: &str, depth: usize, content: &[u8]) -> Result<(), HubError> {
    let folder = crate::store::make_folder(path)?;
    // Made beside its place and moved there: whoever looks finds the old or the new one.
    let passing = tempfile::tempdir_in(folder).map_err(|cause| disk(folder, &cause))?;
    let made = passing.path().join("link");
    let relative = format!("{}blobs/{blob}", "../".repeat(depth + 1));
    match std::os::unix::fs::symlink(relative, &made) {
        Ok(()) => fs::rename(&made, path).map_err(|cause| disk(path, &cause)),
        // Not every disk has links.
        Err(_) => write(path, content),
    }
}

#[cfg(not(unix))]
fn link(path: &Path, _target: &Path, _blob: &str, _depth: usize, content: &[u8]) -> Result<(), HubError> {
    write(path, content)
}

/// Refuses a content that is not the one that the Hub named.
pub(super) fn check(file: &RepoFile, origin: &str, content: &[u8]) -> Result<(), HubError> {
    let (expected, found) = match (&file.sha256, &file.blob) {
        (Some(sha256), _) => (sha256, hex(&Sha256::digest(content))),
        (None, Some(blob)) => (blob, git_sha1(content)),
        (None, None) => return Ok(()),
    };
    if *expected == found {
        return Ok(());
    }
    Err(HubError::Checksum { origin: origin.to_owned(), expected: expected.clone(), found })
}

/// What Git calls a content.
fn git_sha1(content: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", content.len()));
    hash.update(content);
    hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_have_the_names_that_git_gives_them() {
        // As `git hash-object` prints them.
        assert_eq!(git_sha1(b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(git_sha1(b"hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
    }
}
