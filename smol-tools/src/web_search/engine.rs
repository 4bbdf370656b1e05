//! The engines, and what differs between them.

use super::{SearchResult, bing, duckduckgo, error::SearchError, service};
use crate::fetch::Page;
use reqwest::{Client, RequestBuilder};
use secrecy::SecretString;
use std::{fmt, str::FromStr};
use url::Url;

/// Who is asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Engine {
    /// DuckDuckGo's page for small browsers; needs no key.
    #[default]
    DuckDuckGoLite,
    /// DuckDuckGo's page for browsers without scripts; needs no key.
    DuckDuckGoHtml,
    /// Bing's results as a feed; needs no key.
    Bing,
    /// Google by serper.dev; `SERPER_API_KEY`.
    Serper,
    /// Google by serpapi.com; `SERPAPI_API_KEY`.
    SerpApi,
    /// Brave's own index; `BRAVE_API_KEY`.
    Brave,
    /// Exa, which searches by meaning; `EXA_API_KEY`.
    Exa,
    /// Tavily, made for agents; `TAVILY_API_KEY`.
    Tavily,
}

/// One search, as an engine is asked for it.
pub(super) struct Question<'a> {
    pub(super) query: &'a str,
    pub(super) max_results: usize,
    /// For Google alone.
    pub(super) year: Option<u16>,
    pub(super) base: &'a Url,
    /// There, where the engine needs one.
    pub(super) key: Option<&'a SecretString>,
}

impl Engine {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::DuckDuckGoLite,
        Self::DuckDuckGoHtml,
        Self::Bing,
        Self::Serper,
        Self::SerpApi,
        Self::Brave,
        Self::Exa,
        Self::Tavily,
    ];

    /// What it is called on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::DuckDuckGoLite => "duckduckgo",
            Self::DuckDuckGoHtml => "duckduckgo-html",
            Self::Bing => "bing",
            Self::Serper => "serper",
            Self::SerpApi => "serpapi",
            Self::Brave => "brave",
            Self::Exa => "exa",
            Self::Tavily => "tavily",
        }
    }

    /// The environment variable that holds its key by custom; none if it needs no key.
    pub fn key_variable(self) -> Option<&'static str> {
        match self {
            Self::DuckDuckGoLite | Self::DuckDuckGoHtml | Self::Bing => None,
            Self::Serper => Some("SERPER_API_KEY"),
            Self::SerpApi => Some("SERPAPI_API_KEY"),
            Self::Brave => Some("BRAVE_API_KEY"),
            Self::Exa => Some("EXA_API_KEY"),
            Self::Tavily => Some("TAVILY_API_KEY"),
        }
    }

    pub(super) fn is_google(self) -> bool {
        matches!(self, Self::Serper | Self::SerpApi)
    }

    pub(super) fn base_url(self) -> &'static str {
        match self {
            Self::DuckDuckGoLite => "https://lite.duckduckgo.com/lite/",
            Self::DuckDuckGoHtml => "https://html.duckduckgo.com/html/",
            Self::Bing => "https://www.bing.com/search",
            Self::Serper => "https://google.serper.dev/search",
            Self::SerpApi => "https://serpapi.com/search.json",
            Self::Brave => "https://api.search.brave.com/res/v1/web/search",
            Self::Exa => "https://api.exa.ai/search",
            Self::Tavily => "https://api.tavily.com/search",
        }
    }

    pub(super) fn request(self, client: &Client, question: &Question<'_>) -> RequestBuilder {
        match self {
            Self::DuckDuckGoLite | Self::DuckDuckGoHtml => duckduckgo::request(client, question),
            Self::Bing => bing::request(client, question),
            Self::Serper | Self::SerpApi | Self::Brave | Self::Exa | Self::Tavily => {
                service::request(self, client, question)
            }
        }
    }

    pub(super) fn results(self, page: &Page) -> Result<Vec<SearchResult>, SearchError> {
        match self {
            Self::DuckDuckGoLite => duckduckgo::results(page, &duckduckgo::LITE),
            Self::DuckDuckGoHtml => duckduckgo::results(page, &duckduckgo::HTML),
            Self::Bing => bing::results(&page.text()),
            Self::Serper | Self::SerpApi | Self::Brave | Self::Exa | Self::Tavily => {
                service::results(self, &page.text())
            }
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Engine {
    type Err = UnknownEngine;

    fn from_str(name: &str) -> Result<Self, UnknownEngine> {
        let engine = Self::ALL.into_iter().find(|engine| engine.name() == name);
        engine.ok_or_else(|| UnknownEngine { name: name.to_owned() })
    }
}

/// No engine has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no search engine is named `{name}`\n\nhint: there are `{}`", Engine::ALL.map(Engine::name).join("`, `"))]
#[non_exhaustive]
pub struct UnknownEngine {
    /// The name asked for.
    pub name: String,
}

/// An engine needs a key, and its environment variable holds none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the search engine `{engine}` needs a key\n\nhint: set the environment variable `{variable}`")]
#[non_exhaustive]
pub struct MissingKey {
    /// The engine.
    pub engine: Engine,
    /// Where its key is looked for.
    pub variable: &'static str,
}
