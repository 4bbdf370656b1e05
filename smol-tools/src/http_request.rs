//! `http_request`: requests to the few hosts that an agent is granted.

use crate::{
    fetch::{FetchError, Page, read, send},
    guard::Guard,
    schema::{parse_arguments, spec_of},
    text::tell,
};
use reqwest::{Method, header::HeaderMap};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smol_core::tool::{Effect, Tool, ToolError, ToolSpec};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};
use url::Url;

#[derive(Deserialize, JsonSchema)]
struct Input {
    /// the address, with https:// or http://
    url: String,
    /// GET, POST and so on
    #[serde(default = "get")]
    method: String,
    /// headers to send
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// what to send: text as it is, anything else as JSON
    #[serde(default)]
    body: Option<Value>,
}

fn get() -> String {
    "GET".to_owned()
}

/// What a request is answered with.
#[derive(Serialize, JsonSchema)]
struct Answer {
    /// such as 200
    status: u16,
    /// where it came from, after redirects
    url: String,
    /// such as application/json
    content_type: String,
    /// JSON as data, other text as text
    body: Value,
}

/// The tool `http_request(url, method = "GET", headers = {}, body = None)`. It reaches the hosts that it was made with,
/// also by redirect, and no others; by GET and HEAD unless [`methods`](Self::methods) grants more. A status such as 404
/// is an answer, not an error. 10 MB are taken in at the most.
pub struct HttpRequest {
    spec: ToolSpec,
    hosts: Arc<[String]>,
    methods: Vec<Method>,
    timeout: Duration,
    guard: Guard,
}

impl HttpRequest {
    /// For these hosts, each as in an address (`api.example.org`), or `*.example.org` for all below it.
    pub fn to(hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let hosts: Arc<[String]> = hosts.into_iter().map(|host| host.into().to_ascii_lowercase()).collect();
        let spec = spec_of::<Input, Answer>("http_request", "");
        let tool = Self {
            spec: ToolSpec { untrusted: true, ..spec },
            hosts,
            methods: Vec::new(),
            timeout: Duration::from_secs(30),
            guard: Guard::new(false),
        };
        tool.methods([Method::GET, Method::HEAD])
    }

    /// The methods it may use. With any but GET, HEAD and OPTIONS it is a tool that writes.
    #[must_use]
    pub fn methods(mut self, methods: impl IntoIterator<Item = Method>) -> Self {
        self.methods = methods.into_iter().collect();
        let reads = self.methods.iter().all(Method::is_safe);
        self.spec.effect = if reads { Effect::Reads } else { Effect::Writes };
        let methods: Vec<&str> = self.methods.iter().map(Method::as_str).collect();
        self.spec.description = format!(
            "Makes an HTTP request and returns status and body. It can reach {}, by {}.",
            self.hosts.join(", "),
            methods.join(", ")
        );
        self
    }

    /// Gives a request this long; 30 seconds by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Whether hosts on this machine and in private networks may be reached. Without it, a granted name that leads there
    /// is refused.
    #[must_use]
    pub fn allow_private(mut self, allow: bool) -> Self {
        self.guard = Guard::new(allow);
        self
    }

    async fn request(&self, input: Input) -> Result<Answer, ToolError> {
        let url = Url::parse(input.url.trim())
            .map_err(|error| ToolError(format!("`{}` is not an address: {error}", input.url)))?;
        self.guard.check_within(&url, &self.hosts).map_err(tell)?;
        let method = self.method(&input.method)?;
        let client = self.guard.client_within(self.timeout, self.hosts.clone());
        let client = client.map_err(|error| tell(FetchError::Client(error)))?;
        let mut request = client.request(method, url.clone()).headers(headers(&input.headers)?);
        request = match input.body {
            Some(Value::String(text)) => request.body(text),
            Some(data) => request.json(&data),
            None => request,
        };
        let response = send(request, &url).await.map_err(tell)?;
        let status = response.status().as_u16();
        let page = read(response).await.map_err(tell)?;
        Ok(Answer { status, url: page.url.to_string(), content_type: page.mime.clone(), body: body(&page)? })
    }

    fn method(&self, name: &str) -> Result<Method, ToolError> {
        let granted = self.methods.iter().find(|method| method.as_str().eq_ignore_ascii_case(name.trim()));
        granted.cloned().ok_or_else(|| {
            let granted: Vec<&str> = self.methods.iter().map(Method::as_str).collect();
            ToolError(format!(
                "this tool may not use the method `{name}`\n\nhint: it may use `{}`",
                granted.join("`, `")
            ))
        })
    }
}

/// Not those which say for whom a request is: that is what the list of hosts decides.
fn headers(given: &BTreeMap<String, String>) -> Result<HeaderMap, ToolError> {
    if let Some(name) = given.keys().find(|name| name.eq_ignore_ascii_case("host")) {
        return Err(ToolError(format!("the header `{name}` cannot be set: the address says it")));
    }
    let given: HashMap<String, String> = given.clone().into_iter().collect();
    HeaderMap::try_from(&given).map_err(|error| ToolError(format!("a header is wrong: {error}")))
}

fn body(page: &Page) -> Result<Value, ToolError> {
    if page.is_empty() {
        return Ok(Value::Null);
    }
    if !page.is_text() {
        let hint = "ask for the same content as JSON or text";
        return Err(ToolError(format!(
            "`{}` is `{}`, which this tool cannot read\n\nhint: {hint}",
            page.url, page.mime
        )));
    }
    let text = page.text();
    let data = if page.is_json() { serde_json::from_str(&text).ok() } else { None };
    Ok(data.unwrap_or(Value::String(text)))
}

#[async_trait::async_trait]
impl Tool for HttpRequest {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let answer = self.request(parse_arguments(arguments)?).await?;
        serde_json::to_value(answer).map_err(tell)
    }
}
