//! E2B's control API: makes machines, keeps them, ends them.

use super::Plan;
use crate::cloud::{ANSWER, CONNECT, RETRIES, Refusal, Secret, root_cause};
use backon::{ExponentialBuilder, Retryable};
use reqwest::{Client, Method, Response, StatusCode, header::HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// How long a machine lives that nobody keeps.
pub(super) const LIFETIME: Duration = Duration::from_secs(300);

/// The first wait before a request is made again, and the longest.
const WAITS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// How much of a reply is read, in bytes.
const REPLY: usize = 256 << 10;

/// How long a connection may be silent: the daemon is asked to say something every [`PING`] seconds.
const SILENCE: Duration = Duration::from_secs(150);

/// See [`SILENCE`].
pub(super) const PING: &str = "50";

/// The service, as one key may use it.
#[derive(Debug, Clone)]
pub(super) struct Control {
    client: Client,
    base: String,
    key: Secret,
}

/// A machine that was made.
#[derive(Deserialize)]
pub(super) struct Made {
    #[serde(rename = "sandboxID")]
    pub(super) id: String,
    #[serde(rename = "envdVersion")]
    pub(super) envd_version: String,
    #[serde(rename = "envdAccessToken")]
    pub(super) access_token: Option<String>,
    pub(super) domain: Option<String>,
}

/// Why a request failed.
pub(super) struct Failure {
    /// `None`: there was no answer.
    pub(super) status: Option<StatusCode>,
    message: String,
    again: Again,
}

#[derive(Clone, Copy, PartialEq)]
enum Again {
    Never,
    Soon,
    After(Duration),
}

/// One request.
struct Ask<'a> {
    method: Method,
    path: &'a str,
    body: Option<Value>,
    /// What makes two of them the same to the service.
    once: Option<String>,
}

/// A client with connections of its own: they belong to the runtime that makes them.
pub(super) fn client() -> Result<Client, Refusal> {
    Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("smolagents-rs/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| Refusal::new(format!("no connection could be made: {}", root_cause(&error)), ""))
}

impl Control {
    pub(super) fn new(base: String, key: Secret) -> Result<Self, Refusal> {
        let base = base.trim_end_matches('/').to_owned();
        Ok(Self { client: client()?, base, key })
    }

    /// The same with connections of its own.
    pub(super) fn anew(&self) -> Result<Self, Refusal> {
        Self::new(self.base.clone(), self.key.clone())
    }

    /// Its address.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Makes a machine.
    pub(super) async fn create(&self, plan: &Plan) -> Result<Made, Refusal> {
        let body = json!({
            "templateID": plan.template,
            "timeout": LIFETIME.as_secs(),
            "allow_internet_access": plan.network,
            "metadata": { "client": "smolagents-rs" },
        });
        let once = Some(uuid::Uuid::new_v4().to_string());
        let ask = Ask { method: Method::POST, path: "/v2/sandboxes", body: Some(body), once };
        let reply = self.ask(&ask).await.map_err(|failure| self.refusal(failure, plan))?;
        serde_json::from_slice(&reply).map_err(|error| {
            let hint = format!("is `{}` a service of E2B?", self.base);
            Refusal::new(format!("E2B's reply cannot be read: {error}"), hint)
        })
    }

    /// Lets a machine live for another [`LIFETIME`] from now on.
    pub(super) async fn keep(&self, id: &str) -> Result<(), Failure> {
        let body = Some(json!({ "timeout": LIFETIME.as_secs() }));
        let path = &format!("/sandboxes/{id}/timeout");
        self.ask(&Ask { method: Method::POST, path, body, once: None }).await.map(drop)
    }

    /// Ends a machine; one that has ended is no failure.
    pub(super) async fn end(&self, id: &str) -> Result<(), Failure> {
        let path = &format!("/sandboxes/{id}");
        match self.ask(&Ask { method: Method::DELETE, path, body: None, once: None }).await {
            Err(failure) if failure.status != Some(StatusCode::NOT_FOUND) => Err(failure),
            _ => Ok(()),
        }
    }

    async fn ask(&self, ask: &Ask<'_>) -> Result<Vec<u8>, Failure> {
        let policy = ExponentialBuilder::new().with_min_delay(WAITS.0).with_max_delay(WAITS.1);
        let attempts = (|| self.attempt(ask)).retry(policy.with_max_times(RETRIES).with_jitter());
        let attempts = attempts.when(|failure: &Failure| failure.again != Again::Never);
        let attempts = attempts.adjust(|failure, wait| match failure.again {
            Again::After(asked) if asked > ANSWER => None,
            Again::After(asked) => wait.and(Some(asked)),
            _ => wait,
        });
        attempts.await
    }

    async fn attempt(&self, ask: &Ask<'_>) -> Result<Vec<u8>, Failure> {
        let request = self.client.request(ask.method.clone(), format!("{}{}", self.base, ask.path));
        let mut request = request.timeout(ANSWER).header("X-API-KEY", self.key_header()?);
        if let Some(once) = &ask.once {
            request = request.header("Idempotency-Key", once);
        }
        if let Some(body) = &ask.body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(|error| self.unsent(error))?;
        let (status, again) = (response.status(), again(&response));
        let body = read(response).await.map_err(|error| self.unsent(error))?;
        if status.is_success() {
            return Ok(body);
        }
        Err(Failure { status: Some(status), message: self.key.strike_out(&message(&body)), again })
    }

    fn key_header(&self) -> Result<HeaderValue, Failure> {
        let mut key = HeaderValue::from_str(self.key.expose()).map_err(|_| Failure {
            status: None,
            message: "the key for E2B holds characters that no key has".to_owned(),
            again: Again::Never,
        })?;
        key.set_sensitive(true);
        Ok(key)
    }

    /// There was no answer. Only if there was no connection either, the request may be made again.
    fn unsent(&self, error: reqwest::Error) -> Failure {
        let again = if error.is_connect() { Again::Soon } else { Again::Never };
        let message = format!("E2B does not answer at `{}`: {}", self.base, root_cause(&error));
        Failure { status: None, message, again }
    }

    fn refusal(&self, failure: Failure, plan: &Plan) -> Refusal {
        let hint = match failure.status.map(|status| status.as_u16()) {
            None => "check the network, and `E2B_API_URL` or `E2B_DOMAIN` if they are set".to_owned(),
            Some(401 | 403) => {
                "check the key: `E2B_API_KEY`, or that of `E2B::key`; keys are made at https://e2b.dev/dashboard?tab=keys"
                    .to_owned()
            }
            Some(400 | 404) => format!("is there a template `{}` for this key?", plan.template),
            Some(402 | 429) => {
                "the account's limit is reached: end other sandboxes, wait, or raise it at https://e2b.dev/dashboard"
                    .to_owned()
            }
            Some(500..) => "E2B has trouble, see https://status.e2b.dev".to_owned(),
            Some(_) => String::new(),
        };
        Refusal::new(failure, hint)
    }
}

/// Whether a request may be made again: as the service says, or else as its status does.
fn again(response: &Response) -> Again {
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let may = match header("should-retry") {
        Some(word) => word.eq_ignore_ascii_case("true"),
        None => matches!(response.status().as_u16(), 429 | 502..=504),
    };
    let after = header("retry-after").and_then(|seconds| seconds.parse().ok()).map(Duration::from_secs);
    match (may, after) {
        (false, _) => Again::Never,
        (true, Some(after)) => Again::After(after),
        (true, None) => Again::Soon,
    }
}

/// As much of a reply as is ever needed.
pub(super) async fn read(mut response: Response) -> reqwest::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        body.extend_from_slice(&piece);
        if body.len() > REPLY {
            body.truncate(REPLY);
            break;
        }
    }
    Ok(body)
}

/// What an error's body says.
pub(super) fn message(body: &[u8]) -> String {
    let said = serde_json::from_slice::<Value>(body).ok();
    let said = said.as_ref().and_then(|said| said.get("message")).and_then(Value::as_str);
    let text = said.map_or_else(|| String::from_utf8_lossy(body).trim().to_owned(), str::to_owned);
    text.chars().take(500).collect()
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.status {
            None => formatter.write_str(&self.message),
            Some(status) if self.message.is_empty() => write!(formatter, "E2B answered {status}"),
            Some(status) => write!(formatter, "E2B answered {status}: {}", self.message),
        }
    }
}
