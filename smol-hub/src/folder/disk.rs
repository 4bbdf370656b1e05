//! Files of a folder on the disk. A file appears under its name only when it is whole, and no link is followed out.

use super::{Files, check_size};
use crate::{HubError, store::disk};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// What tools of developers leave in folders.
const SKIPPED: [&str; 6] = [".git", "__pycache__", ".venv", "venv", "node_modules", ".cache"];

impl Files {
    /// Reads all files below `folder`.
    ///
    /// # Errors
    /// [`HubError::Disk`], and what [`Files::insert`] refuses; [`HubError::Path`] for a link that leads elsewhere.
    pub fn from_folder(folder: impl AsRef<Path>) -> Result<Self, HubError> {
        let folder = folder.as_ref();
        let root = fs::canonicalize(folder).map_err(|cause| HubError::unread(folder, &cause))?;
        let mut files = Self::new();
        let mut waiting = vec![(root.clone(), String::new())];
        while let Some((place, prefix)) = waiting.pop() {
            let entries = fs::read_dir(&place).map_err(|cause| HubError::unread(&place, &cause))?;
            for entry in entries {
                let entry = entry.map_err(|cause| HubError::unread(&place, &cause))?;
                let Ok(name) = entry.file_name().into_string() else {
                    let path = entry.path().display().to_string();
                    return Err(HubError::Path { path, cause: "its name is not UTF-8".to_owned() });
                };
                let path = format!("{prefix}{name}");
                let found = inside(&root, &entry.path(), &path)?;
                if found.is_dir() {
                    if !SKIPPED.contains(&name.as_str()) {
                        // Of a folder that is linked to from within itself there is no end.
                        super::check_path(&path)?;
                        waiting.push((entry.path(), path + "/"));
                    }
                } else {
                    let data = fs::metadata(&found).map_err(|cause| HubError::unread(&found, &cause))?;
                    check_size(&path, data.len())?;
                    let content = fs::read(&found).map_err(|cause| HubError::unread(&found, &cause))?;
                    files.insert(path, content)?;
                }
            }
        }
        Ok(files)
    }

    /// Writes all files below `folder`, which is made if it is not there. Other files in it stay.
    ///
    /// # Errors
    /// [`HubError::Disk`]; files that were written by then are whole.
    pub fn write_to(&self, folder: impl AsRef<Path>) -> Result<(), HubError> {
        let folder = folder.as_ref();
        fs::create_dir_all(folder).map_err(|cause| disk(folder, &cause))?;
        self.iter().try_for_each(|(path, content)| write(&folder.join(path), content))
    }
}

/// Where a path really is. A link may lead within the folder; those of a cache of the Hub lead to its `blobs`.
fn inside(root: &Path, place: &Path, path: &str) -> Result<PathBuf, HubError> {
    let found = fs::canonicalize(place).map_err(|cause| HubError::unread(place, &cause))?;
    let blobs = root.parent().and_then(Path::parent).map(|cache| cache.join("blobs"));
    let is_cache = root.parent().is_some_and(|parent| parent.ends_with("snapshots"));
    if found.starts_with(root) || (is_cache && blobs.is_some_and(|blobs| found.starts_with(blobs))) {
        return Ok(found);
    }
    Err(HubError::Path {
        path: path.to_owned(),
        cause: "it is a link that leads out of the folder".to_owned(),
    })
}

/// Writes a file under a passing name, and then gives it its own.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<(), HubError> {
    let folder = crate::store::make_folder(path)?;
    let mut file = NamedTempFile::new_in(folder).map_err(|cause| disk(folder, &cause))?;
    file.write_all(content).map_err(|cause| disk(path, &cause))?;
    readable(file.path()).map_err(|cause| disk(path, &cause))?;
    file.persist(path).map_err(|cause| disk(path, &cause))?;
    Ok(())
}

/// Passing files are their owner's alone; what is shared is read by others too.
#[cfg(unix)]
fn readable(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_path: &Path) -> std::io::Result<()> {
    Ok(())
}
