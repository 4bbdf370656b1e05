//! An agent of this crate as the original's files.

use super::{ShareError, models, prompts, tool::package};
use crate::Agent;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smol_core::{python_name, run::Strategy};
use smol_hub::{
    Hub, Pushed, Pushing,
    folder::{AgentFile, AgentFolder, Files},
};
use smol_tools::{ToolSource, original_class, original_tool};
use std::path::Path;

/// The entry of `agent.json` for what the original has no entry for; it passes over it.
const OWN: &str = "smolagents_rs";

/// What the original lets all code import.
const ALWAYS: [&str; 11] = [
    "collections",
    "datetime",
    "itertools",
    "math",
    "queue",
    "random",
    "re",
    "stat",
    "statistics",
    "time",
    "unicodedata",
];

/// The original's executors that run elsewhere. It cannot have managed agents with them.
const REMOTE: [&str; 4] = ["blaxel", "docker", "e2b", "modal"];

/// What only this crate knows of an agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Own {
    /// What people call it, where that is no identifier, which the original needs.
    pub(super) name: Option<String>,
    pub(super) model: Option<String>,
    pub(super) executor: Option<String>,
    pub(super) instructions: String,
    authorized_imports: Option<Vec<String>>,
    #[serde(skip)]
    is_there: bool,
}

impl Own {
    /// What a folder says, if this crate wrote it.
    pub(super) fn of(folder: &AgentFolder) -> Self {
        let found = folder.file.others.get(OWN).and_then(|own| Self::deserialize(own).ok());
        found.map(|own| Self { is_there: true, ..own }).unwrap_or_default()
    }

    pub(super) fn is_in(folder: &AgentFolder) -> bool {
        Self::of(folder).is_there
    }

    /// The only modules that code may import; none: all that the sandbox holds.
    pub(super) fn imports(&self, file: &AgentFile) -> Option<Vec<String>> {
        let said = if self.is_there { &self.authorized_imports } else { &file.authorized_imports };
        said.clone().filter(|modules| !modules.iter().any(|module| module == "*"))
    }
}

/// Agents as files that others load: here, and by the original's Python.
#[expect(async_fn_in_trait, reason = "it is for agents alone, whose future can be sent")]
pub trait ShareAgent {
    /// The agent with all that it manages as the original's files. What it holds that is no data (gates, callbacks,
    /// checks) is left out, and so are keys.
    ///
    /// # Errors
    /// [`ShareError::Native`] for tools that have no Python source.
    fn folder(&self) -> Result<AgentFolder, ShareError>;

    /// Writes the files into a folder.
    ///
    /// # Errors
    /// [`ShareError::Native`], before anything is written; [`ShareError::Hub`].
    fn save(&self, folder: impl AsRef<Path>) -> Result<(), ShareError> {
        Ok(self.folder()?.files()?.write_to(folder)?)
    }

    /// Shares the agent as a Space, `owner/name`, by the Hub that the environment names.
    ///
    /// # Errors
    /// [`ShareError::Native`], before anything is sent; [`ShareError::Hub`].
    async fn push_to_hub(&self, repo: &str, pushing: &Pushing) -> Result<Pushed, ShareError> {
        push_to_hub("agent", self.folder()?.files()?, repo, pushing).await
    }
}

/// Shares `files` as a Space, which gets `kind`, `tool` or `agent`, as a tag.
///
/// # Errors
/// [`ShareError::Hub`].
pub async fn push_to_hub(
    kind: &str,
    files: Files,
    repo: &str,
    pushing: &Pushing,
) -> Result<Pushed, ShareError> {
    Ok(Hub::from_environment()?.push(&repo.parse()?, kind, files, pushing).await?)
}

impl ShareAgent for Agent {
    fn folder(&self) -> Result<AgentFolder, ShareError> {
        let mut native = Vec::new();
        let folder = folder(self, &mut native);
        if native.is_empty() { Ok(folder) } else { Err(ShareError::Native { tools: native }) }
    }
}

/// The folder of an agent; the names of tools that cannot be in it are added to `native`.
fn folder(agent: &Agent, native: &mut Vec<String>) -> AgentFolder {
    let mut found = AgentFolder { prompts: Some(prompts::of(agent)), ..AgentFolder::default() };
    found.file.tools = agent.tools().map(|tool| tool.spec().name.clone()).collect();
    found.file.requirements = vec!["smolagents".to_owned()];
    for tool in agent.tools() {
        match tool.python_source() {
            Some(code) => {
                found.file.requirements.extend(packages(&code));
                found.tools.insert(tool.spec().name.clone(), code);
            }
            None => native.push(tool.spec().name.clone()),
        }
    }
    for managed in agent.managed_agents() {
        let below = folder(managed, native);
        found.file.requirements.extend(below.file.requirements.iter().cloned());
        let name = python_name(managed.name().trim());
        found.file.managed_agents.insert(name.clone(), below.file.class.clone().into());
        found.managed_agents.insert(name, below);
    }
    describe(agent, &mut found.file);
    found
}

/// What is said of an agent beside its tools.
fn describe(agent: &Agent, file: &mut AgentFile) {
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let is_code = agent.strategy() == Strategy::Code;
    let executor = agent.executor_name();
    file.class = if is_code { "CodeAgent" } else { "ToolCallingAgent" }.to_owned();
    file.model = models::file(agent.model().id());
    file.max_steps = Some(agent.max_steps());
    file.verbosity_level = Some(1);
    file.planning_interval = agent.planning_interval();
    let name = text(agent.name().trim()).map(|name| python_name(&name));
    file.description = text(agent.description());
    if is_code {
        let is_remote = REMOTE.contains(&executor) && file.managed_agents.is_empty();
        file.executor_type = Some(if is_remote { executor } else { "local" }.to_owned());
        file.executor_kwargs = Some(Value::Object(serde_json::Map::new()));
        file.authorized_imports = Some(imports(agent));
        let allowed = agent.authorized_imports().into_iter().flatten();
        file.requirements.extend(allowed.filter_map(|module| foreign(module)));
    }
    file.requirements.sort();
    file.requirements.dedup();
    let own = Own {
        name: text(agent.name()).filter(|own| Some(own) != name.as_ref()),
        model: text(agent.model().id()),
        executor: text(executor),
        instructions: agent.instructions().to_owned(),
        authorized_imports: agent.authorized_imports().map(<[String]>::to_vec),
        is_there: true,
    };
    file.name = name;
    file.others.extend(serde_json::to_value(own).ok().map(|own| (OWN.to_owned(), own)));
}

/// What the original is to allow. What is harmless in a sandbox, any import, would be none in its own process.
fn imports(agent: &Agent) -> Vec<String> {
    let mut modules: Vec<String> = ALWAYS.map(str::to_owned).to_vec();
    modules.extend(agent.authorized_imports().into_iter().flatten().cloned());
    modules.sort();
    modules.dedup();
    modules
}

/// The package of a module that is not Python's own.
fn foreign(module: &str) -> Option<String> {
    let top = module.split('.').next().filter(|top| *top != "*")?;
    (!smol_tools::is_standard_library(top)).then(|| package(top).to_owned())
}

/// The packages that the source of a tool needs.
fn packages(code: &str) -> Vec<String> {
    match original_tool(code).and_then(original_class) {
        // The original asks for them when the tool is used.
        Some("WebSearchTool") => vec!["requests".to_owned()],
        Some("VisitWebpageTool") => vec!["markdownify".to_owned(), "requests".to_owned()],
        Some("WikipediaSearchTool") => vec!["wikipedia-api".to_owned()],
        Some("SpeechToTextTool" | "TranscriptionTool") => vec!["smolagents[audio,transformers]".to_owned()],
        Some(_) => Vec::new(),
        None => {
            let source = ToolSource::read(code).ok();
            let imports = source.into_iter().flat_map(|source| source.imports);
            imports.map(|module| package(&module).to_owned()).collect()
        }
    }
}
