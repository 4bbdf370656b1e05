//! `smolagent hub check`.

use super::agreed;
use crate::{Usage, exit};
use anstream::{eprintln, println};
use anyhow::Context;
use serde_json::Map;
use smolagents::{
    executors::ExecutorKind,
    hub::{
        Verdict, executor_with,
        folder::{Files, Requirements},
        from_folder, tool_from_folder,
    },
};
use std::path::Path;

/// Puts a folder to the test, prints each verdict, and writes its page.
pub async fn check(folder: &Path, executor: &str, install: bool, write_page: bool) -> anyhow::Result<u8> {
    let kind: ExecutorKind = executor.parse().map_err(|error| Usage(format!("{error}")))?;
    let files = Files::from_folder(folder)?;
    let consent = |packages: &Requirements| {
        eprintln!("it needs the Python packages {packages}");
        install || agreed("They will be installed where no other Python sees them. Install them?")
    };
    let (verdicts, page) = if files.get("agent.json").is_some() {
        let agent = from_folder(folder)?;
        let executor = executor_with(kind, &Map::new(), &agent.requirements(), consent).await?;
        (agent.check(&executor).await?, agent.page()?)
    } else {
        let tool = tool_from_folder(folder)?;
        let executor = executor_with(kind, &Map::new(), &tool.requirements(), consent).await?;
        (tool.check(&executor).await?, tool.page()?)
    };
    verdicts.iter().for_each(print);
    let faults = verdicts.iter().filter(|verdict| verdict.fault.is_some()).count();
    if write_page {
        let mut files = Files::new();
        files.insert("README.md", page)?;
        files.write_to(folder).context("could not write the page")?;
        println!("wrote `{}`", folder.join("README.md").display());
    }
    let counted = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    println!("{}, {}", counted(verdicts.len(), "look"), counted(faults, "fault"));
    Ok(if faults == 0 { exit::ANSWERED } else { exit::FAILED })
}

fn print(verdict: &Verdict) {
    match &verdict.fault {
        None => println!("good  {}", verdict.subject),
        Some(fault) => println!("wrong {}: {fault}", verdict.subject),
    }
}
