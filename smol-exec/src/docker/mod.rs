//! CPython in a container of Docker or Podman: for code that needs what an image holds, on any system that has an engine.
//!
//! The worker is the container's own first program, and speaks over the stream that the engine attaches to it. So no port
//! is opened and nothing is copied in, a container ends with its worker, and a worker whose host has died, and with it the
//! stream, ends by itself and is removed by the engine.

mod attached;
mod container;
mod engine;
mod fresh;
mod image;
mod leftovers;
mod printed;

use crate::{
    limits::{Limits, setters},
    session::Session,
    worker,
};
use attached::Attached;
use container::Plan;
use engine::Engine;
use fresh::Fresh;
use futures::future::{BoxFuture, FutureExt};
use image::Image;
use smol_core::exec::{ExecError, Executor, Progress, Sandbox, SandboxSpec};
use std::{path::PathBuf, sync::Arc};
use tokio::sync::OnceCell;

/// A container for each sandbox, as an [`Executor`], through the engine's own interface: that of Docker, or of Podman.
///
/// Code has no network, no capabilities and no other user's rights; all files but those of its working folder and of `/tmp`
/// are read only. A block that runs too long is interrupted and raises a `TimeoutError`; only one that does not heed that
/// loses the sandbox. `asyncio`, threads and other processes work, within the limits.
///
/// The engine is that of `DOCKER_HOST`, or else the first whose socket is found: Docker's, then Podman's.
///
/// ```no_run
/// use smol_core::exec::{Executor, Input, SandboxSpec};
///
/// # async fn example() -> Result<(), smol_core::exec::ExecError> {
/// let executor = smol_exec::Docker::new().dockerfile("analysis/Dockerfile").read_only("/srv/data").cpus(2.0);
/// let mut sandbox = executor.open(SandboxSpec::default(), &|said| eprintln!("{said}")).await?;
/// let outcome = sandbox.feed(Input::Code("import os\nos.listdir('/srv/data')".into())).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Docker {
    limits: Limits,
    settings: Settings,
    /// Sought once.
    found: Arc<OnceCell<Found>>,
}

/// What its user may set, besides the limits.
#[derive(Debug, Clone, Default)]
struct Settings {
    engine: Option<String>,
    image: Image,
    folder: Option<PathBuf>,
    readable: Vec<PathBuf>,
    network: bool,
    processes: Option<u32>,
    cpus: Option<f64>,
    runtime: Option<String>,
    fresh: bool,
}

/// An engine, and the name of an image that it has.
#[derive(Debug, Clone)]
struct Found {
    engine: Engine,
    image: String,
}

impl Docker {
    /// The executor with its default limits: the image `python:3.14-slim`, 1 GiB of memory, 64 processes and threads, one
    /// processor, 256 MiB of files, 30 seconds a block, 50,000 characters of output; no network and an empty working folder.
    pub fn new() -> Self {
        Self { limits: Limits::with_memory(1 << 30), settings: Settings::default(), found: Arc::default() }
    }

    /// Sets the engine's address, such as `unix:///run/podman/podman.sock` or `tcp://127.0.0.1:2375`.
    pub fn engine(self, address: impl Into<String>) -> Self {
        self.set(|settings| settings.engine = Some(address.into()))
    }

    /// Sets the image by its name. It is pulled if the engine does not have it; it needs Python 3.11 or newer as `python3`,
    /// and nothing else.
    pub fn image(self, name: impl Into<String>) -> Self {
        self.set(|settings| settings.image = Image::Named(name.into()))
    }

    /// Has the image built from this Dockerfile, once for each state of the folder that it is in, which is what it can copy
    /// from. What the image needs of Python is as in [`image`](Self::image).
    pub fn dockerfile(self, path: impl Into<PathBuf>) -> Self {
        self.set(|settings| settings.image = Image::Dockerfile(path.into()))
    }

    /// Has the image made from this root file system, a tar file, once for each content of it. What the image needs of
    /// Python is as in [`image`](Self::image).
    pub fn root_file_system(self, tar: impl Into<PathBuf>) -> Self {
        self.set(|settings| settings.image = Image::RootFileSystem(tar.into()))
    }

    /// Sets the folder of this machine in which code runs, and which it may read and write as the folder's owner, also after
    /// the sandbox has ended. Otherwise it is an empty one that ends with the sandbox.
    pub fn working_folder(self, folder: impl Into<PathBuf>) -> Self {
        self.set(|settings| settings.folder = Some(folder.into()))
    }

    /// Adds a file or folder of this machine that code may read, at the same path.
    pub fn read_only(self, path: impl Into<PathBuf>) -> Self {
        self.set(|settings| settings.readable.push(path.into()))
    }

    /// Which engine answers. Fails where none does; no image is looked for.
    pub async fn present(&self) -> Result<String, ExecError> {
        Engine::find(self.settings.engine.as_deref()).await.map(|engine| engine.name)
    }

    /// Sets whether code may use the network.
    pub fn network(self, granted: bool) -> Self {
        self.set(|settings| settings.network = granted)
    }

    /// Sets how many processes and threads there may be at once.
    pub fn processes(self, count: u32) -> Self {
        self.set(|settings| settings.processes = Some(count))
    }

    /// Sets how many processors code may keep busy, such as `0.5`.
    pub fn cpus(self, count: f64) -> Self {
        self.set(|settings| settings.cpus = Some(count))
    }

    /// Sets the engine's runtime, such as `runsc`, which is gVisor: a kernel of its own for each container.
    pub fn runtime(self, name: impl Into<String>) -> Self {
        self.set(|settings| settings.runtime = Some(name.into()))
    }

    /// Sets whether each block gets a container of its own, so that no state lasts from block to block. The next one is
    /// started while a block runs.
    pub fn fresh(self, each_block: bool) -> Self {
        self.set(|settings| settings.fresh = each_block)
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self.found = Arc::default();
        self
    }

    /// The engine, which is sought once, and the image, which is made once.
    async fn found(&self, progress: Progress<'_>) -> Result<Found, ExecError> {
        let find = || async {
            let engine = Engine::find(self.settings.engine.as_deref()).await?;
            leftovers::remove_abandoned(&engine).await;
            let image = self.settings.image.prepare(&engine, progress).await?;
            Ok(Found { engine, image })
        };
        self.found.get_or_try_init(find).await.cloned()
    }
}

setters!(Docker);

impl Default for Docker {
    fn default() -> Self {
        Self::new()
    }
}

impl Executor for Docker {
    fn name(&self) -> &'static str {
        "docker"
    }

    fn open<'a>(
        &'a self,
        spec: SandboxSpec,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        async move {
            let Found { engine, image } = self.found(progress).await?;
            let limits = self.limits.for_sandbox(&spec);
            let plan = Plan::make(&engine, &image, &self.settings, &limits)?;
            let confine = plan.confine();
            let start = move || Attached::start(engine.clone(), plan.clone());
            if !self.settings.fresh {
                return Ok(worker::sandbox(NAME, spec, limits, confine, start()));
            }
            let make =
                move || worker::interpreter(NAME, spec.clone(), limits, confine.clone(), start()).boxed();
            Ok(Box::new(Session::open(NAME, Fresh::open(make))) as Box<dyn Sandbox>)
        }
        .boxed()
    }
}

const NAME: &str = "docker";

/// The error of a sandbox that did not start.
fn start_error(cause: impl std::fmt::Display, hint: &str) -> ExecError {
    ExecError::Start { executor: NAME.to_owned(), cause: cause.to_string(), hint: hint.to_owned() }
}
