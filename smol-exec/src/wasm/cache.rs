//! Compiled code kept on disk. Machine code from a file is trusted like the program itself, so a file counts only if it
//! and its folder are this user's alone, and if its content still has the digest noted when it was written.

use super::prune::prune;
use sha2::{Digest, Sha256};
use std::{
    ffi::OsString,
    fs::{self, DirBuilder, File},
    io::{self, Read},
    path::{Path, PathBuf},
    time::SystemTime,
};

/// A folder of compiled code, or none where none can be used: then nothing is found and nothing kept.
#[derive(Debug, Clone)]
pub(super) struct Cache {
    folder: Option<PathBuf>,
}

impl Cache {
    /// The user's cache, as the environment names it.
    pub(super) fn of_user() -> Self {
        let folder = folder(|name| std::env::var_os(name).filter(|value| !value.is_empty()));
        folder.map_or(Self { folder: None }, |folder| Self::at(&folder))
    }

    /// The cache in `folder`, which is made if need be.
    pub(super) fn at(folder: &Path) -> Self {
        let usable = make_private(folder).and_then(|()| check_private(&fs::metadata(folder)?));
        if let Err(error) = &usable {
            tracing::warn!(folder = %folder.display(), %error, "the cache folder is not used");
        }
        Self { folder: usable.ok().map(|()| folder.to_owned()) }
    }

    /// The cache in the folder `name` below this one.
    #[cfg(feature = "wasm-data")]
    pub(super) fn below(&self, name: &str) -> Self {
        self.folder.as_ref().map_or(Self { folder: None }, |folder| Self::at(&folder.join(name)))
    }

    /// Where it is.
    #[cfg(feature = "wasm-data")]
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The file `name`, if it is whole and ours.
    pub(super) fn find(&self, name: &str) -> Option<PathBuf> {
        let path = self.folder.as_ref()?.join(name);
        let found = check_file(&path);
        match found {
            Ok(()) => return Some(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(path = %path.display(), %error, "the cached file is not used"),
        }
        None
    }

    /// Keeps `content` as `name`, and removes old files of its like. That it cannot is no failure: it costs time on the next start.
    pub(super) fn keep(&self, name: &str, content: &[u8]) {
        let Some(folder) = &self.folder else { return };
        let sum = write_whole(folder, &sum_name(name), digest(content).as_bytes());
        if let Err(error) = sum.and_then(|()| write_whole(folder, name, content)) {
            tracing::warn!(folder = %folder.display(), %error, "the cache could not be written");
        }
        prune(folder, name, SystemTime::now());
    }

    /// Waits until no other process holds the lock, and holds it until the file is dropped.
    pub(super) fn lock(&self) -> Option<File> {
        let file = File::create(self.folder.as_ref()?.join("lock")).ok()?;
        file.lock().ok().map(|()| file)
    }
}

fn folder(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let below = |name, rest: &str| variable(name).map(|base| Path::new(&base).join(rest));
    variable("SMOLAGENTS_CACHE")
        .map(PathBuf::from)
        .or_else(|| below("XDG_CACHE_HOME", "smolagents"))
        .or_else(|| below("HOME", ".cache/smolagents"))
        .or_else(|| below("LOCALAPPDATA", "smolagents"))
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Refuses what someone else owns or may write.
#[cfg(unix)]
fn check_private(metadata: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::Error::other("it belongs to someone else"));
    }
    if metadata.mode() & 0o022 != 0 {
        return Err(io::Error::other("others may write it"));
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_private(_metadata: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

fn check_file(path: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    check_private(&metadata)?;
    let noted = fs::read_to_string(
        path.with_file_name(sum_name(&path.file_name().unwrap_or_default().to_string_lossy())),
    )?;
    if noted != digest_of(File::open(path)?)? {
        return Err(io::Error::other("it is damaged"));
    }
    Ok(())
}

/// Writes beside the target and renames, so that no reader ever sees half a file.
fn write_whole(folder: &Path, name: &str, content: &[u8]) -> io::Result<()> {
    let draft = folder.join(format!("{name}.{}.draft", std::process::id()));
    fs::write(&draft, content)?;
    fs::rename(&draft, folder.join(name))
}

fn sum_name(name: &str) -> String {
    format!("{name}.sha256")
}

/// The digest of a file, without holding all of it: it may be 50 MB.
pub(super) fn digest_of(mut file: File) -> io::Result<String> {
    let (mut hasher, mut piece) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hex(&hasher.finalize())),
            read => hasher.update(piece.get(..read).unwrap_or_default()),
        }
    }
}

fn digest(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = Cache::at(&folder.path().join("new/cache"));
        assert_eq!(cache.find("code"), None);
        cache.keep("code", b"one");
        cache.keep("code", b"two");
        let path = cache.find("code").expect("it is found");
        assert_eq!(fs::read(path).expect("it is read"), b"two");
        assert!(cache.lock().is_some());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_damaged_or_not_ours_alone_is_not_found_until_it_is_kept_again() {
        fn check(what: &str, harm: impl Fn(&Path)) {
            let folder = tempfile::tempdir().expect("a folder");
            let cache = Cache::at(folder.path());
            cache.keep("code", b"content");
            harm(&folder.path().join("code"));
            assert_eq!(cache.find("code"), None, "{what}");
            cache.keep("code", b"content");
            assert!(cache.find("code").is_some(), "{what}, then kept again");
        }
        check("truncated", |path| fs::write(path, b"cont").expect("written"));
        check("emptied", |path| fs::write(path, b"").expect("written"));
        check("altered", |path| fs::write(path, b"CONTENT").expect("written"));
        check("without its digest", |path| fs::remove_file(path.with_extension("sha256")).expect("removed"));
        check("with another's digest", |path| {
            fs::write(path.with_extension("sha256"), digest(b"other")).expect("written");
        });
        check("writable by others", |path| set_mode(path, 0o666));
        check("a link", |path| {
            let target = path.with_extension("moved");
            fs::rename(path, &target).expect("moved");
            std::os::unix::fs::symlink(target, path).expect("linked");
        });
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_is_made_for_the_user_alone_and_one_that_others_may_write_is_not_used() {
        use std::os::unix::fs::MetadataExt;
        let folder = tempfile::tempdir().expect("a folder");
        let made = folder.path().join("made");
        Cache::at(&made);
        assert_eq!(fs::metadata(&made).expect("it is there").mode() & 0o777, 0o700);
        set_mode(&made, 0o777);
        let cache = Cache::at(&made);
        cache.keep("code", b"content");
        assert_eq!(cache.find("code"), None);
        assert!(cache.lock().is_none());
        assert_eq!(fs::read_dir(&made).expect("it is read").count(), 0);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_done_without() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, b"").expect("written");
        let cache = Cache::at(&file.join("cache"));
        cache.keep("code", b"content");
        assert_eq!(cache.find("code"), None);
    }

    #[test]
    fn the_environment_names_the_folder() {
        fn check(set: &[(&str, &str)], expected: Option<&str>) {
            let variable =
                |name: &str| set.iter().find(|(set, _)| *set == name).map(|(_, value)| value.into());
            assert_eq!(folder(variable), expected.map(PathBuf::from), "{set:?}");
        }
        check(&[("SMOLAGENTS_CACHE", "/s"), ("XDG_CACHE_HOME", "/x"), ("HOME", "/h")], Some("/s"));
        check(&[("XDG_CACHE_HOME", "/x"), ("HOME", "/h")], Some("/x/smolagents"));
        check(&[("HOME", "/h")], Some("/h/.cache/smolagents"));
        check(&[], None);
    }

    #[cfg(unix)]
    fn set_mode(path: &Path, mode: u32) {
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(path, permissions).expect("set");
    }
}
