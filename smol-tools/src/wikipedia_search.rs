//! `wikipedia_search`: what the free encyclopedia knows of a subject.

use crate::{
    fetch::{FetchError, USER_AGENT, fetch},
    schema::{parse_arguments, spec_of},
    text::{cut, tell},
};
use reqwest::Client;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use smol_core::tool::{Tool, ToolError, ToolSpec};
use std::time::Duration;
use url::Url;

#[derive(Deserialize, JsonSchema)]
struct Input {
    /// the subject, as an encyclopedia would name it
    query: String,
}

/// How much of an article is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Extent {
    /// What stands before its first heading.
    Summary,
    /// All of it, up to 40,000 characters.
    #[default]
    Text,
}

/// The form of an article.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// Plain text, with headings as in `== Rivers ==`.
    #[default]
    Wiki,
    /// HTML.
    Html,
}

/// The tool `wikipedia_search(query)`. It gives title, text and address of the article that fits best, as Markdown.
pub struct WikipediaSearch {
    spec: ToolSpec,
    user_agent: String,
    base_url: String,
    extent: Extent,
    form: Form,
}

impl Default for WikipediaSearch {
    fn default() -> Self {
        Self::new()
    }
}

impl WikipediaSearch {
    /// The English Wikipedia.
    pub fn new() -> Self {
        let description = "Looks a subject up in Wikipedia and returns the article that fits best, with its title and \
                           address. Use it for facts about people, places, events and ideas.";
        // Anybody can write there.
        let spec = ToolSpec { untrusted: true, ..spec_of::<Input, String>("wikipedia_search", description) };
        let (extent, form) = Default::default();
        let (user_agent, base_url) = (USER_AGENT.to_owned(), api("en"));
        Self { spec, user_agent, base_url, extent, form }
    }

    /// Who asks: Wikipedia wants a name and a way to reach whoever runs this, as in `MyAgent/1.0 (me@example.org)`.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// The edition's code, such as `de`.
    #[must_use]
    pub fn language(mut self, code: &str) -> Self {
        self.base_url = api(code);
        self
    }

    /// How much is given.
    #[must_use]
    pub fn extent(mut self, extent: Extent) -> Self {
        self.extent = extent;
        self
    }

    /// In which form.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// Asks another wiki, at its `api.php`.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Wire format: www.mediawiki.org/wiki/Extension:TextExtracts, over the results of a search.
    fn address(&self, query: &str) -> Result<Url, ToolError> {
        let fixed = [
            ("action", "query"),
            ("format", "json"),
            ("formatversion", "2"),
            ("redirects", "1"),
            ("generator", "search"),
            ("gsrlimit", "1"),
            ("prop", "extracts|info"),
            ("inprop", "url"),
            ("exlimit", "1"),
            ("gsrsearch", query),
        ];
        let mut url = Url::parse_with_params(&self.base_url, fixed)
            .map_err(|error| ToolError(format!("`{}` is no address of a wiki: {error}", self.base_url)))?;
        if self.extent == Extent::Summary {
            url.query_pairs_mut().append_pair("exintro", "1");
        }
        if self.form == Form::Wiki {
            url.query_pairs_mut().append_pair("explaintext", "1");
        }
        Ok(url)
    }

    async fn look_up(&self, query: &str) -> Result<String, ToolError> {
        let client = Client::builder().user_agent(&self.user_agent).timeout(Duration::from_secs(20)).build();
        let client = client.map_err(|error| tell(FetchError::Client(error)))?;
        let page = fetch(&client, self.address(query)?).await.map_err(tell)?;
        let reply: Value = serde_json::from_str(&page.text())
            .map_err(|error| ToolError(format!("the wiki's answer could not be read: {error}")))?;
        article(&reply).map(cut).ok_or_else(|| {
            let hint = "name the subject differently, or search the web";
            ToolError(format!("no article was found for `{query}`\n\nhint: {hint}"))
        })
    }
}

fn api(language: &str) -> String {
    format!("https://{language}.wikipedia.org/w/api.php")
}

fn article(reply: &Value) -> Option<String> {
    let page = reply.pointer("/query/pages/0")?;
    let part = |name| page.get(name).and_then(Value::as_str).map(str::trim).filter(|part| !part.is_empty());
    let address = part("fullurl").map(|url| format!("\n\nSource: {url}")).unwrap_or_default();
    Some(format!("# {}{address}\n\n{}", part("title")?, part("extract")?))
}

#[async_trait::async_trait]
impl Tool for WikipediaSearch {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let Input { query } = parse_arguments(arguments)?;
        self.look_up(&query).await.map(Value::String)
    }

    fn python_source(&self) -> Option<String> {
        (self.spec().name == "wikipedia_search")
            .then(|| "from smolagents import WikipediaSearchTool\n".to_owned())
    }
}
