//! What of an agent others shared: `--agent` with a folder or repository, and `--tools` with repositories.

use super::{agreed, look_at};
use crate::{
    arguments::{AgentArguments, AgentSource, SandboxArguments},
    setup::usage,
};
use anstream::eprintln;
use smolagents::{
    Executor,
    hub::{LoadedAgent, LoadedTool, executor_with, folder::Requirements, from_folder, load_agent, load_tool},
};
use std::{path::Path, sync::Arc};

/// What was fetched and looked at, and not run.
pub struct Shared {
    pub agent: Option<LoadedAgent>,
    /// By the names that they were asked for.
    pub tools: Vec<(String, LoadedTool)>,
}

impl Shared {
    /// Fetches what `arguments` name of others, and has each looked at that is used for the first time.
    pub async fn load(arguments: &AgentArguments) -> anyhow::Result<Self> {
        let agent = match &arguments.agent {
            AgentSource::Shared(place) => Some(agent(place, arguments.trust).await?),
            AgentSource::Code | AgentSource::ToolCalling => None,
        };
        let mut tools = Vec::new();
        for name in arguments.tools.iter().filter(|name| name.contains('/') && !name.contains('=')) {
            let mut tool = load_tool(name).await?;
            look_at(tool.review_mut(), arguments.trust).await?;
            tools.push((name.clone(), tool));
        }
        Ok(Self { agent, tools })
    }

    /// The executor asked for, with the packages that all of it needs.
    pub async fn executor(
        &self,
        sandbox: &SandboxArguments,
        install: bool,
    ) -> anyhow::Result<Arc<dyn Executor>> {
        let (kind, options) = sandbox.kind().map_err(usage)?;
        let agents = self.agent.iter().map(LoadedAgent::requirements);
        let all = agents.chain(self.tools.iter().map(|(_, tool)| tool.requirements()));
        let requirements = Requirements(all.flat_map(|requirements| requirements.0).collect());
        let consent = |packages: &Requirements| {
            eprintln!("it needs the Python packages {packages}");
            install || agreed("They will be installed where no other Python sees them. Install them?")
        };
        let executor = executor_with(kind, &options, &requirements, consent).await;
        Ok(executor.map_err(usage)?)
    }

    /// The tool that was asked for by this name, if it is one of the Hub.
    pub fn tool(&self, name: &str) -> Option<&LoadedTool> {
        self.tools.iter().find(|(asked, _)| asked == name).map(|(_, tool)| tool)
    }
}

/// A folder, else a repository.
async fn agent(place: &str, trust: bool) -> anyhow::Result<LoadedAgent> {
    if Path::new(place).exists() {
        return Ok(from_folder(place)?);
    }
    let mut agent = load_agent(place).await?;
    look_at(agent.review_mut(), trust).await?;
    Ok(agent)
}
