//! A server's REST interface: what is asked of it, and what its refusals mean. Keys travel in headers that are marked
//! sensitive, so neither an address nor an error ever holds one.

use reqwest::{Client, Method, StatusCode, Url, header::HeaderMap, redirect};
use serde::de::DeserializeOwned;
use serde_json::Value;
use smol_core::exec::ExecError;
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The largest answer that is read, in bytes.
const LARGEST_ANSWER: usize = 1 << 20;

/// How much of a refusal is shown, in characters.
const SHOWN: usize = 300;

/// Where requests of one executor go, and what they carry.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) executor: &'static str,
    /// What a user may do about a refused key.
    pub(crate) key_hint: &'static str,
    /// Without a `/` at its end.
    base: String,
    headers: HeaderMap,
    client: Client,
}

impl Site {
    /// Fails if `base` is no address of a server, or holds a key itself.
    pub(crate) fn new(
        executor: &'static str,
        key_hint: &'static str,
        base: &str,
        headers: HeaderMap,
    ) -> Result<Self, ExecError> {
        // What is wrong with it is told without the address, which may hold a key.
        let refused = |cause: &str, hint: &str| start_error(executor, cause.to_owned(), hint);
        let url = Url::parse(base).map_err(|error| {
            refused(
                &format!("its address cannot be read: {error}"),
                "give one such as `http://127.0.0.1:8888`",
            )
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(refused("its address is not one of `http` or `https`", ""));
        }
        if url.query().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err(refused("its address holds more than a place", key_hint));
        }
        // A connection serves the runtime that made it, and a farewell is said on another.
        let client = Client::builder().connect_timeout(CONNECT_TIMEOUT).pool_max_idle_per_host(0);
        // A redirect would take the key elsewhere; and only HTTP/1.1 can become a websocket.
        let client = client.redirect(redirect::Policy::none()).http1_only().build();
        let client = client.map_err(|error| refused(&format!("no connection can be made: {error}"), ""))?;
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { executor, key_hint, base, headers, client })
    }

    /// The same keys for another address.
    #[cfg(feature = "blaxel")]
    pub(crate) fn at(&self, base: &str) -> Result<Self, ExecError> {
        Self::new(self.executor, self.key_hint, base, self.headers.clone())
    }

    /// Whether what is sent there can be read on the way.
    #[cfg(feature = "blaxel")]
    pub(crate) fn is_open(&self) -> bool {
        self.base.starts_with("http:")
    }

    /// The error of a sandbox that did not start.
    pub(crate) fn error(&self, cause: impl Into<String>, hint: &str) -> ExecError {
        start_error(self.executor, cause.into(), hint)
    }

    /// A request that carries the keys.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base)).headers(self.headers.clone())
    }

    /// Sends it. Fails unless the answer is a success.
    pub(crate) async fn send(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, ExecError> {
        let response = request.send().await.map_err(|error| self.unreachable(error))?;
        let status = response.status();
        if status.is_success() || status == StatusCode::SWITCHING_PROTOCOLS {
            return Ok(response);
        }
        let body = self.read(response).await.unwrap_or_default();
        Err(self.refused(status, &body))
    }

    /// The server's version.
    pub(crate) async fn version(&self) -> Result<String, ExecError> {
        #[derive(serde::Deserialize)]
        struct Api {
            version: String,
        }
        self.ask::<Api>(Method::GET, "/api", &Value::Null, CONNECT_TIMEOUT).await.map(|api| api.version)
    }

    /// Asks with JSON and reads the JSON that is answered.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &Value,
        within: Duration,
    ) -> Result<T, ExecError> {
        let mut request = self.request(method, path).timeout(within);
        if !body.is_null() {
            request = request.json(body);
        }
        let body = self.read(self.send(request).await?).await?;
        serde_json::from_slice(&body)
            .map_err(|error| self.error(format!("`{}` answered something else: {error}", self.base), ""))
    }

    async fn read(&self, mut response: reqwest::Response) -> Result<Vec<u8>, ExecError> {
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| self.unreachable(error))? {
            if body.len() + piece.len() > LARGEST_ANSWER {
                return Err(self.error(format!("an answer is larger than {LARGEST_ANSWER} bytes"), ""));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    pub(crate) fn unreachable(&self, error: reqwest::Error) -> ExecError {
        let mut cause: &dyn std::error::Error = &error.without_url();
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        let hint = "see that the server runs and that this machine may reach it";
        self.error(format!("`{}` cannot be reached: {cause}", self.base), hint)
    }

    fn refused(&self, status: StatusCode, body: &[u8]) -> ExecError {
        let said: Value = serde_json::from_slice(body).unwrap_or_default();
        let said = ["message", "reason", "error"].into_iter().find_map(|key| said.get(key)?.as_str());
        let said: String = said.map(|text| format!(": {text}")).unwrap_or_default();
        let cause =
            format!("`{}` answered {status}{}", self.base, said.chars().take(SHOWN).collect::<String>());
        let hint = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => self.key_hint,
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                "see that this is the address of the right server"
            }
            StatusCode::TOO_MANY_REQUESTS => "it allows no more for now: wait, or end what runs there",
            _ => "",
        };
        self.error(cause, hint)
    }
}

pub(crate) fn start_error(executor: &str, cause: String, hint: &str) -> ExecError {
    ExecError::Start { executor: executor.to_owned(), cause, hint: hint.to_owned() }
}
