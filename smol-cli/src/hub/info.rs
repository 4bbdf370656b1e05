//! `smolagent hub info`.

use super::search::day;
use crate::exit;
use anstream::{print, println};
use smolagents::hub::{Hub, LoadedAgent, LoadedTool, RepoName, Review, ShareError};

/// Prints what the Hub knows of a repository, and what its files say.
pub async fn info(repo: &RepoName) -> anyhow::Result<u8> {
    let hub = Hub::from_environment()?;
    let info = hub.repo(repo).await?;
    let downloads = info.downloads.map(|count| format!(", fetched {count} times")).unwrap_or_default();
    println!("{}{}", info.id, if info.private { " (private)" } else { "" });
    println!("liked     by {}{downloads}, last changed {}", info.likes, day(&info.last_modified));
    println!("tags      {}", info.tags.join(", "));
    let mut review = review(&hub, repo).await?;
    review.compare(&hub).await?;
    print!("{review}");
    if review.is_trusted(&hub) {
        println!("trust     you found this commit good");
    }
    Ok(exit::ANSWERED)
}

/// What is to be seen of a tool or an agent.
async fn review(hub: &Hub, repo: &RepoName) -> anyhow::Result<Review> {
    match LoadedAgent::from_hub(hub, repo).await {
        Ok(agent) => Ok(agent.review().clone()),
        Err(ShareError::Other { .. }) => Ok(LoadedTool::from_hub(hub, repo).await?.review().clone()),
        Err(error) => Err(error.into()),
    }
}
