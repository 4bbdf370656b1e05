//! `smolagent hub search`.

use crate::exit;
use anstream::println;
use smolagents::hub::{Found, Hub, Search, SortBy};

/// Prints what was found, a line each.
pub async fn search(
    words: &[String],
    tags: Vec<String>,
    author: Option<String>,
    sort: SortBy,
    limit: u32,
) -> anyhow::Result<u8> {
    let search = Search { words: words.join(" "), tags, author, sort, limit };
    let found = Hub::from_environment()?.search(&search).await?;
    if found.is_empty() {
        println!("nothing was found");
        return Ok(exit::FAILED);
    }
    println!("{:<44} {:>6} {:>9}  {:<10} tags", "repository", "likes", "downloads", "changed");
    found.iter().for_each(|space| println!("{}", line(space)));
    Ok(exit::ANSWERED)
}

fn line(space: &Found) -> String {
    let downloads = space.downloads.map_or_else(|| "-".to_owned(), |count| count.to_string());
    let is_own = |tag: &&String| !matches!(tag.as_str(), "smolagents" | "gradio") && !tag.contains(':');
    let tags: Vec<&str> = space.tags.iter().filter(is_own).map(String::as_str).collect();
    format!(
        "{:<44} {:>6} {downloads:>9}  {:<10} {}",
        space.id,
        space.likes,
        day(&space.last_modified),
        tags.join(", ")
    )
}

/// The day of `2025-11-23T10:00:00.000Z`.
pub fn day(time: &str) -> &str {
    time.get(..10).unwrap_or("-")
}
