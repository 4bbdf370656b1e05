//! The host's own Python as a confined worker: for code that needs numpy, pandas or whatever a virtual environment holds.
//!
//! The wall is made of what Linux has: namespaces where `bubblewrap` is installed, else Landlock, and with either one a
//! filter of system calls, limits of resources and a control group. The worker confines itself before it runs any code
//! of a model: see `guest/program/confine.py`.

mod bubblewrap;
mod confinement;
mod control_group;
mod filter;
mod launch;
mod python;

use crate::{
    keeper::Parting,
    limits::{Limits, setters},
    worker,
};
pub use confinement::Confinement;
use futures::future::{BoxFuture, FutureExt};
use python::Python;
use smol_core::exec::{ExecError, Executor, Progress, Sandbox, SandboxSpec};
use std::{path::PathBuf, sync::Arc};
use tokio::sync::OnceCell;

/// CPython of this machine, as an [`Executor`], confined by what the system has. Linux only, unless [`Confinement::None`]
/// is asked for.
///
/// A block that runs too long is interrupted and raises a `TimeoutError`; only one that does not heed that loses the
/// sandbox. `asyncio`, threads and other processes work, within the limits.
///
/// ```no_run
/// use smol_core::exec::{Executor, Input, SandboxSpec};
///
/// # async fn example() -> Result<(), smol_core::exec::ExecError> {
/// let executor = smol_exec::Process::new().python("/opt/analysis/venv/bin/python").read_only("/srv/data");
/// let mut sandbox = executor.open(SandboxSpec::default(), &|_| ()).await?;
/// let outcome = sandbox.feed(Input::Code("import os\nos.listdir('/srv/data')".into())).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Process {
    limits: Limits,
    settings: Settings,
    /// Asked of the system once.
    found: Arc<OnceCell<(Arc<Python>, Confinement)>>,
    parting: Arc<Parting>,
}

/// What its user may set, besides the limits.
#[derive(Debug, Clone, Default)]
struct Settings {
    python: Option<PathBuf>,
    confinement: Option<Confinement>,
    folder: Option<PathBuf>,
    readable: Vec<PathBuf>,
    network: bool,
    processes: Option<u32>,
}

impl Process {
    /// The executor with its default limits: 1 GiB of memory, 64 processes and threads, files of 256 MiB, 30 seconds a
    /// block, 50,000 characters of output; no network, an empty working folder, and the strongest confinement that this
    /// machine has.
    pub fn new() -> Self {
        Self {
            limits: Limits::with_memory(1 << 30),
            settings: Settings::default(),
            found: Arc::default(),
            parting: Arc::new(Parting),
        }
    }

    /// Sets the Python to run, such as that of a virtual environment. Otherwise it is `python3` of the `PATH`.
    pub fn python(self, program: impl Into<PathBuf>) -> Self {
        self.set(|settings| settings.python = Some(program.into()))
    }

    /// Sets how code is kept from the rest of the machine. Otherwise it is bubblewrap where that works, else Landlock; where
    /// neither does, no sandbox opens.
    pub fn confinement(self, confinement: Confinement) -> Self {
        self.set(|settings| settings.confinement = Some(confinement))
    }

    /// Sets the folder in which code runs, and which it may read and write, also after the sandbox has ended. Otherwise it
    /// is an empty one that ends with the sandbox.
    pub fn working_folder(self, folder: impl Into<PathBuf>) -> Self {
        self.set(|settings| settings.folder = Some(folder.into()))
    }

    /// Adds a file or folder that code may read.
    pub fn read_only(self, path: impl Into<PathBuf>) -> Self {
        self.set(|settings| settings.readable.push(path.into()))
    }

    /// Sets whether code may use the network.
    pub fn network(self, granted: bool) -> Self {
        self.set(|settings| settings.network = granted)
    }

    /// Sets how many processes and threads there may be at once.
    pub fn processes(self, count: u32) -> Self {
        self.set(|settings| settings.processes = Some(count))
    }

    /// Which Python there is, and what would confine it. Fails where no sandbox could be opened.
    pub async fn present(&self) -> Result<String, ExecError> {
        let (python, confinement) = self.found().await?;
        Ok(format!("Python {} at `{}`, {confinement}", python.version(), python.program.display()))
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self.found = Arc::default();
        self
    }

    /// The Python and the confinement, which are looked for once.
    async fn found(&self) -> Result<(Arc<Python>, Confinement), ExecError> {
        let find = || async {
            let python = Arc::new(Python::find(self.settings.python.as_deref()).await?);
            let confinement = confinement::choose(self.settings.confinement, &python).await?;
            Ok((python, confinement))
        };
        self.found.get_or_try_init(find).await.cloned()
    }
}

setters!(Process);

impl Default for Process {
    fn default() -> Self {
        Self::new()
    }
}

impl Executor for Process {
    fn name(&self) -> &'static str {
        "process"
    }

    fn open<'a>(
        &'a self,
        spec: SandboxSpec,
        _progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        async move {
            let (python, confinement) = self.found().await?;
            let limits = self.limits.for_sandbox(&spec);
            let launch = launch::prepare(&python, confinement, &self.settings, &limits)?;
            let confine = launch.confine.clone();
            Ok(worker::sandbox("process", spec, limits, confine, launch.start(self.parting.clone())))
        }
        .boxed()
    }
}

/// The error of a sandbox that did not start.
fn start_error(cause: impl std::fmt::Display, hint: &str) -> ExecError {
    ExecError::Start { executor: "process".to_owned(), cause: format!("{cause:#}"), hint: hint.to_owned() }
}
