//! An agent that somebody shared.

use super::{
    Review, ShareError,
    models::{self, ModelId},
    review::ReviewedTool,
    save::Own,
    tool::Source,
};
use crate::{Agent, AgentBuilder, CodeAgent, Model, ToolCallingAgent};
use smol_core::{exec::Executor, run::Strategy, tool::Tool};
use smol_hub::{
    RepoName,
    folder::{AgentFolder, Files, Requirements},
};
use std::{collections::BTreeMap, path::Path, sync::Arc};

/// What ends a run is no tool here, but part of every agent.
const FINAL_ANSWER: &str = "final_answer";

/// An agent that was read, with all that it manages. Nothing of it was run.
pub struct LoadedAgent {
    folder: AgentFolder,
    /// The tools of it and of each agent below, by the path of its folder and their names.
    tools: BTreeMap<(String, String), Source>,
    review: Review,
    /// What takes the place of the original's default tools.
    given: Vec<Arc<dyn Tool>>,
}

impl LoadedAgent {
    pub(super) fn new(
        folder: AgentFolder,
        repo: Option<(RepoName, String)>,
        files: &Files,
    ) -> Result<Self, ShareError> {
        let mut review = Review::new(repo, files);
        review.requirements = folder.requirements().packages();
        let mut tools = BTreeMap::new();
        for (path, agent) in folder.all() {
            for (name, code) in &agent.tools {
                let file = format!("{path}tools/{name}.py");
                let source = Source::read(&file, code)?;
                if name != FINAL_ANSWER {
                    review.tools.push(ReviewedTool::new(file, &source));
                }
                tools.insert((path.clone(), name.clone()), source);
            }
            review.notes.extend(notes(&path, agent));
        }
        Ok(Self { folder, tools, review, given: Vec::new() })
    }

    /// What it is made of, and what its code could reach.
    pub fn review(&self) -> &Review {
        &self.review
    }

    /// The same, to compare with what was found good.
    pub fn review_mut(&mut self) -> &mut Review {
        &mut self.review
    }

    /// Its files.
    pub fn folder(&self) -> &AgentFolder {
        &self.folder
    }

    /// The Python packages that it and all below it need.
    pub fn requirements(&self) -> Requirements {
        self.review.requirements.clone()
    }

    /// The model that it was shared with.
    ///
    /// # Errors
    /// [`ShareError::Model`] for one that is not known here.
    pub fn model_id(&self) -> Result<ModelId, ShareError> {
        match Own::of(&self.folder).model {
            Some(id) => Ok(ModelId { id, api_base: models::id(&self.folder.file.model)?.api_base }),
            None => models::id(&self.folder.file.model),
        }
    }

    /// The name of the executor that it was shared with, as this crate has it.
    pub fn executor(&self) -> String {
        let said = self.folder.file.executor_type.as_deref().unwrap_or("local");
        Own::of(&self.folder).executor.unwrap_or_else(|| said.to_owned())
    }

    /// Takes `tool` wherever the agent or one below it uses the original's default tool of the same name, such as a
    /// `user_input` that asks somebody.
    #[must_use]
    pub fn with_tool(mut self, tool: impl Tool + 'static) -> Self {
        self.given.push(Arc::new(tool));
        self
    }

    fn tool(&self, source: &Source, executor: &Arc<dyn Executor>) -> Result<Arc<dyn Tool>, ShareError> {
        let given = match source {
            Source::Original(name) => self.given.iter().find(|tool| tool.spec().name == *name),
            Source::Python(_) => None,
        };
        given.map_or_else(|| source.tool(executor), |tool| Ok(tool.clone()))
    }

    /// The agent, to be built: all asks `model`, and all code, that of its tools too, is run by `executor`.
    ///
    /// # Errors
    /// [`ShareError::NoTool`], and [`ShareError::Build`] for an agent that it manages.
    pub fn builder(
        &self,
        model: Arc<dyn Model>,
        executor: Arc<dyn Executor>,
    ) -> Result<AgentBuilder, ShareError> {
        self.builder_of("", &self.folder, &model, &executor)
    }

    /// The sources of its tools and of those below, with their files; what ends a run is none of them.
    pub(super) fn sources(&self) -> Vec<(String, &Source)> {
        let all = self.tools.iter().filter(|((_, name), _)| name != FINAL_ANSWER);
        all.map(|((path, name), source)| (format!("{path}tools/{name}.py"), source)).collect()
    }

    fn builder_of(
        &self,
        path: &str,
        folder: &AgentFolder,
        model: &Arc<dyn Model>,
        executor: &Arc<dyn Executor>,
    ) -> Result<AgentBuilder, ShareError> {
        let (file, own) = (&folder.file, Own::of(folder));
        let mut builder = match strategy(folder) {
            Strategy::Code => CodeAgent::builder(model.clone()).executor(executor.clone()),
            Strategy::ToolCalling => ToolCallingAgent::builder(model.clone()),
        };
        for name in file.tools.iter().filter(|name| *name != FINAL_ANSWER) {
            if let Some(source) = self.tools.get(&(path.to_owned(), name.clone())) {
                builder = builder.tools([self.tool(source, executor)?]);
            }
        }
        for (name, managed) in &folder.managed_agents {
            let below = format!("{path}managed_agents/{name}/");
            let agent: Agent = self.builder_of(&below, managed, model, executor)?.build()?;
            builder = builder.managed_agent(agent);
        }
        if let Some(name) = own.name.as_ref().or(file.name.as_ref()) {
            builder = builder.name(name);
        }
        if let Some(text) = &file.description {
            builder = builder.description(text);
        }
        if let Some(steps) = file.max_steps {
            builder = builder.max_steps(steps.max(1));
        }
        if let Some(steps) = file.planning_interval {
            builder = builder.planning_interval(steps);
        }
        if let Some(modules) = own.imports(file) {
            builder = builder.authorized_imports(modules);
        }
        Ok(builder.instructions(own.instructions))
    }

    /// Writes its files into a folder, as they were read.
    ///
    /// # Errors
    /// [`ShareError::Hub`].
    pub fn save(&self, folder: impl AsRef<Path>) -> Result<(), ShareError> {
        Ok(self.folder.files()?.write_to(folder)?)
    }
}

fn strategy(folder: &AgentFolder) -> Strategy {
    if folder.file.class == "ToolCallingAgent" { Strategy::ToolCalling } else { Strategy::Code }
}

/// What of the files has no effect here, and what should not be in them.
fn notes(path: &str, folder: &AgentFolder) -> Vec<String> {
    let mut notes = Vec::new();
    if folder.prompts.is_some() && !Own::is_in(folder) {
        notes.push(format!(
            "{path}prompts.yaml is kept and has no effect here: its words fit the original's parser"
        ));
    }
    let secrets = folder.file.model.secrets();
    if !secrets.is_empty() {
        notes.push(format!("{path}agent.json holds what looks like a secret: `{}`", secrets.join("`, `")));
    }
    notes
}
