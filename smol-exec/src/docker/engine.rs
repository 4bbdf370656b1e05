//! The engine that keeps the containers: where it listens, and what kind it is.

use super::start_error;
use bollard::{Docker as Client, errors::Error};
use smol_core::exec::ExecError;
use std::{
    env,
    error::Error as _,
    io,
    path::{Path, PathBuf},
};

/// An engine that answers. Copies share nothing but the address, so one is good on any runtime.
#[derive(Debug, Clone)]
pub(super) struct Engine {
    pub(super) client: Client,
    /// What it calls itself, and its version.
    pub(super) name: String,
    /// Podman, which knows fewer options of mounts.
    pub(super) is_podman: bool,
    /// Run by an ordinary user, who is root inside of its containers.
    pub(super) is_rootless: bool,
}

const NONE: &str = "install Docker (`apt install docker.io`) or Podman, or name an engine by `DOCKER_HOST`, or use another executor, such as `wasm`";

impl Engine {
    /// The one at `address`, or of `DOCKER_HOST`, or that whose socket is found.
    pub(super) async fn find(address: Option<&str>) -> Result<Self, ExecError> {
        let named = || env::var("DOCKER_HOST").ok().filter(|address| !address.is_empty());
        let address = address.map(str::to_owned).or_else(named).map_or_else(search, Ok)?;
        let failed = |error| unreachable(&address, &error);
        let client = Client::connect_with_host(&address).map_err(failed)?;
        let client = client.negotiate_version().await.map_err(failed)?;
        let version = client.version().await.map_err(failed)?;
        let is_podman = version.components.iter().flatten().any(|part| part.name.contains("Podman"));
        let options = client.info().await.map_err(failed)?.security_options.unwrap_or_default();
        let is_rootless = options.iter().any(|option| option.contains("rootless"));
        let maker = if is_podman { "Podman" } else { "Docker" };
        let name = format!("{maker} {} at `{address}`", version.version.unwrap_or_default());
        tracing::debug!(name, is_rootless, "an engine answers");
        Ok(Self { client, name, is_podman, is_rootless })
    }
}

/// The first socket there is.
fn search() -> Result<String, ExecError> {
    if cfg!(windows) {
        return Ok("npipe:////./pipe/docker_engine".to_owned());
    }
    let found = sockets().into_iter().find(|socket| socket.exists());
    let address = found.map(|socket| format!("unix://{}", socket.display()));
    address.ok_or_else(|| start_error("no container engine was found", NONE))
}

fn sockets() -> Vec<PathBuf> {
    let below = |variable: &str, path: &str| Some(Path::new(&env::var_os(variable)?).join(path));
    [
        Some("/var/run/docker.sock".into()),
        below("XDG_RUNTIME_DIR", "docker.sock"),
        below("HOME", ".docker/run/docker.sock"),
        below("XDG_RUNTIME_DIR", "podman/podman.sock"),
        Some("/run/podman/podman.sock".into()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn unreachable(address: &str, error: &Error) -> ExecError {
    let kind = io_kind(error);
    let hint = match (kind, error) {
        (Some(io::ErrorKind::PermissionDenied), _) => {
            "this user may not speak to it: `sudo usermod -aG docker $USER`, then log in again; who may is root on this machine, so rootless Podman may serve better"
        }
        (_, Error::UnsupportedURISchemeError { .. }) => {
            "the address begins with `unix://`, `npipe://`, `tcp://` or `http://`"
        }
        (_, Error::DockerResponseServerError { .. }) => "is that an engine of Docker or Podman?",
        (Some(_), _) | (_, Error::SocketNotFoundError(_)) => {
            "is it running? `sudo systemctl start docker`, or `systemctl --user start podman.socket`"
        }
        _ => NONE,
    };
    start_error(format!("the engine at `{address}` does not answer: {}", root_cause(error)), hint)
}

/// What the system said, where it is that which failed.
fn io_kind(error: &Error) -> Option<io::ErrorKind> {
    let mut cause = error.source();
    if let Error::IOError { err } = error {
        return Some(err.kind());
    }
    while let Some(inner) = cause {
        if let Some(io) = inner.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        cause = inner.source();
    }
    None
}

/// The innermost of an error's causes: the others say that a request failed.
pub(super) fn root_cause(error: &Error) -> String {
    if let Error::DockerResponseServerError { message, .. } = error {
        return message.trim().to_owned();
    }
    let mut innermost = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        innermost = inner.to_string();
        cause = inner.source();
    }
    innermost
}
