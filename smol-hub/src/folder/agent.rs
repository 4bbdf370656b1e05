//! The folder of an agent, with those of the agents that it manages.

use super::{AgentFile, Files, Prompts, Requirements, app, check_path};
use crate::HubError;
use serde_json::Value;
use std::collections::BTreeMap;

/// How deep agents may manage each other.
const DEEPEST: usize = 8;

/// What the original defines in every agent, so that its file may be missing.
const FINAL_ANSWER: &str = "final_answer";

/// One agent as files.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AgentFolder {
    /// What it is made of.
    pub file: AgentFile,
    /// Its words, where it has any of its own.
    pub prompts: Option<Prompts>,
    /// The source of each tool by its name.
    pub tools: BTreeMap<String, String>,
    /// The agents that it manages, by name.
    pub managed_agents: BTreeMap<String, AgentFolder>,
    /// Whatever else lies in the folder, such as a `README.md`.
    pub others: Files,
}

impl AgentFolder {
    /// Reads an agent and all that it manages.
    ///
    /// # Errors
    /// [`HubError::Format`], which names the file.
    pub fn read(files: &Files) -> Result<Self, HubError> {
        Self::read_below(files, DEEPEST)
    }

    fn read_below(files: &Files, depth: usize) -> Result<Self, HubError> {
        let missing = |path: &str| HubError::format(path, &"it is missing");
        let mut file = AgentFile::read(files.text("agent.json")?.ok_or_else(|| missing("agent.json"))?)?;
        let prompts = match (files.text("prompts.yaml")?, &file.prompt_templates) {
            (Some(text), _) => Some(Prompts::read(text)?),
            (None, Some(Value::Object(templates))) => Some(Prompts(templates.clone())),
            (None, _) => None,
        };
        if let (true, Some(text)) = (file.requirements.is_empty(), files.text("requirements.txt")?) {
            file.requirements = Requirements::read(text).0.into_iter().collect();
        }
        let mut tools = BTreeMap::new();
        for name in &file.tools {
            let path = tool_path(name)?;
            match files.text(&path)? {
                Some(code) => drop(tools.insert(name.clone(), code.to_owned())),
                None if name == FINAL_ANSWER => {}
                None => return Err(missing(&path)),
            }
        }
        let mut managed_agents = BTreeMap::new();
        for name in file.managed_agents.keys() {
            let folder = managed_folder(name)?;
            let cause = "agents manage each other too deeply";
            let depth = depth.checked_sub(1).ok_or_else(|| HubError::format("agent.json", &cause))?;
            let agent =
                Self::read_below(&files.below(&folder), depth).map_err(|error| error.below(&folder))?;
            managed_agents.insert(name.clone(), agent);
        }
        let mut others = files.clone();
        others.retain(|path| !is_known(path, &file));
        Ok(Self { file, prompts, tools, managed_agents, others })
    }

    /// All its files.
    ///
    /// # Errors
    /// What [`Files::insert`] refuses.
    pub fn files(&self) -> Result<Files, HubError> {
        let mut files = Files::new();
        let mut file = self.file.clone();
        files.insert("__init__.py", "")?;
        if let Some(prompts) = &self.prompts {
            file.prompt_templates = Some(Value::Object(prompts.0.clone()));
            files.insert("prompts.yaml", prompts.text()?)?;
        }
        let requirements = Requirements(file.requirements.iter().cloned().collect());
        files.insert("requirements.txt", requirements.text())?;
        files.insert("app.py", app::of_agent(&file))?;
        files.insert("agent.json", file.text()?)?;
        for (name, code) in &self.tools {
            files.insert("tools/__init__.py", "")?;
            files.insert(tool_path(name)?, code.as_str())?;
        }
        for (name, agent) in &self.managed_agents {
            files.insert("managed_agents/__init__.py", "")?;
            files.add_below(&managed_folder(name)?, agent.files()?)?;
        }
        // What was read stays as it was.
        self.others.iter().try_for_each(|(path, content)| files.insert(path, content))?;
        Ok(files)
    }

    /// This agent and all below it, each with the path of its folder.
    pub fn all(&self) -> Vec<(String, &Self)> {
        let below = self.managed_agents.iter().flat_map(|(name, agent)| {
            let within = |(path, agent): (String, _)| (format!("managed_agents/{name}/{path}"), agent);
            agent.all().into_iter().map(within).collect::<Vec<_>>()
        });
        std::iter::once((String::new(), self)).chain(below).collect()
    }

    /// The packages that it and all below it need.
    pub fn requirements(&self) -> Requirements {
        let all = self.all().into_iter().flat_map(|(_, agent)| agent.file.requirements.iter().cloned());
        Requirements(all.collect())
    }
}

fn tool_path(name: &str) -> Result<String, HubError> {
    path_of("tools", name, ".py")
}

fn managed_folder(name: &str) -> Result<String, HubError> {
    path_of("managed_agents", name, "")
}

/// A name is one part of a path.
fn path_of(folder: &str, name: &str, ending: &str) -> Result<String, HubError> {
    let path = format!("{folder}/{name}{ending}");
    check_path(&path)?;
    if name.contains('/') {
        return Err(HubError::Path { path, cause: "a name has no folders".to_owned() });
    }
    Ok(path)
}

/// Whether a file is made anew from what was understood.
fn is_known(path: &str, file: &AgentFile) -> bool {
    let tool = path.strip_prefix("tools/").and_then(|path| path.strip_suffix(".py"));
    let managed = path.strip_prefix("managed_agents/").and_then(|path| Some(path.split_once('/')?.0));
    matches!(path, "agent.json" | "prompts.yaml" | "requirements.txt")
        || tool.is_some_and(|name| file.tools.iter().any(|tool| tool == name))
        || managed.is_some_and(|name| file.managed_agents.contains_key(name))
}
