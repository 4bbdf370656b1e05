//! Bing's results as an RSS feed, which it gives without a key.

use super::{SearchResult, engine::Question, error::SearchError};
use crate::{html, text::one_line};
use reqwest::{Client, RequestBuilder};
use roxmltree::{Document, Node};

pub(super) fn request(client: &Client, question: &Question<'_>) -> RequestBuilder {
    let mut url = question.base.clone();
    let count = question.max_results.to_string();
    url.query_pairs_mut().extend_pairs([("q", question.query), ("format", "rss"), ("count", &count)]);
    client.get(url)
}

pub(super) fn results(feed: &str) -> Result<Vec<SearchResult>, SearchError> {
    let document = Document::parse(feed.trim_start_matches('\u{feff}'))
        .map_err(|error| SearchError::Unreadable { cause: error.to_string() })?;
    Ok(document.descendants().filter(|node| node.has_tag_name("item")).filter_map(result).collect())
}

fn result(item: Node<'_, '_>) -> Option<SearchResult> {
    let child = |name| item.children().find(|child| child.has_tag_name(name)).and_then(|child| child.text());
    Some(SearchResult {
        title: one_line(child("title")?),
        url: child("link")?.trim().to_owned(),
        // It may hold HTML, as text.
        snippet: child("description").map(html::words).unwrap_or_default(),
    })
}
