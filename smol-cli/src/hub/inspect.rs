//! `smolagent hub inspect`.

use crate::exit;
use anstream::println;
use smolagents::hub::folder::{AgentFolder, Files};
use std::path::Path;

/// Prints what the folder of an agent holds.
pub fn inspect(folder: &Path, json: bool) -> anyhow::Result<u8> {
    let summary = AgentFolder::read(&Files::from_folder(folder)?)?.summary();
    if json {
        println!("{}", serde_json::to_string(&summary)?);
        return Ok(exit::ANSWERED);
    }
    let value = serde_json::to_value(&summary)?;
    for (name, value) in value.as_object().into_iter().flatten() {
        println!("{:<20} {}", name, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    }
    Ok(exit::ANSWERED)
}
