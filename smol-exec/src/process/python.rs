//! The Python of this machine: where it really is, and which folders it reads.

use super::start_error;
use crate::keeper;
use serde::Deserialize;
use smol_core::exec::ExecError;
use std::path::{Path, PathBuf};

/// Asked of the Python itself, because a `python3` of the path may be a script or a link, and its library anywhere.
const QUESTION: &str = r#"
import ctypes, json, sys, sysconfig
paths = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, *filter(None, sys.path), *sysconfig.get_paths().values()}
landlock = ctypes.CDLL(None).syscall(444, None, 0, 1) if sys.platform == "linux" else 0
print(json.dumps({"program": sys.executable, "version": sys.version_info[:2], "folders": sorted(paths), "landlock": landlock}))
"#;

/// The oldest Python whose syntax trees and tracebacks the guest program knows.
const OLDEST: (u32, u32) = (3, 10);

/// A Python that was found.
#[derive(Debug, Deserialize)]
pub(super) struct Python {
    /// The program itself.
    pub(super) program: PathBuf,
    version: (u32, u32),
    /// All folders that it may read modules from.
    pub(super) folders: Vec<PathBuf>,
    /// The version of the kernel's Landlock, not above 0 if there is none.
    pub(super) landlock: i32,
}

impl Python {
    /// Looks `program` up, or else `python3`.
    pub(super) async fn find(program: Option<&Path>) -> Result<Self, ExecError> {
        let program = program.unwrap_or(Path::new("python3"));
        let hint = "install Python 3.10 or newer, or name one, such as that of a virtual environment";
        let failed = |cause: String| start_error(format!("`{}`: {cause}", program.display()), hint);
        let mut command = std::process::Command::new(program);
        command.args(["-I", "-c", QUESTION]);
        let output = keeper::output(command).await.map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            return Err(failed(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        let found: Self =
            serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))?;
        if found.version < OLDEST {
            return Err(failed(format!(
                "it is Python {}, and 3.10 is the oldest that serves",
                found.version()
            )));
        }
        Ok(found)
    }

    /// Such as `3.11`.
    pub(super) fn version(&self) -> String {
        let (major, minor) = self.version;
        format!("{major}.{minor}")
    }
}
