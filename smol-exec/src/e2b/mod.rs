//! Sandboxes of E2B: small virtual machines that a service makes in a fraction of a second. The worker is a process in one,
//! started and fed by the machine's own daemon, `envd`; so host tools work as they do everywhere, and no kernel or server
//! has to run inside.

mod control;
mod envd;
mod envelope;
mod machine;

use crate::{
    cloud::{self, Refusal, Secret, from_environment},
    limits::{Limits, setters},
    worker,
};
use control::Control;
use futures::future::{BoxFuture, FutureExt};
use serde_json::json;
use smol_core::exec::{ExecError, Executor, Progress, Sandbox, SandboxSpec};

/// The executor's name.
const NAME: &str = "e2b";

/// The template of Python with the usual packages for data.
const TEMPLATE: &str = "code-interpreter-v1";

/// Where E2B itself is.
const DOMAIN: &str = "e2b.app";

/// Virtual machines of [E2B](https://e2b.dev), as an [`Executor`].
///
/// Each sandbox is a machine of its own, which is ended in the background when the sandbox is dropped. One whose host has
/// vanished ends by itself within five minutes. The key is that of `E2B_API_KEY` unless one is given; `E2B_DOMAIN`,
/// `E2B_API_URL` and `E2B_SANDBOX_URL` name another service of the same kind, as they do for E2B's own libraries.
///
/// What programs print that code starts comes apart from what code itself prints, and may be with the next block's.
///
/// ```no_run
/// use smol_core::exec::{Executor, Input, SandboxSpec};
///
/// # async fn example() -> Result<(), smol_core::exec::ExecError> {
/// let executor = smol_exec::E2B::new().network(true);
/// let mut sandbox = executor.open(SandboxSpec::default(), &|_| ()).await?;
/// let outcome = sandbox.feed(Input::Code("import platform\nplatform.platform()".into())).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct E2B {
    limits: Limits,
    settings: Settings,
}

/// What its user may set, besides the limits.
#[derive(Debug, Clone, Default)]
struct Settings {
    key: Option<Secret>,
    template: Option<String>,
    domain: Option<String>,
    api_url: Option<String>,
    sandbox_url: Option<String>,
    network: bool,
}

/// What a machine is made of and where it is reached.
#[derive(Debug, Clone)]
struct Plan {
    template: String,
    network: bool,
    domain: String,
    /// The address of all machines, if they share one.
    sandbox_url: Option<String>,
}

impl E2B {
    /// The executor with its default limits: 1 GiB of memory, 30 seconds a block, 50,000 characters of output; the template
    /// `code-interpreter-v1`, and no network.
    pub fn new() -> Self {
        Self { limits: Limits::with_memory(1 << 30), settings: Settings::default() }
    }

    /// Sets the key. Otherwise it is that of `E2B_API_KEY`. It is never shown.
    pub fn key(self, key: impl Into<String>) -> Self {
        self.set(|settings| settings.key = Some(Secret::new(key)))
    }

    /// Sets the template that machines are made from, by name or id. It must hold `bash` and Python 3.11 or newer.
    pub fn template(self, name: impl Into<String>) -> Self {
        self.set(|settings| settings.template = Some(name.into()))
    }

    /// Sets whether code may use the network.
    pub fn network(self, granted: bool) -> Self {
        self.set(|settings| settings.network = granted)
    }

    /// Sets the domain of the service. Otherwise it is that of `E2B_DOMAIN`, or `e2b.app`.
    pub fn domain(self, domain: impl Into<String>) -> Self {
        self.set(|settings| settings.domain = Some(domain.into()))
    }

    /// Sets the address where machines are made. Otherwise it is that of `E2B_API_URL`, or `https://api.` and the domain.
    pub fn api_url(self, url: impl Into<String>) -> Self {
        self.set(|settings| settings.api_url = Some(url.into()))
    }

    /// Sets the address where all machines are reached. Otherwise it is that of `E2B_SANDBOX_URL`, or one that follows from
    /// the domain.
    pub fn sandbox_url(self, url: impl Into<String>) -> Self {
        self.set(|settings| settings.sandbox_url = Some(url.into()))
    }

    fn set(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// Whether there is a key, and for which service. Nothing is asked of it.
    pub(crate) fn present(&self) -> Result<String, ExecError> {
        let (control, _) = self.prepare().map_err(|refusal| refusal.into_error(NAME))?;
        Ok(format!("a key for `{}` is set", control.base()))
    }

    fn prepare(&self) -> Result<(Control, Plan), Refusal> {
        let settings = &self.settings;
        let missing = || {
            let hint = "set `E2B_API_KEY`, or give the key to `E2B::key`; keys are made at https://e2b.dev/dashboard?tab=keys";
            Refusal::new("there is no key for E2B", hint)
        };
        let or_from = |given: &Option<String>, name| given.clone().or_else(|| from_environment(name));
        let key = settings.key.clone().or_else(|| from_environment("E2B_API_KEY").map(Secret::new));
        let domain = or_from(&settings.domain, "E2B_DOMAIN").unwrap_or_else(|| DOMAIN.to_owned());
        let api_url = or_from(&settings.api_url, "E2B_API_URL");
        let control = Control::new(
            api_url.unwrap_or_else(|| format!("https://api.{domain}")),
            key.ok_or_else(missing)?,
        )?;
        let plan = Plan {
            template: settings.template.clone().unwrap_or_else(|| TEMPLATE.to_owned()),
            network: settings.network,
            domain,
            sandbox_url: or_from(&settings.sandbox_url, "E2B_SANDBOX_URL"),
        };
        Ok((control, plan))
    }
}

setters!(E2B);

impl Default for E2B {
    fn default() -> Self {
        Self::new()
    }
}

impl Executor for E2B {
    fn name(&self) -> &'static str {
        "e2b"
    }

    fn open<'a>(
        &'a self,
        spec: SandboxSpec,
        _progress: Progress<'a>,
    ) -> BoxFuture<'a, Result<Box<dyn Sandbox>, ExecError>> {
        async move {
            let (control, plan) = self.prepare().map_err(|refusal| refusal.into_error(NAME))?;
            let limits = self.limits.for_sandbox(&spec);
            let confine = json!({ "limits": { "as": limits.memory, "core": 0 } });
            let connect = async move {
                let made = cloud::to_the_end(machine::start(control, plan)).await;
                made.map_err(|refusal| refusal.into_error(NAME))
            };
            Ok(worker::sandbox(NAME, spec, limits, confine, connect))
        }
        .boxed()
    }
}
