//! `web_search`: one tool over several engines. Each engine is a way to ask and a way to read the answer, as plain
//! functions; what moves the bytes, keeps the pace and says what went wrong is the same for all.

mod bing;
mod duckduckgo;
mod engine;
mod error;
mod service;

pub use engine::{Engine, MissingKey, UnknownEngine};

use crate::{
    fetch::{FetchError, USER_AGENT, read, send},
    pace::Pace,
    schema::{parse_arguments, spec_of},
    text::tell,
};
use engine::Question;
use error::SearchError;
use reqwest::Client;
use schemars::JsonSchema;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smol_core::tool::{Tool, ToolError, ToolSpec};
use std::{env, time::Duration};
use url::Url;

/// One result of a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SearchResult {
    /// the page's title
    pub title: String,
    /// the page's address
    pub url: String,
    /// a few of the page's words round those searched for; may be empty
    pub snippet: String,
}

// Code prints a list of this format as Markdown.
#[derive(Serialize, JsonSchema)]
#[schemars(extend("format" = "records"))]
struct Results(Vec<SearchResult>);

#[derive(Deserialize, JsonSchema)]
struct Input {
    /// what to search for, in a few words
    query: String,
    /// the most results to return
    #[serde(default = "ten")]
    #[schemars(range(min = 1, max = 20))]
    max_results: usize,
    /// only pages of this year, such as 2024
    filter_year: Option<u16>,
}

fn ten() -> usize {
    10
}

/// The tool `web_search(query, max_results = 10)`, and with Google also `filter_year = None`. It gives a list of
/// [`SearchResult`]s, at most one search a second.
///
/// ```no_run
/// use smol_tools::{Engine, WebSearch};
///
/// let free = WebSearch::new();
/// let paid = WebSearch::from_env(Engine::Brave)?;
/// # Ok::<(), smol_tools::MissingKey>(())
/// ```
#[doc(alias = "DuckDuckGoSearchTool")]
#[doc(alias = "GoogleSearchTool")]
#[doc(alias = "ApiWebSearchTool")]
pub struct WebSearch {
    spec: ToolSpec,
    engine: Engine,
    key: Option<SecretString>,
    base_url: String,
    timeout: Duration,
    pace: Pace,
}

impl Default for WebSearch {
    fn default() -> Self {
        Self::new()
    }
}

impl WebSearch {
    /// The tool, asking DuckDuckGo.
    pub fn new() -> Self {
        Self::with(Engine::default())
    }

    /// The tool, asking this engine.
    pub fn with(engine: Engine) -> Self {
        let description = "Searches the web and returns the best results, each with title, url and snippet. A \
                           snippet is only a glimpse: visit the page for the rest.";
        let mut spec = ToolSpec { untrusted: true, ..spec_of::<Input, Results>("web_search", description) };
        let inputs = spec.input.get_mut("properties").and_then(Value::as_object_mut);
        if let (false, Some(inputs)) = (engine.is_google(), inputs) {
            inputs.remove("filter_year");
        }
        Self {
            spec,
            engine,
            key: None,
            base_url: engine.base_url().to_owned(),
            timeout: Duration::from_secs(20),
            pace: Pace::new(Duration::from_secs(1)),
        }
    }

    /// The tool, asking this engine with the key that stands in its environment variable, if it needs one.
    pub fn from_env(engine: Engine) -> Result<Self, MissingKey> {
        let Some(variable) = engine.key_variable() else { return Ok(Self::with(engine)) };
        let key = env::var(variable).ok().filter(|key| !key.trim().is_empty());
        let key = key.ok_or(MissingKey { engine, variable })?;
        Ok(Self::with(engine).api_key(key.trim()))
    }

    /// The key for an engine that needs one.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<SecretString>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Asks another server that answers in the engine's form.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Gives a search this long; 20 seconds by default.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Lets at least this much time pass between two searches; a second by default.
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.pace = Pace::new(interval);
        self
    }

    async fn search(&self, input: &Input) -> Result<Results, SearchError> {
        let base = Url::parse(&self.base_url)
            .map_err(|cause| SearchError::BaseUrl { url: self.base_url.clone(), cause })?;
        let key = match (self.engine.key_variable(), &self.key) {
            (Some(variable), None) => return Err(SearchError::NoKey { engine: self.engine, variable }),
            (_, key) => key.as_ref(),
        };
        let client = Client::builder().user_agent(USER_AGENT).timeout(self.timeout).build();
        let client = client.map_err(FetchError::Client)?;
        let Input { ref query, max_results, filter_year } = *input;
        let question = Question { query, max_results, year: filter_year, base: &base, key };
        self.pace.turn().await;
        // Without its query, which may hold the key.
        let mut shown = base.clone();
        shown.set_query(None);
        let response = send(self.engine.request(&client, &question), &shown).await.map_err(redacted)?;
        let (status, page) = (response.status(), read(response).await.map_err(redacted)?);
        if !status.is_success() {
            return Err(SearchError::refused(self.engine, status, &page.text()));
        }
        let mut results = self.engine.results(&page)?;
        if results.is_empty() {
            return Err(SearchError::NoResult { query: query.clone() });
        }
        results.truncate(max_results);
        Ok(Results(results))
    }
}

/// An address in an error may hold the key.
fn redacted(error: FetchError) -> FetchError {
    match error {
        FetchError::Network { mut url, cause } => {
            url.set_query(None);
            FetchError::Network { url, cause }
        }
        FetchError::TooLarge { mut url, limit } => {
            url.set_query(None);
            FetchError::TooLarge { url, limit }
        }
        other => other,
    }
}

#[async_trait::async_trait]
impl Tool for WebSearch {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let results = self.search(&parse_arguments(arguments)?).await.map_err(tell)?;
        serde_json::to_value(results).map_err(tell)
    }

    fn python_source(&self) -> Option<String> {
        (self.spec.name == "web_search").then(|| "from smolagents import WebSearchTool\n".to_owned())
    }
}
