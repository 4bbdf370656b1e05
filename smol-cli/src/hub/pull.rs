//! `smolagent hub pull`.

use super::bar;
use crate::{Usage, exit};
use anstream::println;
use smolagents::hub::{Hub, RepoName};
use std::path::PathBuf;

/// Puts all files of a repository into a folder.
pub async fn pull(repo: &RepoName, folder: Option<PathBuf>) -> anyhow::Result<u8> {
    let name = repo.id.split('/').next_back().unwrap_or(&repo.id);
    let folder = folder.unwrap_or_else(|| PathBuf::from(name));
    let is_used = folder.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if is_used {
        let text =
            format!("`{}` is there already, and not empty\n\nhint: name another folder", folder.display());
        return Err(Usage(text).into());
    }
    let found = Hub::from_environment()?.snapshot(repo, |_| true, bar()).await?;
    found.files.write_to(&folder)?;
    println!("{} at {}: {} files in `{}`", found.id, found.commit, found.files.len(), folder.display());
    Ok(exit::ANSWERED)
}
