//! Python packages that a shared tool needs, installed where no other Python sees them, once for each list of them.
//!
//! Only wheels are installed, and only plain names with versions: building a package runs its code on this machine, and an
//! option or an address could fetch anything. So installing runs nothing of what is installed; that runs in a sandbox.

use crate::{
    Hub, HubError,
    folder::{Requirements, write},
    store::{disk, hex},
};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use tokio::task;

/// The Python in WebAssembly, for which packages are picked.
const WASM_PYTHON: &str = "3.14";

impl Hub {
    /// Whether the packages are installed already, in any of the ways below.
    pub fn has_packages(&self, requirements: &Requirements) -> bool {
        ["venv", "pure", "image"].iter().any(|kind| self.place(kind, requirements).exists())
    }

    /// The Python of a virtual environment that holds the packages.
    ///
    /// # Errors
    /// [`HubError::Irregular`], [`HubError::Package`], [`HubError::Disk`].
    pub async fn virtual_environment(&self, requirements: &Requirements) -> Result<PathBuf, HubError> {
        let python = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        let place = self.install("venv", requirements, move |folder, list| {
            let [folder, list] = [folder, list].map(|path| path.display().to_string());
            run(&["-m", "venv", "--without-pip", &folder])?;
            run(&[
                "-m",
                "pip",
                "--python",
                &format!("{folder}/{python}"),
                "install",
                "--only-binary",
                ":all:",
                "-r",
                &list,
            ])
        });
        Ok(place.await?.join(python))
    }

    /// A folder of modules that are Python and nothing else, for the sandbox in this process.
    ///
    /// # Errors
    /// [`HubError::Irregular`], [`HubError::Disk`], and [`HubError::Package`] also where one of them holds machine code.
    pub async fn pure_packages(&self, requirements: &Requirements) -> Result<PathBuf, HubError> {
        let pure =
            ["--implementation", "py", "--abi", "none", "--platform", "any", "--python-version", WASM_PYTHON];
        let place = self.install("pure", requirements, move |folder, list| {
            let [folder, list] = [folder, list].map(|path| path.display().to_string());
            let mut arguments =
                vec!["-m", "pip", "install", "--only-binary", ":all:", "--target", &folder, "-r", &list];
            arguments.extend(pure);
            run(&arguments)
        });
        place.await
    }

    /// A Dockerfile of an image that holds the packages.
    ///
    /// # Errors
    /// [`HubError::Irregular`], [`HubError::Disk`].
    pub async fn dockerfile(&self, requirements: &Requirements) -> Result<PathBuf, HubError> {
        let place = self.install("image", requirements, |folder, list| {
            let text = format!(
                "FROM python:{WASM_PYTHON}-slim\nCOPY requirements.txt /requirements.txt\n\
                 RUN pip install --no-cache-dir --only-binary :all: -r /requirements.txt\n"
            );
            fs::create_dir_all(folder).map_err(|cause| disk(folder, &cause))?;
            fs::copy(list, folder.join("requirements.txt")).map_err(|cause| disk(folder, &cause))?;
            write(&folder.join("Dockerfile"), text.as_bytes())
        });
        Ok(place.await?.join("Dockerfile"))
    }

    fn place(&self, kind: &str, requirements: &Requirements) -> PathBuf {
        let hash = hex(&Sha256::digest(requirements.text()));
        self.cache.join("packages").join(format!("{kind}-{}", hash.get(..16).unwrap_or_default()))
    }

    /// Has `make` fill a folder, which gets its name once that is done. It is given the folder and a file of requirements.
    async fn install(
        &self,
        kind: &str,
        requirements: &Requirements,
        make: impl FnOnce(&Path, &Path) -> Result<(), HubError> + Send + 'static,
    ) -> Result<PathBuf, HubError> {
        let irregular = requirements.irregular();
        if !irregular.is_empty() {
            return Err(HubError::Irregular { lines: irregular.into_iter().map(str::to_owned).collect() });
        }
        let (place, text) = (self.place(kind, requirements), requirements.text());
        if place.exists() {
            return Ok(place);
        }
        let target = place.clone();
        let work = task::spawn_blocking(move || {
            let parent = crate::store::make_folder(&target)?;
            let passing = tempfile::tempdir_in(parent).map_err(|cause| disk(parent, &cause))?;
            let (folder, list) = (passing.path().join("made"), passing.path().join("requirements.txt"));
            write(&list, text.as_bytes())?;
            make(&folder, &list)?;
            match fs::rename(&folder, &target) {
                // Another process was first.
                Err(_) if target.exists() => Ok(()),
                done => done.map_err(|cause| disk(&target, &cause)),
            }
        });
        work.await.map_err(|cause| disk(&place, &cause))??;
        Ok(place)
    }
}

/// Has this machine's Python do something.
fn run(arguments: &[&str]) -> Result<(), HubError> {
    let program = if cfg!(windows) { "python" } else { "python3" };
    let shown = || format!("{program} {}", arguments.join(" "));
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("PIP_NO_INPUT", "1")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .env("PIP_QUIET", "1");
    let output = command
        .stdin(std::process::Stdio::null())
        .output()
        .map_err(|cause| HubError::Package { command: shown(), cause: cause.to_string() })?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let last = words
        .trim()
        .lines()
        .rev()
        .find(|line| line.starts_with("ERROR"))
        .or_else(|| words.trim().lines().next_back());
    Err(HubError::Package { command: shown(), cause: last.unwrap_or("it said nothing").to_owned() })
}
