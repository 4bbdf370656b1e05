//! A Gradio app on the network: where it is, and what it says of itself.

use super::{Endpoint, Space, SpaceError};
use reqwest::{Client, RequestBuilder, Response};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};
use url::Url;

/// The most that is taken in of what an app says of itself, in bytes.
const MOST_SAID: usize = 32 << 20;
/// The longest part of an app's complaint that is told.
const MOST_TOLD: usize = 300;

/// An app that was found.
pub(super) struct App {
    client: Client,
    token: Option<String>,
    /// Its address, with a slash at the end.
    pub(super) base: Url,
    /// The address that its calls are below, with a slash at the end.
    pub(super) api: Url,
    pub(super) config: Config,
    pub(super) timeout: Duration,
    pub(super) largest_file: u64,
}

/// What matters here of `/config`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Config {
    #[serde(default)]
    api_prefix: String,
    #[serde(default)]
    protocol: String,
    #[serde(default)]
    pub(super) dependencies: Vec<Dependency>,
    #[serde(default)]
    pub(super) components: Vec<Component>,
}

/// A function of the app, and the components it goes between.
#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) id: Option<u64>,
    #[serde(default)]
    pub(super) inputs: Vec<Value>,
    #[serde(default)]
    pub(super) outputs: Vec<Value>,
    /// `false` where it has none.
    #[serde(default)]
    pub(super) api_name: Value,
}

/// Something on the app's page.
#[derive(Debug, Deserialize)]
pub(super) struct Component {
    pub(super) id: Value,
    #[serde(rename = "type")]
    pub(super) kind: String,
}

/// What matters here of `/info`.
#[derive(Deserialize)]
struct Info {
    #[serde(default)]
    named_endpoints: BTreeMap<String, super::endpoint::Description>,
}

impl App {
    /// Finds the app that `space` names.
    pub(super) async fn find(space: &Space) -> Result<Self, SpaceError> {
        // A result's redirect could lead anywhere, and would take the token along.
        let client = Client::builder().user_agent(crate::fetch::USER_AGENT).build();
        let client = client.map_err(|error| unreachable(&space.source, error))?;
        let base = match space.source.starts_with("http://") || space.source.starts_with("https://") {
            true => address(&space.source)?,
            false => host(&client, space).await?,
        };
        let mut app = Self {
            client,
            token: space.token.clone(),
            api: base.clone(),
            base,
            config: Config::default(),
            timeout: space.timeout,
            largest_file: space.largest_file,
        };
        app.config = app.ask(&app.base, "config").await?;
        if !app.config.protocol.starts_with("sse_v") {
            let cause = format!("it speaks `{}`", app.config.protocol);
            return Err(SpaceError::NotGradio { url: app.base.into(), cause });
        }
        app.api = below(&app.base, &format!("{}/", app.config.api_prefix.trim_matches('/')))?;
        Ok(app)
    }

    /// Its function of this name, or the only one.
    pub(super) async fn endpoint(&self, wanted: Option<&str>) -> Result<Endpoint, SpaceError> {
        let info: Info = self.ask(&self.api, "info").await?;
        let known: Vec<String> = info.named_endpoints.keys().cloned().collect();
        let unknown = || SpaceError::Endpoint {
            url: self.base.to_string(),
            wanted: wanted.map(str::to_owned),
            known: known.clone(),
        };
        let name = match wanted {
            Some(wanted) => format!("/{}", wanted.trim_start_matches('/')),
            None if known.len() == 1 => known.concat(),
            None => return Err(unknown()),
        };
        let description = info.named_endpoints.into_iter().find(|(known, _)| *known == name);
        let (name, description) = description.ok_or_else(unknown)?;
        Endpoint::new(&name, description, &self.config).ok_or_else(unknown)
    }

    /// What a JSON document of the app says.
    async fn ask<T: DeserializeOwned>(&self, base: &Url, path: &str) -> Result<T, SpaceError> {
        let url = below(base, path)?;
        let response = self.send_request(self.client.get(url.clone()).timeout(self.timeout)).await?;
        json(response, &url).await
    }

    /// Posts JSON to `path` and reads the answer.
    pub(super) async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, SpaceError> {
        let url = below(&self.api, path)?;
        let response =
            self.send_request(self.client.post(url.clone()).json(body).timeout(self.timeout)).await?;
        json(response, &url).await
    }

    /// Posts a form to `path` and reads the answer.
    pub(super) async fn upload<T: DeserializeOwned>(
        &self,
        path: &str,
        form: reqwest::multipart::Form,
    ) -> Result<T, SpaceError> {
        let url = below(&self.api, path)?;
        let response =
            self.send_request(self.client.post(url.clone()).multipart(form).timeout(self.timeout)).await?;
        json(response, &url).await
    }

    /// Opens `url`, of this app.
    pub(super) async fn open(&self, url: Url) -> Result<Response, SpaceError> {
        self.send_request(self.client.get(url)).await
    }

    /// Sends a request with the token; anything but a success is an error.
    async fn send_request(&self, request: RequestBuilder) -> Result<Response, SpaceError> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token).header("x-hf-authorization", format!("Bearer {token}")),
            None => request,
        };
        succeed(request.send().await, self.base.as_str()).await
    }
}

async fn succeed(response: Result<Response, reqwest::Error>, url: &str) -> Result<Response, SpaceError> {
    let response = response.map_err(|error| unreachable(url, error))?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let url = response.url().to_string();
    let message = take(response, MOST_SAID).await.unwrap_or_default();
    let message: String = String::from_utf8_lossy(&message).trim().chars().take(MOST_TOLD).collect();
    Err(SpaceError::Status { url, status: status.as_u16(), message })
}

/// Where the Hub says that a Space runs.
async fn host(client: &Client, space: &Space) -> Result<Url, SpaceError> {
    #[derive(Deserialize)]
    struct About {
        host: Option<String>,
    }
    let url = address(&space.hub).and_then(|hub| below(&hub, &format!("api/spaces/{}", space.source)))?;
    let request = client.get(url.clone()).timeout(space.timeout);
    let request = match &space.token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let about: About = json(succeed(request.send().await, url.as_str()).await?, &url).await?;
    let not_running =
        || SpaceError::NotGradio { url: space.source.clone(), cause: "it runs nowhere".to_owned() };
    address(&about.host.ok_or_else(not_running)?)
}

/// An address with a slash at its end, below which others are.
fn address(text: &str) -> Result<Url, SpaceError> {
    let wrong =
        |error| SpaceError::NotGradio { url: text.to_owned(), cause: format!("this is no address: {error}") };
    Url::parse(&format!("{}/", text.trim_end_matches('/'))).map_err(wrong)
}

/// The address of `path` below `base`.
pub(super) fn below(base: &Url, path: &str) -> Result<Url, SpaceError> {
    let wrong =
        |error: url::ParseError| SpaceError::NotGradio { url: base.to_string(), cause: error.to_string() };
    base.join(path.trim_start_matches('/')).map_err(wrong)
}

async fn json<T: DeserializeOwned>(response: Response, url: &Url) -> Result<T, SpaceError> {
    let body = take(response, MOST_SAID)
        .await
        .map_err(|cause| SpaceError::Unreachable { url: url.to_string(), cause })?;
    serde_json::from_slice(&body).map_err(|error| SpaceError::NotGradio {
        url: url.to_string(),
        cause: format!("its answer is not as expected: {error}"),
    })
}

/// The body, or an error where it is longer than `limit`.
pub(super) async fn take(mut response: Response, limit: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| error.without_url().to_string())? {
        if body.len() + chunk.len() > limit {
            return Err(format!("it is larger than {limit} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn unreachable(url: &str, error: reqwest::Error) -> SpaceError {
    SpaceError::Unreachable { url: url.to_owned(), cause: error.without_url().to_string() }
}
