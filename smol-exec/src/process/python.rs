//! The Python of this machine: where it really is, and which folders it reads.

use super::start_error;
use crate::keeper;
use serde::{Deserialize, Deserializer};
use smol_core::exec::ExecError;
use std::{
    ffi::OsString,
    os::unix::ffi::OsStringExt,
    path::{Path, PathBuf},
};

/// Asked of the Python itself, because a `python3` of the path may be a script or a link, and its library anywhere.
/// Paths are lists of bytes, because not all are text; a Python that is too old must understand it too.
const QUESTION: &str = r#"
import json, os, sys
if sys.version_info < (3, 11):
    print(json.dumps({"version": sys.version_info[:2], "program": [], "folders": [], "landlock": 0}))
    sys.exit()
import ctypes, sysconfig
paths = [sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix] + sys.path + list(sysconfig.get_paths().values())
folders = [list(os.fsencode(path)) for path in sorted(set(filter(None, paths)))]
landlock = ctypes.CDLL(None).syscall(444, None, 0, 1) if sys.platform == "linux" else 0
program = list(os.fsencode(sys.executable))
print(json.dumps({"version": sys.version_info[:2], "program": program, "folders": folders, "landlock": landlock}))
"#;

/// The oldest Python whose syntax trees and tracebacks the guest program knows.
const OLDEST: (u32, u32) = (3, 11);

/// A Python that was found.
#[derive(Debug, Deserialize)]
pub(super) struct Python {
    /// The program itself.
    #[serde(deserialize_with = "path")]
    pub(super) program: PathBuf,
    version: (u32, u32),
    /// All folders that it may read modules from.
    #[serde(deserialize_with = "paths")]
    pub(super) folders: Vec<PathBuf>,
    /// The version of the kernel's Landlock, not above 0 if there is none.
    pub(super) landlock: i32,
}

fn path<'de, D: Deserializer<'de>>(from: D) -> Result<PathBuf, D::Error> {
    Ok(OsString::from_vec(Vec::deserialize(from)?).into())
}

fn paths<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PathBuf>, D::Error> {
    let paths = Vec::<Vec<u8>>::deserialize(from)?;
    Ok(paths.into_iter().map(|path| OsString::from_vec(path).into()).collect())
}

impl Python {
    /// Looks `program` up, or else `python3`.
    pub(super) async fn find(program: Option<&Path>) -> Result<Self, ExecError> {
        let program = program.unwrap_or(Path::new("python3"));
        let hint = "install Python 3.11 or newer, or name one, such as that of a virtual environment";
        let failed = |cause: String| start_error(format!("`{}`: {cause}", program.display()), hint);
        let mut command = std::process::Command::new(program);
        command.args(["-I", "-c", QUESTION]);
        let output = keeper::output(command).await.map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            return Err(failed(keeper::complaint(&output)));
        }
        let found: Self =
            serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))?;
        if found.version < OLDEST {
            return Err(failed(format!(
                "it is Python {}, and 3.11 is the oldest that serves",
                found.version()
            )));
        }
        Ok(found)
    }

    /// One that reads these folders.
    #[cfg(test)]
    pub(super) fn reading(folders: Vec<PathBuf>) -> Self {
        Self { program: "python3".into(), version: OLDEST, folders, landlock: 0 }
    }

    /// Such as `3.11`.
    pub(super) fn version(&self) -> String {
        let (major, minor) = self.version;
        format!("{major}.{minor}")
    }
}
