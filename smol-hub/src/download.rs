//! One file from the Hub, over HTTPS.

use crate::{File, Hub, HubError, Progress, store::Arriving};
use futures::StreamExt;
use reqwest::{Client, Response};
use secrecy::ExposeSecret;
use std::{path::Path, time::Duration};

/// Nobody should wait long to learn that there is no network.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A server that sends nothing for this long will not send more.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// Fetches `file` from `hub` to `target`.
pub(crate) async fn download(
    hub: &Hub,
    file: &File,
    target: &Path,
    progress: &impl Fn(Progress),
) -> Result<(), HubError> {
    let url = format!("{}/{}/resolve/{}/{}", hub.endpoint, file.repo, file.revision, file.path);
    let unreachable = |cause| HubError::Unreachable { url: url.clone(), cause: chain(&cause) };
    let response = get(hub, &url, target).await?;
    let mut arriving = Arriving::new(file, target, url.clone())?;
    let mut body = response.bytes_stream();
    while let Some(bytes) = body.next().await {
        progress(arriving.write(&bytes.map_err(unreachable)?)?);
    }
    arriving.finish()
}

/// The text at `url` of `hub`, which is wanted for `target`.
pub(crate) async fn text(hub: &Hub, url: &str, target: &Path) -> Result<String, HubError> {
    let unreachable = |cause| HubError::Unreachable { url: url.to_owned(), cause: chain(&cause) };
    get(hub, url, target).await?.text().await.map_err(unreachable)
}

async fn get(hub: &Hub, url: &str, target: &Path) -> Result<Response, HubError> {
    if hub.offline {
        return Err(HubError::Offline { path: target.to_owned() });
    }
    let unreachable = |cause| HubError::Unreachable { url: url.to_owned(), cause: chain(&cause) };
    let mut request = client().map_err(unreachable)?.get(url);
    if let Some(token) = &hub.token {
        request = request.bearer_auth(token.expose_secret());
    }
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    Err(HubError::Status { url: url.to_owned(), status: status.as_u16() })
}

pub(crate) fn client() -> reqwest::Result<Client> {
    let agent = concat!("smolagents-rs/", env!("CARGO_PKG_VERSION"));
    Client::builder().user_agent(agent).connect_timeout(CONNECT_TIMEOUT).read_timeout(READ_TIMEOUT).build()
}

/// An error with all its causes: the first alone often only says that something failed.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
