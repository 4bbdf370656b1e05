//! Requests to the Hub's API, and its answers as JSON.

use crate::{Hub, HubError, download};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use secrecy::ExposeSecret;
use serde_json::Value;

/// More than this of an answer is not read, in bytes.
const LONGEST_ANSWER: usize = 16 << 20;

/// What a path keeps as it is.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// A path in an address.
pub(super) fn encoded(path: &str) -> String {
    utf8_percent_encode(path, KEPT).to_string()
}

/// A revision in an address, whose `/` are part of its name, as in `refs/pr/1`.
pub(super) fn encoded_revision(revision: &str) -> String {
    encoded(revision).replace('/', "%2F")
}

impl Hub {
    /// A request to `path` below the endpoint, with the token if there is one.
    pub(super) fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, HubError> {
        let url = format!("{}/{path}", self.endpoint);
        let unreachable = |cause: reqwest::Error| HubError::unreachable(&url, &cause);
        let client: Client = download::client().map_err(unreachable)?;
        let request = client.request(method, &url);
        Ok(match &self.token {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        })
    }

    /// The Hub's answer as JSON; `action` says what it was asked for, as in `read the repository`.
    pub(super) async fn answer(&self, request: RequestBuilder, action: &str) -> Result<Value, HubError> {
        let response = self.send(request, action).await?;
        let url = response.url().to_string();
        let text = body(response).await?;
        serde_json::from_slice(&text).map_err(|cause| HubError::Answer { url, cause: cause.to_string() })
    }

    /// The Hub's answer, if it is no refusal.
    pub(super) async fn send(&self, request: RequestBuilder, action: &str) -> Result<Response, HubError> {
        let response = request.send().await.map_err(|cause| {
            let url = cause.url().map_or_else(|| self.endpoint.clone(), ToString::to_string);
            HubError::unreachable(&url, &cause)
        })?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        Err(self.refusal(status, &body(response).await.unwrap_or_default(), action))
    }

    /// Nothing that changes the Hub works without an account, and nothing at all offline.
    pub(super) fn check_may_write(&self, action: &str) -> Result<(), HubError> {
        if self.offline {
            return Err(HubError::NotCached { repo: action.to_owned() });
        }
        if self.token.is_none() {
            return Err(HubError::NoToken { action: action.to_owned() });
        }
        Ok(())
    }

    fn refusal(&self, status: StatusCode, body: &[u8], action: &str) -> HubError {
        let said: Option<Value> = serde_json::from_slice(body).ok();
        let said = said.as_ref().and_then(|said| said.get("error").or_else(|| said.get("message"))?.as_str());
        let plain = status.canonical_reason().unwrap_or("it did not say why");
        HubError::Refused {
            action: action.to_owned(),
            status: status.as_u16(),
            message: said.unwrap_or(plain).chars().take(500).collect(),
            is_known: self.token.is_some(),
        }
    }
}

/// The body of an answer, if it is not too long.
async fn body(mut response: Response) -> Result<Vec<u8>, HubError> {
    let url = response.url().to_string();
    let mut whole = Vec::new();
    while let Some(bytes) = response.chunk().await.map_err(|cause| HubError::unreachable(&url, &cause))? {
        if whole.len() + bytes.len() > LONGEST_ANSWER {
            return Err(HubError::Answer { url, cause: "it is too long".to_owned() });
        }
        whole.extend_from_slice(&bytes);
    }
    Ok(whole)
}
