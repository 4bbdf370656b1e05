//! Where code works, if its user gave it no folder: what is left behind by a process that was killed is removed by the next
//! one that starts.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// The working folder inside of a sandbox that has its own files.
pub(crate) const OWN: &str = "/work";

/// What names of ours begin with.
const PREFIX: &str = "smolagents-";

/// A name that no other sandbox on this machine has, and that tells which process made it.
pub(crate) fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("{PREFIX}{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// Removes by `remove` what is named as by [`unique`] in `folder` and was made by processes that have ended, the first time
/// that this process asks: a folder that thousands of sandboxes share is not to be read for each. Only Linux tells which
/// processes have ended.
pub(crate) fn remove_leftovers(folder: &Path, remove: impl Fn(&Path) -> io::Result<()>) {
    static SWEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let is_first = SWEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(folder.to_owned());
    if !is_first || !Path::new("/proc/self").exists() {
        return;
    }
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
#[cfg(all(unix, feature = "process"))]
pub(crate) fn make(owner: Option<u32>) -> io::Result<PathBuf> {
    let all = std::env::temp_dir();
    remove_leftovers(&all, remove);
    let path = all.join(unique());
    // Whoever is let into the folder of all must not have put something there.
    fs::create_dir(&path)?;
    std::os::unix::fs::chown(&path, owner, owner)?;
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
    Ok(path)
}

/// An empty folder of this user's own, which is removed when it is dropped.
#[cfg(feature = "wasm")]
#[derive(Debug)]
pub(crate) struct Passing(PathBuf);

#[cfg(feature = "wasm")]
impl Passing {
    /// Makes it.
    pub(crate) fn make() -> io::Result<Self> {
        let all = std::env::temp_dir();
        remove_leftovers(&all, remove);
        let path = all.join(unique());
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self(path))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

#[cfg(feature = "wasm")]
impl Drop for Passing {
    fn drop(&mut self) {
        // A write that was under way when its sandbox was dropped may still have put something in.
        let removed = remove(&self.0).or_else(|_| remove(&self.0));
        if let Err(error) = removed {
            tracing::warn!(path = %self.0.display(), %error, "a sandbox's files were not removed");
        }
    }
}

/// Removes a folder and all below it, however deep: what lies two levels down is moved up first, so no path grows longer
/// than the system takes and nothing recurs.
#[cfg(any(feature = "wasm", all(unix, feature = "process")))]
fn remove(folder: &Path) -> io::Result<()> {
    let mut moved = 0_u64;
    let mut pending = vec![folder.to_owned()];
    while let Some(next) = pending.pop() {
        for entry in fs::read_dir(&next)? {
            let entry = entry?;
            if !entry.file_type()?.is_dir() {
                fs::remove_file(entry.path())?;
                continue;
            }
            moved += 1;
            let beside = folder.with_file_name(format!(
                "{}-{moved}",
                folder.file_name().unwrap_or_default().to_string_lossy()
            ));
            fs::rename(entry.path(), &beside)?;
            pending.push(beside);
        }
        fs::remove_dir(&next)?;
    }
    Ok(())
}

#[cfg(all(test, feature = "wasm"))]
mod tests {
    use super::*;

    #[test]
    fn a_folder_goes_with_all_below_it_however_deep() {
        let folder = Passing::make().expect("a folder");
        let path = folder.path().to_owned();
        let mut deep = path.clone();
        for _ in 0..3 {
            // A tree as deep as a path may be long is moved below another.
            let branch: PathBuf = std::iter::repeat_n("a", 1500).collect();
            fs::create_dir_all(path.join("new").join(&branch)).expect("made");
            fs::write(path.join("new").join("file"), b"x").expect("written");
            if deep != path {
                fs::rename(path.join("old"), path.join("new").join(&branch).join("b")).expect("moved");
            }
            fs::rename(path.join("new"), path.join("old")).expect("moved");
            deep = path.join("old");
        }
        drop(folder);
        assert!(!path.exists());
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let left = fs::read_dir(std::env::temp_dir()).expect("listed").flatten();
        assert_eq!(
            left.filter(|entry| entry.file_name().to_string_lossy().starts_with(&format!("{name}-"))).count(),
            0
        );
    }
}
