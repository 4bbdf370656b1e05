//! DuckDuckGo's two pages for browsers without scripts. Both are lists of links and snippets, under other names.

use super::{SearchResult, engine::Question, error::SearchError};
use crate::{fetch::Page, html, text::one_line};
use reqwest::{Client, RequestBuilder};
use url::Url;

/// What is what on a page, as CSS selectors.
pub(super) struct Layout {
    advertisement: &'static str,
    link: &'static str,
    snippet: &'static str,
}

/// `lite.duckduckgo.com`: a table, where a result is a row with its link and, most often, a row with its snippet.
pub(super) const LITE: Layout =
    Layout { advertisement: "tr.result-sponsored", link: "a.result-link", snippet: "td.result-snippet" };

/// `html.duckduckgo.com`: a block for each result. The snippet is a link, too.
pub(super) const HTML: Layout =
    Layout { advertisement: ".result--ad", link: "a.result__a", snippet: ".result__snippet" };

pub(super) fn request(client: &Client, question: &Question<'_>) -> RequestBuilder {
    let mut url = question.base.clone();
    url.query_pairs_mut().append_pair("q", question.query);
    client.get(url)
}

pub(super) fn results(page: &Page, layout: &Layout) -> Result<Vec<SearchResult>, SearchError> {
    let document = html::parse(&page.text());
    if document.select("form#challenge-form, .anomaly-modal__title").exists() {
        return Err(SearchError::Challenge);
    }
    document.select(layout.advertisement).remove();
    let mut results: Vec<SearchResult> = Vec::new();
    for node in document.select(&format!("{}, {}", layout.link, layout.snippet)).nodes() {
        let text = one_line(&node.text());
        match (node.is(layout.link), results.last_mut()) {
            (true, _) => {
                let url = node.attr("href").and_then(|link| target(&link, &page.url));
                results.extend(url.map(|url| SearchResult { title: text, url, snippet: String::new() }));
            }
            (false, Some(last)) => last.snippet = text,
            (false, None) => {}
        }
    }
    Ok(results)
}

/// Where a link leads behind the engine's own redirect.
fn target(link: &str, base: &Url) -> Option<String> {
    let url = base.join(link).ok()?;
    let target = url.query_pairs().find(|(name, _)| name == "uddg").map(|(_, target)| target.into_owned());
    Some(target.unwrap_or_else(|| url.into()))
}
