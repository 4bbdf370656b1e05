//! Collections: lists of repositories that somebody keeps.

use super::{RepoName, ask::encoded};
use crate::{Hub, HubError};
use reqwest::Method;
use serde_json::Value;

impl Hub {
    /// The Spaces of a collection, which is named as in its address: `owner/title-0123456789abcdef01234567`. What else is
    /// in it is left out.
    ///
    /// # Errors
    /// [`HubError::Unreachable`], [`HubError::Refused`], [`HubError::Answer`].
    pub async fn collection(&self, slug: &str) -> Result<Vec<RepoName>, HubError> {
        if self.offline {
            return Err(HubError::NotCached { repo: slug.to_owned() });
        }
        let slug = slug.trim().trim_start_matches("https://huggingface.co/collections/");
        let request = self.request(Method::GET, &format!("api/collections/{}", encoded(slug)))?;
        let answer = self.answer(request, &format!("show the collection `{slug}`")).await?;
        let items = answer.get("items").and_then(Value::as_array).into_iter().flatten();
        let spaces = items.filter(|item| item.get("type").and_then(Value::as_str) == Some("space"));
        Ok(spaces.filter_map(|item| item.get("id")?.as_str()?.parse().ok()).collect())
    }
}
