//! What others have shared.

use super::RepoName;
use crate::{Hub, HubError};
use reqwest::Method;
use serde_json::Value;

/// What to look for. Only what carries the tag `smolagents` is found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Search {
    /// Words of its name.
    pub words: String,
    /// Tags that it must have, such as `tool` or `agent`.
    pub tags: Vec<String>,
    /// Whose it is.
    pub author: Option<String>,
    /// What comes first.
    pub sort: SortBy,
    /// How many are wanted at most.
    pub limit: u32,
}

/// An order of what was found, the largest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SortBy {
    /// By how many people like it.
    #[default]
    Likes,
    /// By how often it was fetched.
    Downloads,
    /// By when it last changed.
    LastModified,
}

/// One Space that was found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Found {
    /// `owner/name`.
    pub id: String,
    /// How many people like it.
    pub likes: u64,
    /// How often it was fetched, where the Hub counts that.
    pub downloads: Option<u64>,
    /// When it last changed.
    pub last_modified: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// What it is called on its page.
    pub title: Option<String>,
}

impl Hub {
    /// Spaces with tools and agents that fit.
    ///
    /// # Errors
    /// [`HubError::Unreachable`], [`HubError::Refused`], [`HubError::Answer`].
    pub async fn search(&self, search: &Search) -> Result<Vec<Found>, HubError> {
        if self.offline {
            return Err(HubError::NotCached { repo: "what the Hub has".to_owned() });
        }
        let sort = match search.sort {
            SortBy::Likes => "likes",
            SortBy::Downloads => "downloads",
            SortBy::LastModified => "lastModified",
        };
        let mut query = vec![("filter", "smolagents".to_owned())];
        query.extend(search.tags.iter().map(|tag| ("filter", tag.clone())));
        query.extend((!search.words.is_empty()).then(|| ("search", search.words.clone())));
        query.extend(search.author.clone().map(|author| ("author", author)));
        let last = [("sort", sort), ("direction", "-1"), ("full", "true")];
        query.extend(last.map(|(name, value)| (name, value.to_owned())));
        query.push(("limit", search.limit.to_string()));
        let pairs: Vec<String> = query
            .iter()
            .map(|(name, value)| format!("{name}={}", super::ask::encoded_revision(value)))
            .collect();
        let request = self.request(Method::GET, &format!("api/spaces?{}", pairs.join("&")))?;
        let answer = self.answer(request, "search").await?;
        let found = answer.as_array().into_iter().flatten().filter_map(Found::read);
        Ok(found.take(search.limit as usize).collect())
    }
}

impl Found {
    fn read(entry: &Value) -> Option<Self> {
        let id = entry.get("id")?.as_str()?;
        let tags = entry.get("tags").and_then(Value::as_array).into_iter().flatten();
        Some(Self {
            // What is no name could be no name in a terminal either.
            id: id.parse::<RepoName>().ok()?.id,
            likes: entry.get("likes").and_then(Value::as_u64).unwrap_or(0),
            downloads: entry.get("downloads").and_then(Value::as_u64),
            last_modified: entry.get("lastModified").and_then(Value::as_str).unwrap_or_default().to_owned(),
            tags: tags.filter_map(|tag| tag.as_str().map(str::to_owned)).collect(),
            title: entry.pointer("/cardData/title").and_then(Value::as_str).map(str::to_owned),
        })
    }
}
