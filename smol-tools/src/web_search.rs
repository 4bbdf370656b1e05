//! `web_search`: DuckDuckGo's page for small browsers, which needs no key and no script.

use crate::{
    fetch::{FetchError, USER_AGENT, fetch},
    html,
    macro_support::{Arguments, Signature},
    pace::Pace,
};
use reqwest::Client;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smol_core::tool::{Effect, Tool, ToolError, ToolSpec};
use std::time::Duration;
use url::Url;

/// What is returned unless the model asks for another number.
const MAX_RESULTS: usize = 10;

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

/// The tool `web_search(query, max_results = 10)`. It gives a list of [`SearchResult`]s, at most one search a
/// second.
pub struct WebSearch {
    spec: ToolSpec,
    base_url: String,
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
        let description = "Searches the web and returns the best results, each with title, url and snippet. A \
                           snippet is only a glimpse: visit the page for the rest.";
        let spec = Signature::new()
            .required::<String>("query", "what to search for, in a few words")
            .with_default("max_results", "the most results to return", MAX_RESULTS)
            .spec::<Vec<SearchResult>>("web_search", description, Effect::Reads);
        let spec = ToolSpec { untrusted: true, ..spec };
        let base_url = "https://lite.duckduckgo.com/lite/".to_owned();
        Self { spec, base_url, pace: Pace::new(Duration::from_secs(1)) }
    }

    /// Asks another server that answers in the same form.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    async fn search(&self, query: &str) -> Result<Vec<SearchResult>, SearchError> {
        let url = Url::parse_with_params(&self.base_url, [("q", query)])
            .map_err(|cause| SearchError::BaseUrl { url: self.base_url.clone(), cause })?;
        let client = Client::builder().user_agent(USER_AGENT).timeout(Duration::from_secs(20)).build();
        self.pace.turn().await;
        let page = fetch(&client.map_err(FetchError::Client)?, url).await?;
        match results(&page.text(), &page.url) {
            Some(results) if results.is_empty() => Err(SearchError::NoResult { query: query.to_owned() }),
            Some(results) => Ok(results),
            None => Err(SearchError::Challenge),
        }
    }
}

/// Why there are no results.
#[derive(Debug, thiserror::Error)]
enum SearchError {
    #[error("`{url}` is not an address to search at: {cause}")]
    BaseUrl { url: String, cause: url::ParseError },
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error("nothing was found for `{query}`\n\nhint: search for fewer or more common words")]
    NoResult { query: String },
    #[error(
        "the search engine takes this for a robot and wants a puzzle solved\n\nhint: wait a minute before the next search"
    )]
    Challenge,
}

#[async_trait::async_trait]
impl Tool for WebSearch {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let mut arguments = Arguments::new(arguments)?;
        let query: String = arguments.take("query")?;
        let max_results = arguments.take_or("max_results", || MAX_RESULTS)?;
        let mut results = self.search(&query).await.map_err(|error| ToolError(error.to_string()))?;
        results.truncate(max_results);
        serde_json::to_value(results).map_err(|error| ToolError(error.to_string()))
    }

    fn python_source(&self) -> Option<String> {
        (self.spec.name == "web_search").then(|| "from smolagents import WebSearchTool\n".to_owned())
    }
}

/// Reads a page of results; `None` if it is a challenge instead. A result is a row with its link and, most often,
/// a row with its snippet.
fn results(page: &str, base: &Url) -> Option<Vec<SearchResult>> {
    let document = html::parse(page);
    if document.select("form#challenge-form, .anomaly-modal__title").exists() {
        return None;
    }
    document.select("tr.result-sponsored").remove();
    let mut results: Vec<SearchResult> = Vec::new();
    for node in document.select("a.result-link, td.result-snippet").nodes() {
        let text = node.text().split_whitespace().collect::<Vec<_>>().join(" ");
        match (node.attr("href"), results.last_mut()) {
            (Some(link), _) => results.extend(target(&link, base).map(|url| SearchResult {
                title: text,
                url,
                snippet: String::new(),
            })),
            (None, Some(last)) => last.snippet = text,
            (None, None) => {}
        }
    }
    Some(results)
}

/// Where a link leads behind the engine's own redirect.
fn target(link: &str, base: &Url) -> Option<String> {
    let url = base.join(link).ok()?;
    let target = url.query_pairs().find(|(name, _)| name == "uddg").map(|(_, target)| target.into_owned());
    Some(target.unwrap_or_else(|| url.into()))
}
