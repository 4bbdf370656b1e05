//! `visit_webpage`: a page of the Web as text.

use crate::{
    fetch::{FetchError, Page, fetch},
    guard::Guard,
    markdown::html_to_markdown,
    schema::{parse_arguments, spec_of},
    text::{cut, tell},
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use smol_core::tool::{Tool, ToolError, ToolSpec};
use std::time::Duration;
use url::Url;

#[derive(Deserialize, JsonSchema)]
struct Input {
    /// the address of the page, with https:// or http://
    url: String,
}

/// The tool `visit_webpage(url)`. It gives an HTML page as Markdown, with absolute links, and other text as it is;
/// 10 MB are taken in and 40,000 characters given out at the most.
///
/// Only `http` and `https` addresses on the public Internet are visited, over a direct connection: a proxy would
/// look names up out of this tool's sight.
pub struct VisitWebpage {
    spec: ToolSpec,
    timeout: Duration,
    guard: Guard,
}

impl Default for VisitWebpage {
    fn default() -> Self {
        Self::new()
    }
}

impl VisitWebpage {
    /// The tool with a timeout of 20 seconds.
    pub fn new() -> Self {
        let description = "Visits a web page and reads its content as Markdown. Use it to read pages whose address \
                           you know, such as the results of a search.";
        let spec = ToolSpec { untrusted: true, ..spec_of::<Input, String>("visit_webpage", description) };
        Self { spec, timeout: Duration::from_secs(20), guard: Guard::new(false) }
    }

    /// Gives a visit this long from the first connection to the last byte, redirects included.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Whether pages on this machine and in private networks may be visited. Whoever writes a page that the agent
    /// reads can then make it ask for anything that this machine can reach.
    #[must_use]
    pub fn allow_private(mut self, allow: bool) -> Self {
        self.guard = Guard::new(allow);
        self
    }

    async fn visit(&self, address: &str) -> Result<String, ToolError> {
        let url = Url::parse(address).map_err(|error| {
            ToolError(format!("`{address}` is not an address: {error}\n\nhint: give it in full, as in `https://example.org/page`"))
        })?;
        self.guard.check(&url).map_err(tell)?;
        let client = self.guard.client(self.timeout).map_err(|error| tell(FetchError::Client(error)))?;
        let page = fetch(&client, url).await.map_err(tell)?;
        let page_url = page.url.clone();
        // Reading a large page takes long enough to hold up whatever else this thread runs.
        let text = tokio::task::spawn_blocking(move || read(&page)).await.map_err(tell)??;
        if text.trim().is_empty() {
            let hint = "the page may be drawn by a script, which this tool does not run; look for the text elsewhere";
            return Err(ToolError(format!("`{page_url}` holds no text\n\nhint: {hint}")));
        }
        Ok(cut(text))
    }
}

#[async_trait::async_trait]
impl Tool for VisitWebpage {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let Input { url } = parse_arguments(arguments)?;
        self.visit(url.trim()).await.map(Value::String)
    }

    fn python_source(&self) -> Option<String> {
        (self.spec.name == "visit_webpage").then(|| "from smolagents import VisitWebpageTool\n".to_owned())
    }
}

fn read(page: &Page) -> Result<String, ToolError> {
    if page.is_html() {
        return Ok(html_to_markdown(&page.text(), &page.url));
    }
    if page.is_text() {
        return Ok(page.text());
    }
    let hint = "look for the same content as a web page or as text";
    Err(ToolError(format!("`{}` is `{}`, which this tool cannot read\n\nhint: {hint}", page.url, page.mime)))
}

#[cfg(test)]
mod tests;
