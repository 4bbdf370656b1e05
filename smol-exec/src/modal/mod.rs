//! Sandboxes of Modal: containers that a service runs. The worker is a process in one, started and fed through the service's
//! command router, as its own library does for `Sandbox.exec`; so host tools work as they do everywhere, and no port of the
//! sandbox is open to the world.

mod container;
mod messages;
mod router;
mod rpc;
mod server;

use crate::{
    cloud::{self, Refusal, Secret, from_environment},
    limits::{Limits, setters},
    worker,
};
use futures::future::{BoxFuture, FutureExt};
use serde_json::json;
use server::{Place, Server, Token};
use smol_core::exec::{ExecError, Executor, Progress, Sandbox, SandboxSpec};
use std::{sync::Arc, time::Duration};
use tokio::sync::OnceCell;

/// The executor's name.
const NAME: &str = "modal";

/// Where Modal itself is.
const SERVER: &str = "https://api.modal.com";

/// The app that sandboxes belong to.
const APP: &str = "smolagents";

/// What sandboxes are made from.
const IMAGE: &str = "python:3.13-slim";

/// How long a sandbox lives at most.
const LIFETIME: Duration = Duration::from_secs(3600);

/// Containers of [Modal](https://modal.com), as an [`Executor`].
///
/// Each sandbox is a container of its own, which is ended in the background when the sandbox is dropped, and at the latest
/// when its lifetime is over. The token is that of `MODAL_TOKEN_ID` and `MODAL_TOKEN_SECRET` unless one is given, and the
/// server that of `MODAL_SERVER_URL`, as with Modal's own library.
///
/// What programs print that code starts comes apart from what code itself prints, and may be with the next block's.
///
/// ```no_run
/// use smol_core::exec::{Executor, Input, SandboxSpec};
///
/// # async fn example() -> Result<(), smol_core::exec::ExecError> {
/// let executor = smol_exec::Modal::new().image("jupyter/scipy-notebook");
/// let mut sandbox = executor.open(SandboxSpec::default(), &|line| eprintln!("{line}")).await?;
/// let outcome = sandbox.feed(Input::Code("import scipy\nscipy.__version__".into())).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Modal {
    limits: Limits,
    settings: Settings,
    /// Found or made once.
    place: Arc<OnceCell<Place>>,
}

/// What its user may set, besides the limits.
#[derive(Debug, Clone)]
struct Settings {
    token: Option<Token>,
    server: Option<String>,
    app: String,
    image: String,
    network: bool,
    lifetime: Duration,
}

impl Modal {
    /// The executor with its default limits: 1 GiB of memory, 30 seconds a block, 50,000 characters of output; the app
    /// `smolagents`, the image `python:3.13-slim`, no network, and a lifetime of an hour.
    pub fn new() -> Self {
        let settings = Settings {
            token: None,
            server: None,
            app: APP.to_owned(),
            image: IMAGE.to_owned(),
            network: false,
            lifetime: LIFETIME,
        };
        Self { limits: Limits::with_memory(1 << 30), settings, place: Arc::default() }
    }

    /// Sets the token: its id and its secret. Otherwise it is that of `MODAL_TOKEN_ID` and `MODAL_TOKEN_SECRET`. It is never
    /// shown.
    pub fn token(self, id: impl Into<String>, secret: impl Into<String>) -> Self {
        self.set(|settings| settings.token = Some(Token { id: Secret::new(id), secret: Secret::new(secret) }))
    }

    /// Sets the server. Otherwise it is that of `MODAL_SERVER_URL`, or Modal's own.
    pub fn server(self, url: impl Into<String>) -> Self {
        self.set(|settings| settings.server = Some(url.into()))
    }

    /// Sets the app that sandboxes belong to, which is made if there is none of this name.
    pub fn app(self, name: impl Into<String>) -> Self {
        self.set(|settings| settings.app = name.into())
    }

    /// Sets the image of a registry that sandboxes are made from. It must hold Python 3.11 or newer.
    pub fn image(self, name: impl Into<String>) -> Self {
        self.set(|settings| settings.image = name.into())
    }

    /// Sets whether code may use the network.
    pub fn network(self, granted: bool) -> Self {
        self.set(|settings| settings.network = granted)
    }

    /// Sets how long a sandbox lives at most, whatever becomes of its host; Modal allows a day.
    pub fn lifetime(self, limit: Duration) -> Self {
        self.set(|settings| settings.lifetime = limit)
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self.place = Arc::default();
        self
    }

    /// Whether there is a token, and for which server. Nothing is asked of it.
    pub(crate) fn present(&self) -> Result<String, ExecError> {
        let (url, _) = self.access().map_err(|refusal| refusal.into_error(NAME))?;
        Ok(format!("a token for `{url}` is set"))
    }

    fn access(&self) -> Result<(String, Token), Refusal> {
        let from_both = || {
            let (id, secret) = (from_environment("MODAL_TOKEN_ID")?, from_environment("MODAL_TOKEN_SECRET")?);
            Some(Token { id: Secret::new(id), secret: Secret::new(secret) })
        };
        let missing = || {
            let hint = "set `MODAL_TOKEN_ID` and `MODAL_TOKEN_SECRET`, or give both to `Modal::token`; tokens are made at https://modal.com/settings/tokens";
            Refusal::new("there is no token for Modal", hint)
        };
        let url = self.settings.server.clone().or_else(|| from_environment("MODAL_SERVER_URL"));
        let token = self.settings.token.clone().or_else(from_both).ok_or_else(missing)?;
        Ok((url.unwrap_or_else(|| SERVER.to_owned()), token))
    }

    /// The app and the image, which are looked for once.
    async fn place(&self, server: &Server, progress: Progress<'_>) -> Result<Place, Refusal> {
        let find = || server.place(&self.settings.app, &self.settings.image, progress);
        self.place.get_or_try_init(find).await.cloned()
    }

    async fn start(&self, spec: SandboxSpec, progress: Progress<'_>) -> Result<Box<dyn Sandbox>, Refusal> {
        let (url, token) = self.access()?;
        let server = Server::new(url, token)?;
        let place = self.place(&server, progress).await?;
        let (network, lifetime) = (self.settings.network, self.settings.lifetime);
        let limits = self.limits.for_sandbox(&spec);
        let confine = json!({ "limits": { "as": limits.memory, "core": 0 } });
        let connect = async move {
            let made = cloud::to_the_end(container::start(server, place, network, lifetime)).await;
            made.map_err(|refusal| refusal.into_error(NAME))
        };
        Ok(worker::sandbox(NAME, spec, limits, confine, connect))
    }
}

setters!(Modal);

impl Default for Modal {
    fn default() -> Self {
        Self::new()
    }
}

impl Executor for Modal {
    fn name(&self) -> &'static str {
        "modal"
    }

    fn open<'a>(
        &'a self,
        spec: SandboxSpec,
        progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        async move { self.start(spec, progress).await.map_err(|refusal| refusal.into_error(NAME)) }.boxed()
    }
}
