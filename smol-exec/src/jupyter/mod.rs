//! A kernel of a Jupyter server or kernel gateway, wherever that runs: for code that needs what is there, such as its
//! packages, its data or its accelerators.
//!
//! The guest program runs as one cell that lasts as long as the session, in the kernel itself, and speaks through the
//! channel by which a kernel asks for input. Every other way of it has a trap: output is thinned out by servers, and
//! a cell for each block would cost the messages around it. What walls the code in is not here: it is whatever the
//! kernel runs in.

mod farewell;
mod kernel;
mod messages;
mod site;

use crate::{
    limits::{Limits, setters},
    worker,
};
pub(crate) use farewell::Farewells;
#[cfg(feature = "blaxel")]
pub(crate) use farewell::{Remote, make};
use futures::future::{BoxFuture, FutureExt};
pub(crate) use kernel::Kernel;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
pub(crate) use site::{Site, start_error};
use smol_core::exec::{ExecError, Executor, Progress, Sandbox, SandboxSpec};
use std::sync::Arc;

const NAME: &str = "jupyter";

const KEY_HINT: &str = "give the server's token by `token`, or in the variable `JUPYTER_TOKEN`";

/// Kernels of a Jupyter server or kernel gateway, as an [`Executor`]. Each sandbox is a kernel of its own, which is deleted
/// when the sandbox is dropped. The server's default kernel must be IPython's.
///
/// A block that runs too long is interrupted and raises a `TimeoutError`; only one that does not heed that loses the
/// sandbox. That a kernel died is told within seconds, as soon as its server knows. A value that a notebook would show as
/// a picture is `{"__type__": "image", "format": "png", "base64": …}` (or `jpeg`, `svg`), one that it would show as a
/// page `{"__type__": "html", "text": …}`; of a block without a value, so is what it displayed.
///
/// Code can do whatever the kernel can. No memory limit holds unless [`Jupyter::memory`] or the [`SandboxSpec`] sets one.
///
/// Dropping the executor waits, at most some seconds, until its kernels are deleted.
///
/// ```no_run
/// use smol_core::exec::{Executor, Input, SandboxSpec};
///
/// # async fn example() -> Result<(), smol_core::exec::ExecError> {
/// let executor = smol_exec::Jupyter::new("http://127.0.0.1:8888").token("the server's token");
/// let mut sandbox = executor.open(SandboxSpec::default(), &|_| ()).await?;
/// let outcome = sandbox.feed(Input::Code("import platform\nplatform.node()".into())).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Jupyter {
    limits: Limits,
    url: String,
    token: Option<SecretString>,
    farewells: Arc<Farewells>,
}

impl Jupyter {
    /// The executor for the server at `url`, such as `http://127.0.0.1:8888`, with 30 seconds a block and 50,000 characters
    /// of output.
    pub fn new(url: impl Into<String>) -> Self {
        Self { limits: NO_MEMORY_LIMIT, url: url.into(), token: None, farewells: Arc::default() }
    }

    /// The executor for the server that the environment names: `JUPYTER_GATEWAY_URL` (`http://127.0.0.1:8888` if there is
    /// none) and `JUPYTER_TOKEN`.
    pub fn from_environment() -> Self {
        let url = std::env::var("JUPYTER_GATEWAY_URL");
        let jupyter = Self::new(url.unwrap_or_else(|_| "http://127.0.0.1:8888".to_owned()));
        match std::env::var("JUPYTER_TOKEN") {
            Ok(token) => jupyter.token(token),
            Err(_) => jupyter,
        }
    }

    /// Sets the server's address.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = url.into();
        self
    }

    /// Sets the server's token.
    pub fn token(mut self, token: impl Into<SecretString>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Which server answers, and with which version. Fails where none does, or it refuses the token.
    pub async fn present(&self) -> Result<String, ExecError> {
        let version = self.site()?.version().await?;
        Ok(format!("a Jupyter server, version {version}, at `{}`", self.url))
    }

    fn site(&self) -> Result<Site, ExecError> {
        let mut headers = HeaderMap::new();
        if let Some(token) = &self.token {
            let token = secret(&format!("token {}", token.expose_secret()));
            let refused = || start_error(NAME, "the token holds what no header may".to_owned(), KEY_HINT);
            headers.insert(AUTHORIZATION, token.ok_or_else(refused)?);
        }
        Site::new(NAME, KEY_HINT, &self.url, headers)
    }
}

setters!(Jupyter);

impl std::fmt::Debug for Jupyter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold what should not be there.
        formatter.debug_struct("Jupyter").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Executor for Jupyter {
    fn name(&self) -> &'static str {
        "jupyter"
    }

    fn open<'a>(
        &'a self,
        spec: SandboxSpec,
        _progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        async move {
            let limits = self.limits.for_sandbox(&spec);
            let start = Kernel::start(self.site()?, self.farewells.clone(), None);
            Ok(worker::sandbox(NAME, spec, limits, confine(&limits), start))
        }
        .boxed()
    }
}

/// The limits of a machine that is not ours: what it has is there to be used.
pub(crate) const NO_MEMORY_LIMIT: Limits = Limits::with_memory(usize::MAX);

/// What the guest takes from its kernel: see `confine.py`. Not addresses, of which a kernel's threads reserve many and use few.
pub(crate) fn confine(limits: &Limits) -> Value {
    if limits.memory == usize::MAX { json!({}) } else { json!({ "limits": { "data": limits.memory } }) }
}

/// A header that nothing shows, or `None` if it holds what no header may.
pub(crate) fn secret(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}
