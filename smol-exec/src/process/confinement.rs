//! What keeps code from the rest of the machine, and which of it this machine has.

use super::{bubblewrap, python::Python, start_error};
use smol_core::exec::ExecError;
use std::fmt;

/// What keeps code from the rest of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Confinement {
    /// `bubblewrap`: namespaces of its own for files, processes, network and users.
    Bubblewrap,
    /// Landlock, of the kernel itself: only the files it needs, no network, no signals to others, no new processes.
    Landlock,
    /// Nothing but limits of resources: the code can do what this process can. For code that you would run yourself.
    None,
}

impl fmt::Display for Confinement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Bubblewrap => "confined by bubblewrap",
            Self::Landlock => "confined by Landlock",
            Self::None => "not confined",
        })
    }
}

const HINT: &str = "install bubblewrap (`apt install bubblewrap`), or use a kernel with Landlock (Linux 5.13), or use another executor, such as `wasm`";

/// The confinement that was asked for, or the strongest that works.
pub(super) async fn choose(asked: Option<Confinement>, python: &Python) -> Result<Confinement, ExecError> {
    match asked {
        Some(Confinement::None) => {
            tracing::warn!("Python runs without a sandbox: model-written code can do what this process can");
            Ok(Confinement::None)
        }
        Some(Confinement::Landlock) => landlock(python).map_err(|cause| start_error(cause, HINT)),
        Some(Confinement::Bubblewrap) => {
            bubblewrap::works(python).await.map_err(|cause| start_error(cause, HINT))
        }
        None => match bubblewrap::works(python).await {
            Ok(found) => Ok(found),
            Err(cause) => {
                tracing::info!(cause, "bubblewrap cannot be used, trying Landlock");
                landlock(python).map_err(|second| start_error(format!("{cause}; {second}"), HINT))
            }
        },
    }
}

/// Whether this kernel has Landlock, and Python can ask for it.
fn landlock(python: &Python) -> Result<Confinement, String> {
    if python.landlock > 0 {
        Ok(Confinement::Landlock)
    } else {
        Err("this system has no Landlock".to_owned())
    }
}
