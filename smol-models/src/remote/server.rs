//! Asks a server, as often as it is safe and sensible.

use super::{
    error::{Failure, Retry, SHORTEST_SECRET, hide, is_passing, masked, message, root_cause},
    incoming::{Incoming, read_body},
};
use crate::{
    cassette::Cassette,
    dialect::{Dialect, Settings, Unsigned},
};
use backon::{ExponentialBuilder, Retryable};
use reqwest::{
    Client, Response, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderValue},
    redirect,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use smol_core::model::ModelError;
use std::{
    sync::{Arc, LazyLock},
    time::{Duration, SystemTime},
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// The first wait before another attempt, and the longest that we choose.
const WAITS: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(8));
/// The longest wait that a service may ask for. Past it, the user decides.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// Bytes of an error's body that are read.
const ERROR_BODY: usize = 64 * 1024;

/// One pool of connections for all models. Redirects are not followed: they turn a POST into a GET.
static CLIENT: LazyLock<Result<Client, String>> = LazyLock::new(|| {
    let client = Client::builder().connect_timeout(CONNECT_TIMEOUT).redirect(redirect::Policy::none());
    let client = client.user_agent(concat!("smolagents-rs/", env!("CARGO_PKG_VERSION")));
    client.build().map_err(|error| root_cause(&error))
});

/// The pool, for what has to be asked besides.
pub(crate) fn client() -> Result<&'static Client, ModelError> {
    let unmade = |cause: &String| ModelError::Setup {
        message: format!("no connection to any server could be made: {cause}"),
        hint: String::new(),
    };
    CLIENT.as_ref().map_err(unmade)
}

/// One request, as often as it is tried.
#[derive(Clone, Copy)]
struct Call<'a, 'b> {
    dialect: &'a dyn Dialect,
    url: &'b Url,
    body: &'b Value,
}

/// A service and how to treat it.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) base: String,
    pub(super) key: Option<SecretString>,
    pub(super) key_variable: Option<String>,
    pub(super) headers: Vec<(String, SecretString)>,
    pub(super) first_token: Duration,
    pub(super) between_tokens: Duration,
    pub(super) retries: usize,
    pub(super) cassette: Option<Arc<Cassette>>,
}

impl Server {
    pub(super) fn new(base: String) -> Self {
        Self {
            base,
            key: None,
            key_variable: None,
            headers: Vec::new(),
            first_token: Duration::from_secs(600),
            between_tokens: Duration::from_secs(120),
            retries: 3,
            cassette: None,
        }
    }

    /// The reply to `body`, from its first piece on.
    pub(super) async fn ask<'a>(
        &'a self,
        dialect: &'a dyn Dialect,
        settings: &Settings,
        body: &Value,
        stream: bool,
    ) -> Result<Incoming<'a>, ModelError> {
        let url = dialect.url(&self.base()?, settings, stream);
        let call = Call { dialect, url: &url, body };
        let policy = ExponentialBuilder::new().with_min_delay(WAITS.0).with_max_delay(WAITS.1);
        let attempts = (|| self.attempt(call)).retry(policy.with_max_times(self.retries).with_jitter());
        let attempts = attempts.when(|failure: &Failure| failure.retry != Retry::Never);
        let attempts = attempts.adjust(|failure, wait| match failure.retry {
            Retry::After(asked) => wait.and(Some(asked)),
            _ => wait,
        });
        let attempts =
            attempts.notify(|_, wait| tracing::debug!(url = self.shown_base(), ?wait, "asking again"));
        attempts.await.map_err(|failure| self.masked(dialect, failure.error))
    }

    async fn attempt<'a>(&'a self, call: Call<'a, '_>) -> Result<Incoming<'a>, Failure> {
        let reply = async { Incoming::open(self, call.dialect, self.send(call).await?).await };
        let late = |_| Err(self.timed_out(self.first_token, "the first token").into());
        tokio::time::timeout(self.first_token, reply).await.unwrap_or_else(late)
    }

    async fn send(&self, call: Call<'_, '_>) -> Result<Response, Failure> {
        if let Some(found) = self.cassette.as_ref().and_then(|cassette| cassette.find(call.url, call.body)) {
            return self.accepted(call, found.map_err(|cause| self.setup(cause))?).await;
        }
        let client = CLIENT.as_ref().map_err(|cause| self.setup(cause.clone()))?;
        let body = call.body.to_string();
        let signed = call.dialect.sign(Unsigned { url: call.url, body: body.as_bytes() }).await?;
        let mut request = client.post(call.url.clone()).header(CONTENT_TYPE, "application/json").body(body);
        for (name, value) in call.dialect.headers() {
            request = request.header(name, value);
        }
        if let Some(key) = &self.key {
            let (name, scheme) = call.dialect.key_header();
            request = request.header(name, self.hidden(name, &format!("{scheme}{}", key.expose_secret()))?);
        }
        for (name, value) in self.headers.iter().chain(&signed) {
            request = request.header(name, self.hidden(name, value.expose_secret())?);
        }
        let response = request.send().await.map_err(|error| self.unsent(error.without_url()))?;
        let response = match &self.cassette {
            Some(cassette) => {
                let kept =
                    cassette.keep(call.url, call.body, response, |text| self.mask(call.dialect, text)).await;
                kept.map_err(|cause| self.setup(cause))?
            }
            None => response,
        };
        self.accepted(call, response).await
    }

    async fn accepted(&self, call: Call<'_, '_>, response: Response) -> Result<Response, Failure> {
        match response.status().is_success() {
            true => Ok(response),
            false => Err(self.refused(call, response).await),
        }
    }

    /// The value of a header that no log may show.
    fn hidden(&self, name: &str, value: &str) -> Result<HeaderValue, ModelError> {
        let unfit = |_| {
            self.setup(format!("the value of the header `{name}` has characters that no header may have"))
        };
        let mut value = HeaderValue::from_str(value).map_err(unfit)?;
        value.set_sensitive(true);
        Ok(value)
    }

    fn base(&self) -> Result<Url, ModelError> {
        let invalid = |cause: String| ModelError::Setup {
            message: format!("the model server's address `{}` cannot be used: {cause}", self.shown_base()),
            hint: "give it in full, such as `http://localhost:11434/v1`".to_owned(),
        };
        let url = Url::parse(&self.base).map_err(|error| invalid(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid("it starts with neither `http://` nor `https://`".to_owned()));
        }
        Ok(url)
    }

    /// The address without what may be secret in it.
    pub(super) fn shown_base(&self) -> String {
        let Ok(mut url) = Url::parse(&self.base) else { return self.base.clone() };
        url.set_query(None);
        // These fail for addresses that have no place for a name, and so none to hide.
        let _ = (url.set_username(""), url.set_password(None));
        url.as_str().trim_end_matches('/').to_owned()
    }

    fn setup(&self, cause: String) -> ModelError {
        let message = format!("no request to `{}` could be made: {cause}", self.shown_base());
        ModelError::Setup { message, hint: String::new() }
    }

    pub(super) fn timed_out(&self, limit: Duration, waiting_for: &str) -> ModelError {
        let (url, waiting_for) = (self.shown_base(), waiting_for.to_owned());
        ModelError::Timeout { url, seconds: limit.as_secs(), waiting_for }
    }

    fn unsent(&self, error: reqwest::Error) -> Failure {
        if error.is_builder() {
            return self.setup(root_cause(&error)).into();
        }
        let unreachable = ModelError::Unreachable { url: self.shown_base(), cause: root_cause(&error) };
        Failure { error: unreachable, retry: Retry::Soon }
    }

    async fn refused(&self, call: Call<'_, '_>, response: Response) -> Failure {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        // A body that breaks off still tells more than none.
        let said = read_body(response, ERROR_BODY).await.0;
        let said = String::from_utf8_lossy(&said);
        let retry = match wait_asked(&headers, SystemTime::now()) {
            _ if !is_passing(status) || said.contains("insufficient_quota") => Retry::Never,
            Some(wait) if wait > LONGEST_WAIT => Retry::Never,
            Some(wait) => Retry::After(wait),
            None => Retry::Soon,
        };
        let message = match headers.get("location").and_then(|place| place.to_str().ok()) {
            Some(place) if (300..=399).contains(&status) => format!("the address has moved to `{place}`"),
            _ => message(&said),
        };
        let known = call.dialect.hint(status, &said);
        let hint = known
            .unwrap_or_else(|| self.hint(status, call.body, &said, wait_asked(&headers, SystemTime::now())));
        Failure { error: ModelError::Status { url: self.shown_base(), status, message, hint }, retry }
    }

    /// What the user may do about a status.
    pub(super) fn hint(&self, status: u16, body: &Value, said: &str, wait: Option<Duration>) -> String {
        let variable = self.key_variable.as_deref().map(|name| format!(" (`{name}`)")).unwrap_or_default();
        match status {
            401 | 403 if self.key.is_none() => {
                format!("no API key was sent: give the one of this service{variable}")
            }
            401 | 403 => format!("is the API key{variable} right, and may it use this model?"),
            400..=499 if offers(body, "tools") && said.contains("tool") => {
                "this model may take no tools: a code agent needs none".to_owned()
            }
            400..=499 if shows_pictures(body) && said.contains("image") => {
                "this model may see no pictures: ask one that does".to_owned()
            }
            402 => "the account with this service may be out of credit".to_owned(),
            404 => {
                let model = body.get("model").and_then(Value::as_str);
                let model = model.map(|model| format!(" `{model}`")).unwrap_or_default();
                format!("is the model{model} there, and is the address right up to its `/v1`?")
            }
            300..=399 => "use the new address".to_owned(),
            429 => match wait {
                Some(wait) => format!("the service asks to wait {} s", wait.as_secs()),
                None => {
                    "the rate limit or the quota is used up: wait, or run fewer agents at once".to_owned()
                }
            },
            500..=599 => "the service has a fault or too much to do: try again later".to_owned(),
            _ => String::new(),
        }
    }

    /// The error without the secrets that the service, or an address, may have echoed in it.
    pub(super) fn masked(&self, dialect: &dyn Dialect, error: ModelError) -> ModelError {
        masked(error, |text| self.mask(dialect, text))
    }

    /// The text with every secret hidden.
    fn mask(&self, dialect: &dyn Dialect, text: String) -> String {
        let signs = dialect.secrets();
        let sent = self.key.iter().chain(self.headers.iter().map(|(_, value)| value));
        let secrets = sent.chain(&signs);
        let long =
            secrets.map(|secret| secret.expose_secret()).filter(|secret| secret.len() >= SHORTEST_SECRET);
        long.fold(text, hide)
    }
}

/// Whether the request offers this.
fn offers(body: &Value, field: &str) -> bool {
    body.get(field).and_then(Value::as_array).is_some_and(|list| !list.is_empty())
}

/// Whether the request has a picture, in any wire's words.
fn shows_pictures(body: &Value) -> bool {
    let text = body.to_string();
    ["image_url", "input_image", "\"image\"", "\"images\"", "inlineData"]
        .iter()
        .any(|mark| text.contains(mark))
}

/// How long the service asks to wait: in milliseconds, in seconds, or until a date.
fn wait_asked(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok();
    let number = |name| text(name)?.trim().parse::<f64>().ok();
    let seconds = number("retry-after-ms").map(|wait| wait / 1000.0).or_else(|| number("retry-after"));
    if let Some(seconds) = seconds {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = httpdate::parse_http_date(text("retry-after")?).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::under;

    #[test]
    fn a_wait_is_read_in_all_its_forms() {
        #[track_caller]
        fn check(headers: &[(&'static str, &str)], expect: Option<u64>) {
            let pairs =
                headers.iter().map(|(name, value)| ((*name).try_into().unwrap(), value.parse().unwrap()));
            let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
            let wait = wait_asked(&HeaderMap::from_iter(pairs), now);
            assert_eq!(wait, expect.map(Duration::from_millis), "{headers:?}");
        }
        check(&[], None);
        check(&[("retry-after", "2")], Some(2000));
        check(&[("retry-after", "0.25")], Some(250));
        check(&[("retry-after", "20"), ("retry-after-ms", "30")], Some(30));
        check(&[("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT")], Some(3000));
        check(&[("retry-after", "Sun, 06 Nov 1994 08:49:30 GMT")], Some(0));
        check(&[("retry-after", "-1")], None);
        check(&[("retry-after", "NaN")], None);
        check(&[("retry-after", "1e999")], None);
        check(&[("retry-after", "soon")], None);
    }

    #[test]
    fn the_path_is_put_after_any_base() {
        #[track_caller]
        fn check(base: &str, url: &str, shown: &str) {
            let server = Server::new(base.to_owned());
            assert_eq!(under(&server.base().unwrap(), &["chat", "completions"]).as_str(), url);
            assert_eq!(server.shown_base(), shown);
        }
        check("http://h:1/v1", "http://h:1/v1/chat/completions", "http://h:1/v1");
        check("http://h:1/v1/", "http://h:1/v1/chat/completions", "http://h:1/v1");
        check("https://h", "https://h/chat/completions", "https://h");
        check("https://h/x/chat/completions", "https://h/x/chat/completions", "https://h/x/chat/completions");
        check("https://me:pass@h/v1?sig=s", "https://me:pass@h/v1/chat/completions?sig=s", "https://h/v1");
        for wrong in ["localhost:11434", "ftp://h", "", "file:///etc"] {
            let error = Server::new(wrong.to_owned()).base().unwrap_err();
            assert!(error.to_string().contains(&format!("address `{wrong}` cannot be used")), "{error}");
        }
    }
}
