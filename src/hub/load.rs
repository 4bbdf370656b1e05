//! What others shared, from the Hub or a folder.

use super::{LoadedAgent, LoadedTool, ShareError};
use smol_hub::{
    Hub, RepoName,
    folder::{AgentFolder, Files, ToolFolder},
};
use std::path::Path;

/// Which files of a repository belong to a tool or an agent.
pub(super) fn is_wanted(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_text =
        [".py", ".json", ".yaml", ".yml", ".txt", ".md"].iter().any(|ending| name.ends_with(ending));
    is_text && !path.split('/').any(|part| part.starts_with('.'))
}

/// The tool that a Space holds, `owner/name` or `owner/name@revision`, by the Hub that the environment names. It is
/// fetched and read, and not run.
///
/// # Errors
/// [`ShareError`], which names the file that is wrong.
pub async fn load_tool(repo: &str) -> Result<LoadedTool, ShareError> {
    let hub = Hub::from_environment()?;
    LoadedTool::from_hub(&hub, &repo.parse()?).await
}

/// The agent that a Space holds, with all that it manages. It is fetched and read, and nothing of it is run.
///
/// # Errors
/// [`ShareError`], which names the file that is wrong.
pub async fn load_agent(repo: &str) -> Result<LoadedAgent, ShareError> {
    let hub = Hub::from_environment()?;
    LoadedAgent::from_hub(&hub, &repo.parse()?).await
}

/// The tools of a collection. What in it is no tool is left out.
///
/// # Errors
/// [`ShareError`], for the first tool that cannot be had.
pub async fn load_collection(slug: &str) -> Result<Vec<LoadedTool>, ShareError> {
    let hub = Hub::from_environment()?;
    let mut tools = Vec::new();
    for name in hub.collection(slug).await? {
        match LoadedTool::from_hub(&hub, &name).await {
            Ok(tool) => tools.push(tool),
            Err(ShareError::Other { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(tools)
}

/// The agent of a folder that this crate or the original wrote.
///
/// # Errors
/// [`ShareError`], which names the file that is wrong.
pub fn from_folder(folder: impl AsRef<Path>) -> Result<LoadedAgent, ShareError> {
    let files = Files::from_folder(&folder)?;
    agent(&files, None, &folder.as_ref().display().to_string())
}

/// The tool of a folder that this crate or the original wrote.
///
/// # Errors
/// [`ShareError`], which names the file that is wrong.
pub fn tool_from_folder(folder: impl AsRef<Path>) -> Result<LoadedTool, ShareError> {
    let files = Files::from_folder(&folder)?;
    tool(&files, None, &folder.as_ref().display().to_string())
}

impl LoadedTool {
    /// As [`load_tool`], from a certain Hub.
    ///
    /// # Errors
    /// [`ShareError`].
    pub async fn from_hub(hub: &Hub, name: &RepoName) -> Result<Self, ShareError> {
        let found = hub.snapshot(name, is_wanted, |_| ()).await?;
        tool(&found.files, Some((name.clone(), found.commit)), &name.to_string())
    }
}

impl LoadedAgent {
    /// As [`load_agent`], from a certain Hub.
    ///
    /// # Errors
    /// [`ShareError`].
    pub async fn from_hub(hub: &Hub, name: &RepoName) -> Result<Self, ShareError> {
        let found = hub.snapshot(name, is_wanted, |_| ()).await?;
        agent(&found.files, Some((name.clone(), found.commit)), &name.to_string())
    }
}

fn tool(files: &Files, repo: Option<(RepoName, String)>, place: &str) -> Result<LoadedTool, ShareError> {
    if files.get("tool.py").is_none() {
        return Err(other(files, place, "a tool"));
    }
    LoadedTool::new(ToolFolder::read(files)?, repo, files)
}

fn agent(files: &Files, repo: Option<(RepoName, String)>, place: &str) -> Result<LoadedAgent, ShareError> {
    if files.get("agent.json").is_none() {
        return Err(other(files, place, "an agent"));
    }
    LoadedAgent::new(AgentFolder::read(files)?, repo, files)
}

fn other(files: &Files, place: &str, wanted: &'static str) -> ShareError {
    let found = match (files.get("tool.py"), files.get("agent.json")) {
        (Some(_), _) => "a tool",
        (None, Some(_)) => "an agent",
        (None, None) => "neither a `tool.py` nor an `agent.json`",
    };
    ShareError::Other { place: place.to_owned(), found, wanted }
}
