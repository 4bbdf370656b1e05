//! Where code works, if its user gave it no folder: what is left behind by a process that was killed is removed by the next
//! one that starts.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// The working folder inside of a sandbox that has its own files.
pub(super) const OWN: &str = "/work";

/// What names of ours begin with.
const PREFIX: &str = "smolagents-";

/// A name that no other sandbox on this machine has, and that tells which process made it.
pub(super) fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{PREFIX}{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Removes by `remove` what is named as by [`unique`] in `folder` and was made by processes that have ended.
pub(super) fn remove_leftovers(folder: &Path, remove: impl Fn(&Path) -> io::Result<()>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let maker =
            name.to_str().and_then(|name| name.strip_prefix(PREFIX)).and_then(|rest| rest.split('-').next());
        if maker
            .and_then(|id| id.parse::<u32>().ok())
            .is_some_and(|id| !Path::new(&format!("/proc/{id}")).exists())
        {
            // Another process may be at it too.
            let _ = remove(&entry.path());
        }
    }
}

/// An empty folder of its own, for the user `owner`.
pub(super) fn make(owner: Option<u32>) -> io::Result<PathBuf> {
    let all = std::env::temp_dir();
    remove_leftovers(&all, |path| fs::remove_dir_all(path));
    let path = all.join(unique());
    // Whoever is let into the folder of all must not have put something there.
    fs::create_dir(&path)?;
    std::os::unix::fs::chown(&path, owner, owner)?;
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(path)
}
