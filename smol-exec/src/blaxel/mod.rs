//! A machine of Blaxel's for each sandbox, and in it the kernel gateway that the vendor's image for notebooks runs. The
//! machine is made by their REST interface; from then on it is a Jupyter server behind their address and keys.

mod machine;

use crate::{
    jupyter::{Farewells, Kernel, NO_MEMORY_LIMIT, Site, confine, secret, start_error},
    limits::{Limits, setters},
    worker,
};
use futures::future::{BoxFuture, FutureExt};
use reqwest::header::{HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use smol_core::exec::{ExecError, Executor, Progress, Sandbox, SandboxSpec};
use std::{sync::Arc, time::Duration};

const NAME: &str = "blaxel";

const KEY_HINT: &str = "give an API key of Blaxel's and its workspace by `key` and `workspace`, or in the variables `BL_API_KEY` \
                        and `BL_WORKSPACE`";

/// The version of their interface that is spoken here.
const VERSION: &str = "2026-09-22";

/// Sandboxes of Blaxel's, as an [`Executor`]. Each is a machine of its own, which is deleted when the sandbox is dropped; if
/// this program dies first, Blaxel deletes it after [`Blaxel::delete_after_idle`].
///
/// What [`Jupyter`](crate::Jupyter) promises of blocks and values holds here as well. Dropping the executor waits, at most
/// some seconds, until its machines are deleted.
///
/// ```no_run
/// use smol_core::exec::{Executor, Input, SandboxSpec};
///
/// # async fn example() -> Result<(), smol_core::exec::ExecError> {
/// let executor = smol_exec::Blaxel::new().workspace("research");
/// let mut sandbox = executor.open(SandboxSpec::default(), &|_| ()).await?;
/// let outcome = sandbox.feed(Input::Code("import os\nos.cpu_count()".into())).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Blaxel {
    limits: Limits,
    settings: Settings,
    key: Option<SecretString>,
    workspace: Option<String>,
    farewells: Arc<Farewells>,
}

/// What a machine is made of, and where.
#[derive(Debug, Clone)]
struct Settings {
    url: String,
    image: String,
    machine_memory: u32,
    region: Option<String>,
    idle: Duration,
}

impl Blaxel {
    /// The executor with the key, the workspace and the region of the variables `BL_API_KEY`, `BL_WORKSPACE` and `BL_REGION`,
    /// unless they are set here (without a region, Blaxel picks one): machines with 4 GiB of memory and the vendor's image `blaxel/jupyter-notebook:latest`, 30 seconds a block, 50,000
    /// characters of output.
    pub fn new() -> Self {
        let settings = Settings {
            url: "https://api.blaxel.ai/v0".to_owned(),
            image: "blaxel/jupyter-notebook:latest".to_owned(),
            machine_memory: 4096,
            region: variable("BL_REGION"),
            idle: Duration::from_secs(3600),
        };
        Self { limits: NO_MEMORY_LIMIT, settings, key: None, workspace: None, farewells: Arc::default() }
    }

    /// Sets the API key.
    pub fn key(mut self, key: impl Into<SecretString>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Sets the workspace.
    pub fn workspace(mut self, name: impl Into<String>) -> Self {
        self.workspace = Some(name.into());
        self
    }

    /// Sets the address of Blaxel's interface.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.settings.url = url.into();
        self
    }

    /// Sets the image of the machines. A Jupyter server or kernel gateway must listen in it on port 8888, without a token.
    pub fn image(mut self, name: impl Into<String>) -> Self {
        self.settings.image = name.into();
        self
    }

    /// Sets the memory of a machine, in MiB. [`Blaxel::memory`] bounds the Python in it.
    pub fn machine_memory(mut self, mebibytes: u32) -> Self {
        self.settings.machine_memory = mebibytes;
        self
    }

    /// Sets the region of the machines, such as `us-pdx-1`.
    pub fn region(mut self, name: impl Into<String>) -> Self {
        self.settings.region = Some(name.into());
        self
    }

    /// Sets after what time without activity Blaxel deletes a machine that this program left behind: at least a minute.
    pub fn delete_after_idle(mut self, idle: Duration) -> Self {
        self.settings.idle = idle;
        self
    }

    /// Which service would be asked. Fails where the key or the workspace is missing; the service is not asked.
    pub fn present(&self) -> Result<String, ExecError> {
        self.site().map(|_| format!("a key for `{}`", self.settings.url))
    }

    fn site(&self) -> Result<Site, ExecError> {
        let missing = |what: &str| start_error(NAME, format!("there is no {what}"), KEY_HINT);
        let key = self.key.clone().or_else(|| variable("BL_API_KEY").map(SecretString::from));
        let key = key.ok_or_else(|| missing("API key"))?;
        let workspace = self.workspace.clone().or_else(|| variable("BL_WORKSPACE"));
        let workspace = workspace.ok_or_else(|| missing("workspace"))?;
        let refused =
            || start_error(NAME, "the key or the workspace holds what no header may".to_owned(), KEY_HINT);
        let mut headers = HeaderMap::new();
        let bearer = secret(&format!("Bearer {}", key.expose_secret())).ok_or_else(refused)?;
        headers.insert("x-blaxel-authorization", bearer);
        headers.insert("x-blaxel-workspace", HeaderValue::from_str(&workspace).map_err(|_| refused())?);
        headers.insert("blaxel-version", HeaderValue::from_static(VERSION));
        Site::new(NAME, KEY_HINT, &self.settings.url, headers)
    }
}

setters!(Blaxel);

impl Default for Blaxel {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Blaxel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Blaxel")
            .field("limits", &self.limits)
            .field("image", &self.settings.image)
            .finish_non_exhaustive()
    }
}

impl Executor for Blaxel {
    fn name(&self) -> &'static str {
        "blaxel"
    }

    fn open<'a>(
        &'a self,
        spec: SandboxSpec,
        _progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        async move {
            let limits = self.limits.for_sandbox(&spec);
            let (site, settings, farewells) = (self.site()?, self.settings.clone(), self.farewells.clone());
            let start = async move {
                let (inside, machine) = machine::make(&site, &settings, &farewells).await?;
                Kernel::start(inside, farewells, Some(machine)).await
            };
            Ok(worker::sandbox(NAME, spec, limits, confine(&limits), start))
        }
        .boxed()
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
