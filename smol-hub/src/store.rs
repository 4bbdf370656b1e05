//! The cache: a folder in which every file is whole.
//!
//! A file is written under a passing name, checked, and renamed. So whoever finds it under its own name may trust it, even
//! with other processes fetching the same file; its length is compared all the same, against disks that ran full.

use crate::{File, HubError, Progress};
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// The folder for what can be fetched again.
pub(crate) fn cache_folder(
    variable: impl Fn(&'static str) -> Option<String>,
    home: Option<PathBuf>,
) -> Option<PathBuf> {
    let own = variable("SMOLAGENTS_CACHE").map(PathBuf::from);
    let shared =
        || variable("XDG_CACHE_HOME").map(PathBuf::from).or_else(|| home.map(|home| home.join(".cache")));
    own.or_else(|| shared().map(|folder| folder.join("smolagents")))
}

/// Where `file` is kept. No part of its name can lead out of the cache.
pub(crate) fn place(cache: &Path, file: &File) -> PathBuf {
    let flat = |name: &str| name.replace(['/', '\\', ':'], "--").replace("..", "--");
    cache.join("models").join(flat(&file.repo)).join(flat(&file.revision)).join(flat(&file.path))
}

/// Whether a file of `size` bytes is at `path`.
pub(crate) fn is_there(path: &Path, size: u64) -> bool {
    fs::metadata(path).is_ok_and(|data| data.is_file() && data.len() == size)
}

/// Makes the folder that `path` lies in, and returns it.
pub(crate) fn make_folder(path: &Path) -> Result<&Path, HubError> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).map_err(|cause| disk(folder, &cause))?;
    Ok(folder)
}

/// A failure of the disk at `path`.
pub(crate) fn disk(path: &Path, cause: &impl ToString) -> HubError {
    HubError::Disk { path: path.to_owned(), cause: cause.to_string() }
}

/// A file on its way into the cache.
pub(crate) struct Arriving<'a> {
    file: &'a File,
    target: &'a Path,
    /// Where it comes from, for errors.
    origin: String,
    temporary: NamedTempFile,
    hash: Sha256,
    received: u64,
}

impl<'a> Arriving<'a> {
    pub(crate) fn new(file: &'a File, target: &'a Path, origin: String) -> Result<Self, HubError> {
        let folder = make_folder(target)?;
        let temporary = NamedTempFile::new_in(folder).map_err(|cause| disk(folder, &cause))?;
        Ok(Self { file, target, origin, temporary, hash: Sha256::new(), received: 0 })
    }

    /// Adds `bytes`, unless there are more of them than the file has.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<Progress, HubError> {
        self.received += bytes.len() as u64;
        if self.received > self.file.size {
            return Err(self.wrong_length());
        }
        self.hash.update(bytes);
        self.temporary.write_all(bytes).map_err(|cause| disk(self.temporary.path(), &cause))?;
        Ok(Progress { received: self.received, total: self.file.size })
    }

    /// Gives the file its name, if it is the one that was asked for.
    pub(crate) fn finish(self) -> Result<(), HubError> {
        if self.received != self.file.size {
            return Err(self.wrong_length());
        }
        let found = hex(&self.hash.finalize());
        if !self.file.sha256.is_empty() && found != self.file.sha256 {
            return Err(HubError::Checksum {
                origin: self.origin,
                expected: self.file.sha256.clone(),
                found,
            });
        }
        self.temporary.persist(self.target).map_err(|cause| disk(self.target, &cause))?;
        Ok(())
    }

    fn wrong_length(&self) -> HubError {
        HubError::Length { origin: self.origin.clone(), expected: self.file.size, found: self.received }
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_is_where_the_environment_says() {
        let check = |variables: &[(&str, &str)], home: Option<&str>, expect: Option<&str>| {
            let variable =
                |name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
            let found = cache_folder(variable, home.map(PathBuf::from));
            assert_eq!(found, expect.map(PathBuf::from), "{variables:?}");
        };
        check(&[("SMOLAGENTS_CACHE", "/a"), ("XDG_CACHE_HOME", "/b")], Some("/h"), Some("/a"));
        check(&[("XDG_CACHE_HOME", "/b")], Some("/h"), Some("/b/smolagents"));
        check(&[], Some("/h"), Some("/h/.cache/smolagents"));
        check(&[], None, None);
    }

    #[test]
    fn no_name_leads_out_of_the_cache() {
        let check = |repo: &str, path: &str, expect: &str| {
            let file = File {
                repo: repo.into(),
                revision: "main".into(),
                path: path.into(),
                size: 0,
                sha256: String::new(),
            };
            assert_eq!(place(Path::new("/c"), &file), Path::new(expect));
        };
        check("owner/name", "a.gguf", "/c/models/owner--name/main/a.gguf");
        check("owner/name", "sub/a.gguf", "/c/models/owner--name/main/sub--a.gguf");
        check("../..", "/etc/passwd", "/c/models/------/main/--etc--passwd");
    }
}
