//! Old compiled code. Each version of this program and of its engine compiles Python under a name of its own, 50 MB a
//! time, and nothing else would ever take them away.

use std::{
    fs::{self, DirEntry},
    path::Path,
    time::{Duration, SystemTime},
};

/// How long code is kept that is not in use here: another version of this program may be in use, too. Should it come
/// back later, it compiles once more.
const KEPT: Duration = Duration::from_hours(30 * 24);

/// Removes from `folder` what was compiled long before `now`, but not what belongs to the file `used`. What cannot be
/// removed stays: it costs nothing but space.
pub(super) fn prune(folder: &Path, used: &str, now: SystemTime) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_other = name.to_str().is_some_and(|name| is_compiled(name) && !name.starts_with(used));
        if is_other && is_old(&entry, now) {
            remove(&entry.path());
        }
    }
}

/// Whether a file is named as compiled code is, or its digest, or a draft of either that was never finished.
pub(super) fn is_compiled(name: &str) -> bool {
    let parts = name.strip_prefix("python-").and_then(|rest| rest.split_once(".cwasm"));
    parts.is_some_and(|(hash, end)| {
        hash.len() == 16
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
            && (matches!(end, "" | ".sha256") || end.ends_with(".draft"))
    })
}

fn is_old(entry: &DirEntry, now: SystemTime) -> bool {
    let written = entry.metadata().and_then(|metadata| metadata.modified());
    written.is_ok_and(|written| now.duration_since(written).is_ok_and(|age| age > KEPT))
}

fn remove(path: &Path) {
    match fs::remove_file(path) {
        Ok(()) => tracing::debug!(path = %path.display(), "old compiled code was removed"),
        Err(error) => {
            tracing::debug!(path = %path.display(), %error, "old compiled code could not be removed")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    const USED: &str = "python-00000000000000aa.cwasm";

    /// Whether a file of that name and age is there after pruning, when [`USED`] is in use.
    #[track_caller]
    fn check(name: &str, days: u64, stays: bool) {
        let folder = tempfile::tempdir().expect("a folder");
        let now = SystemTime::now();
        let path = folder.path().join(name);
        let written =
            File::create(&path).and_then(|file| file.set_modified(now - Duration::from_hours(24 * days)));
        written.expect("written");
        prune(folder.path(), USED, now);
        assert_eq!(path.exists(), stays, "{name}, {days} days old");
    }

    #[test]
    fn what_is_old_ours_and_not_in_use_is_removed() {
        for (name, stays) in [
            ("python-0123456789abcdef.cwasm", false),
            ("python-0123456789abcdef.cwasm.sha256", false),
            ("python-0123456789abcdef.cwasm.4711.draft", false),
            ("python-0123456789abcdef.cwasm.sha256.4711.draft", false),
            (USED, true),
            ("python-00000000000000aa.cwasm.sha256", true),
            ("python-0123456789abcdef.cwasm.txt", true),
            ("python-0123456789abcdef.wasm", true),
            ("python-mine.cwasm", true),
            ("other-0123456789abcdef.cwasm", true),
            ("lock", true),
        ] {
            check(name, 31, stays);
            check(name, 29, true);
        }
    }

    #[test]
    fn what_cannot_be_removed_or_read_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let now = SystemTime::now() + KEPT * 2;
        let full = folder.path().join("python-0123456789abcdef.cwasm");
        fs::create_dir_all(full.join("below")).expect("made");
        prune(folder.path(), USED, now);
        assert!(full.exists());
        prune(&folder.path().join("missing"), USED, now);
    }
}
