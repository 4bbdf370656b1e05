//! The files that code sees: a working folder that it may write, and packages that it may only read. All that lies outside
//! has no name inside.

use super::{allowance::Allowance, start_error};
use crate::folder::{OWN, Passing};
use serde_json::{Value, json};
use smol_core::exec::ExecError;
use std::{
    borrow::Cow,
    ffi::OsStr,
    fs, io,
    path::{Component, Path, PathBuf},
    sync::Arc,
};
use wasmtime_wasi::{FsPerms, WasiCtxBuilder};
use zip::ZipArchive;

/// Where packages are inside.
const PACKAGES: &str = "/packages";

/// What files of machine code are called, on any system.
const COMPILED: [&str; 5] = ["so", "pyd", "dylib", "dll", "a"];

/// What its user may set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    /// `None`: an empty one that ends with the session.
    pub(super) folder: Option<PathBuf>,
    pub(super) packages: Vec<PathBuf>,
    pub(super) files: Vec<(String, Arc<[u8]>)>,
    /// How many bytes a session may write.
    pub(super) written: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { folder: None, packages: Vec::new(), files: Vec::new(), written: 256 << 20 }
    }
}

/// The files of one session.
#[derive(Debug)]
pub(super) struct Places {
    /// Host folders with their names inside, and whether code may write there.
    folders: Vec<(PathBuf, String, FsPerms)>,
    /// What Python looks for modules in.
    packages: Vec<String>,
    pub(super) allowance: Allowance,
    /// Removed with the session.
    _own: Passing,
}

impl Places {
    /// Lays out the files of a new session.
    pub(super) fn prepare(settings: &Settings) -> Result<Self, ExecError> {
        let own = Passing::make().map_err(start_error)?;
        let work = match &settings.folder {
            Some(folder) if folder.is_dir() => folder.clone(),
            Some(folder) => {
                let cause = format!("the working folder `{}` is not there", folder.display());
                return Err(refused(cause, "make it first"));
            }
            None => make(own.path().join("work"))?,
        };
        settings.files.iter().try_for_each(|(name, content)| put(&work, name, content))?;
        let folders = vec![(work, OWN.to_owned(), FsPerms::ReadWrite)];
        let allowance = Allowance::new(settings.written);
        let mut places = Self { folders, packages: Vec::new(), allowance, _own: own };
        places.lay_packages(&settings.packages)?;
        Ok(places)
    }

    /// Adds what a Python brings along that is not whole in itself: folders that code may only read, and what it finds
    /// modules in before all else. Besides, a folder for passing files.
    #[cfg(feature = "wasm-data")]
    pub(super) fn with_python(
        mut self,
        folders: &[(PathBuf, String)],
        modules: String,
    ) -> Result<Self, ExecError> {
        let passing = make(self._own.path().join("tmp"))?;
        // The same ones come first in every session, so that each has the same number.
        let brought = folders.iter().map(|(folder, name)| (folder.clone(), name.clone(), FsPerms::ReadOnly));
        let passing = (passing, "/tmp".to_owned(), FsPerms::ReadWrite);
        self.folders.splice(0..0, brought.chain([passing]));
        self.packages.insert(0, modules);
        Ok(self)
    }

    fn lay_packages(&mut self, packages: &[PathBuf]) -> Result<(), ExecError> {
        if packages.is_empty() {
            return Ok(());
        }
        let shelf = make(self._own.path().join("packages"))?;
        self.folders.push((shelf.clone(), PACKAGES.to_owned(), FsPerms::ReadOnly));
        for (number, package) in packages.iter().enumerate() {
            let unreadable = |error: io::Error| {
                refused(format!("the package `{}` could not be read: {error}", package.display()), "")
            };
            refuse_compiled(package, compiled_module(package).map_err(unreadable)?.as_deref())?;
            let place = format!("{PACKAGES}/{number}");
            let here = make(shelf.join(number.to_string()))?;
            let name = package.file_name().unwrap_or_default().to_string_lossy().into_owned();
            self.packages.push(if package.is_file() {
                fs::copy(package, here.join(&name)).map_err(unreadable)?;
                format!("{place}/{name}")
            } else if package.join("__init__.py").is_file() {
                // Whoever lists the folder above must see that something is there.
                make(here.join(&name))?;
                self.folders.push((package.clone(), format!("{place}/{name}"), FsPerms::ReadOnly));
                place
            } else {
                self.folders.push((package.clone(), place.clone(), FsPerms::ReadOnly));
                place
            });
        }
        Ok(())
    }

    /// Lets code see them.
    pub(super) fn open(&self, wasi: &mut WasiCtxBuilder) -> wasmtime::Result<()> {
        for (folder, name, permissions) in &self.folders {
            wasi.preopened_dir(folder, name, *permissions)?;
        }
        Ok(())
    }

    /// What the guest is told of them.
    pub(super) fn told(&self) -> Value {
        json!({ "folder": OWN, "packages": self.packages })
    }
}

fn make(folder: PathBuf) -> Result<PathBuf, ExecError> {
    fs::create_dir(&folder).map_err(start_error)?;
    Ok(folder)
}

/// Puts a file into the working folder.
fn put(work: &Path, name: &str, content: &[u8]) -> Result<(), ExecError> {
    let path = Path::new(name);
    let stays = !name.is_empty() && path.components().all(|part| matches!(part, Component::Normal(_)));
    if !stays {
        let cause = format!("the file `{name}` would not be in the working folder");
        return Err(refused(cause, "give a name such as `data/table.csv`"));
    }
    let path = work.join(path);
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, content));
    written.map_err(|error| refused(format!("the file `{name}` could not be written: {error}"), ""))
}

/// The first file of a package that holds machine code.
fn compiled_module(package: &Path) -> io::Result<Option<String>> {
    if package.is_file() {
        let archive = ZipArchive::new(fs::File::open(package)?).map_err(io::Error::other)?;
        let mut names = archive.file_names().flatten();
        return Ok(names.find(|name| is_compiled(Path::new(name.as_ref()))).map(Cow::into_owned));
    }
    let mut folders = vec![package.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            match entry.file_type()?.is_dir() {
                true => folders.push(entry.path()),
                false if is_compiled(&entry.path()) => return Ok(Some(entry.path().display().to_string())),
                false => {}
            }
        }
    }
    Ok(None)
}

fn is_compiled(path: &Path) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|ending| COMPILED.contains(&ending))
}

fn refuse_compiled(package: &Path, module: Option<&str>) -> Result<(), ExecError> {
    let Some(module) = module else { return Ok(()) };
    let cause = format!("the package `{}` holds machine code: `{module}`", package.display());
    Err(refused(cause, "in WebAssembly only packages of pure Python work; the `process` executor takes any"))
}

fn refused(cause: String, hint: &str) -> ExecError {
    ExecError::Start { executor: "wasm".to_owned(), cause, hint: hint.to_owned() }
}

/// The setters of files that both Pythons share, for a type with the field `files`.
macro_rules! setters {
    ($type:ty) => {
        impl $type {
            /// Adds packages that code may import: wheels, folders that are packages, or folders that hold modules. Only pure
            /// Python works; with machine code among them no sandbox opens.
            pub fn packages(
                mut self,
                paths: impl IntoIterator<Item = impl Into<std::path::PathBuf>>,
            ) -> Self {
                self.files.packages.extend(paths.into_iter().map(Into::into));
                self
            }

            /// Sets the folder that code reads and writes as its working folder, also after the sandbox has ended. Otherwise it
            /// is an empty one that ends with the sandbox. Nothing outside of it can be reached, whatever links lie in it.
            pub fn working_folder(mut self, folder: impl Into<std::path::PathBuf>) -> Self {
                self.files.folder = Some(folder.into());
                self
            }

            /// Puts a file into the working folder of each sandbox, under a relative name such as `data/table.csv`.
            pub fn file(mut self, name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
                self.files.files.push((name.into(), content.into().into()));
                self
            }

            /// Sets how many bytes the code of a sandbox may write to files in all, 256 MiB unless told. Code that writes more
            /// meets an `OSError`, as on a full disk, and the session goes on.
            pub fn written(mut self, bytes: u64) -> Self {
                self.files.written = bytes;
                self
            }
        }
    };
}
pub(super) use setters;
