//! `smolagent hub push`.

use crate::{Usage, arguments::PushArguments, exit};
use anstream::println;
use smolagents::hub::{Hub, Pushing, folder::Files, from_folder, tool_from_folder};

/// Shares a folder, once it is found to be a tool or an agent that others can load.
pub async fn push(arguments: PushArguments) -> anyhow::Result<u8> {
    let PushArguments { folder, repo, private, public, create_pr, message } = arguments;
    let files = Files::from_folder(&folder)?;
    let (kind, whole) = if files.get("agent.json").is_some() {
        let agent = from_folder(&folder)?;
        if let Some(name) =
            agent.folder().all().iter().find_map(|(_, agent)| agent.file.model.secrets().first().copied())
        {
            let text = format!(
                "`agent.json` holds what looks like a secret, `{name}`\n\nhint: take it out, and make it invalid"
            );
            return Err(Usage(text).into());
        }
        ("agent", agent.folder().files()?)
    } else {
        ("tool", tool_from_folder(&folder)?.files()?)
    };
    let private = (private || public).then_some(private);
    let pushing = Pushing { private, create_pr, message };
    let pushed = Hub::from_environment()?.push(&repo, kind, whole, &pushing).await?;
    match pushed.pull_request {
        Some(url) => println!("proposed: {url}"),
        None => println!("shared: {}", pushed.url),
    }
    Ok(exit::ANSWERED)
}
