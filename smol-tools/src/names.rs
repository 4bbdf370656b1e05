//! The original's names, for those who come from there.

use crate::{
    Engine, FinalAnswer, PythonInterpreter, UserInput, VisitWebpage, WebSearch, WikipediaSearch,
    web_search::MissingKey,
};
use secrecy::SecretString;

/// [`WebSearch`], as the original calls it.
pub type WebSearchTool = WebSearch;

/// [`WebSearch`] by [`WebSearch::new`], as the original calls it.
pub type DuckDuckGoSearchTool = WebSearch;

/// [`VisitWebpage`], as the original calls it.
pub type VisitWebpageTool = VisitWebpage;

/// [`WikipediaSearch`], as the original calls it.
pub type WikipediaSearchTool = WikipediaSearch;

/// [`PythonInterpreter`], as the original calls it.
pub type PythonInterpreterTool = PythonInterpreter;

/// [`FinalAnswer`], as the original calls it.
pub type FinalAnswerTool = FinalAnswer;

/// [`UserInput`], as the original calls it.
pub type UserInputTool = UserInput;

/// What the original calls a [`WebSearch`] that asks Google by one of two services.
pub enum GoogleSearchTool {}

impl GoogleSearchTool {
    /// By serper.dev, with the key of `SERPER_API_KEY`.
    pub fn serper_from_env() -> Result<WebSearch, MissingKey> {
        WebSearch::from_env(Engine::Serper)
    }

    /// By serpapi.com, with the key of `SERPAPI_API_KEY`.
    pub fn serp_api_from_env() -> Result<WebSearch, MissingKey> {
        WebSearch::from_env(Engine::SerpApi)
    }
}

/// What the original calls a [`WebSearch`] that asks Brave.
pub enum ApiWebSearchTool {}

impl ApiWebSearchTool {
    /// With this key.
    pub fn brave(key: impl Into<SecretString>) -> WebSearch {
        WebSearch::with(Engine::Brave).api_key(key)
    }

    /// With the key of `BRAVE_API_KEY`.
    pub fn from_env() -> Result<WebSearch, MissingKey> {
        WebSearch::from_env(Engine::Brave)
    }
}
