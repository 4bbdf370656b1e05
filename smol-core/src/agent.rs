//! Building an agent and running it.

use crate::{
    drive::Live,
    event::{Event, Failure, RunError},
    exec::Executor,
    message::Media,
    model::{Model, Profile},
    prompt,
    result::AgentRunResult,
    run::{Run, Strategy},
    tool::{Tool, ToolSpec},
    tool_calling_agent::final_answer_spec,
    toolbox::Toolbox,
};
use futures::{StreamExt, TryStreamExt, future::BoxFuture, pin_mut, stream::BoxStream};
use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

/// A model with its tools and rules. It holds no state of any run: share one, and run as many at once as you like.
pub struct Agent {
    pub(crate) strategy: Strategy,
    pub(crate) model: Arc<dyn Model>,
    pub(crate) tools: Toolbox,
    pub(crate) authorized_imports: Option<Vec<String>>,
    executor: Option<Arc<dyn Executor>>,
    instructions: String,
    max_steps: u32,
    profile: Profile,
}

/// Collects what an agent is made of; see [`crate::CodeAgent::builder`] and [`crate::ToolCallingAgent::builder`].
pub struct AgentBuilder {
    agent: Agent,
    tools: Vec<Arc<dyn Tool>>,
}

/// Why an agent could not be built.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Code could not call a tool of this name.
    #[error(
        "`{name}` cannot name a tool\n\nhint: use a Python identifier that is no keyword, such as `web_search`"
    )]
    Name {
        /// The name.
        name: String,
    },
    /// Two tools share a name.
    #[error("two tools are named `{name}`\n\nhint: rename one of them")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A tool's input schema is not valid JSON Schema.
    #[error("the input schema of tool `{name}` is not valid: {cause}")]
    Schema {
        /// The tool.
        name: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A code agent has nowhere to run its code.
    #[error(
        "a code agent needs an executor\n\nhint: add `.executor(…)`, or the `wasm` feature of `smolagents`"
    )]
    NoExecutor,
}

impl AgentBuilder {
    pub(crate) fn new(strategy: Strategy, model: impl Model + 'static) -> Self {
        let agent = Agent {
            strategy,
            profile: model.profile(),
            model: Arc::new(model),
            tools: Toolbox::default(),
            authorized_imports: None,
            executor: None,
            instructions: String::new(),
            max_steps: 10,
        };
        Self { agent, tools: Vec::new() }
    }

    /// Adds a tool.
    pub fn tool(mut self, tool: impl Tool + 'static) -> Self {
        self.tools.push(Arc::new(tool));
        self
    }

    /// Adds several tools.
    pub fn tools(mut self, tools: impl IntoIterator<Item = Arc<dyn Tool>>) -> Self {
        self.tools.extend(tools);
        self
    }

    /// Where code runs.
    pub fn executor(mut self, executor: impl Executor + 'static) -> Self {
        self.agent.executor = Some(Arc::new(executor));
        self
    }

    /// How many times the model may act before it must answer; 10 by default.
    pub fn max_steps(mut self, steps: u32) -> Self {
        self.agent.max_steps = steps;
        self
    }

    /// Rules of your own, put at the end of the system prompt.
    pub fn instructions(mut self, text: impl Into<String>) -> Self {
        self.agent.instructions = text.into();
        self
    }

    /// The only modules that code may import, submodules included. By default: all that the sandbox holds.
    pub fn authorized_imports<S: Into<String>>(mut self, modules: impl IntoIterator<Item = S>) -> Self {
        self.agent.authorized_imports = Some(modules.into_iter().map(Into::into).collect());
        self
    }

    /// How to prompt the model, if not as it says itself.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.agent.profile = profile;
        self
    }

    /// The agent, once its parts are found to fit.
    pub fn build(self) -> Result<Agent, BuildError> {
        let Self { mut agent, tools } = self;
        if agent.strategy == Strategy::Code && agent.executor.is_none() {
            return Err(BuildError::NoExecutor);
        }
        agent.tools = Toolbox::new(tools)?;
        Ok(agent)
    }
}

impl Agent {
    /// A run of `task`: await it for the result, or take its [`TaskRun::stream`].
    pub fn run(&self, task: impl Into<String>) -> TaskRun<'_> {
        TaskRun { agent: self, task: task.into(), images: Vec::new(), max_steps: self.max_steps }
    }

    /// Carries on a run that was stopped or failed, here or in another process, to its end.
    pub async fn resume(&self, mut run: Run) -> Result<AgentRunResult, RunError> {
        let mut live = Live::default();
        match self.drive(&mut run, &mut live).try_for_each(|_| async { Ok(()) }).await {
            Ok(()) => Ok(run.result()),
            Err(failure) => Err(RunError { failure, run: Some(Box::new(run)) }),
        }
    }

    /// The tools a tool-calling model is offered by its wire.
    pub(crate) fn offered_tools(&self) -> Vec<ToolSpec> {
        match self.strategy {
            Strategy::Code => Vec::new(),
            Strategy::ToolCalling => self.tools.specs().into_iter().chain([final_answer_spec()]).collect(),
        }
    }

    pub(crate) fn executor(&self) -> Result<&dyn Executor, Failure> {
        self.executor.as_deref().ok_or(Failure::NoExecutor)
    }
}

/// A run that has not begun: settings chain, then `.await` or [`TaskRun::stream`].
#[must_use = "a run does nothing until it is awaited or streamed"]
pub struct TaskRun<'a> {
    agent: &'a Agent,
    task: String,
    images: Vec<Media>,
    max_steps: u32,
}

impl<'a> TaskRun<'a> {
    /// Pictures that belong to the task.
    pub fn images(mut self, images: impl IntoIterator<Item = Media>) -> Self {
        self.images.extend(images);
        self
    }

    /// Another step limit than the agent's, for this run.
    pub fn max_steps(mut self, steps: u32) -> Self {
        self.max_steps = steps;
        self
    }

    /// The run as data, to be driven by [`Agent::drive`].
    pub fn start(self) -> Result<Run, Failure> {
        if self.task.trim().is_empty() {
            return Err(Failure::EmptyTask);
        }
        let Agent { strategy, profile, authorized_imports, instructions, tools, .. } = self.agent;
        let system =
            prompt::system(*strategy, *profile, &tools.specs(), authorized_imports.as_deref(), instructions)?;
        // The standard library's only source of entropy.
        let seed = RandomState::new().hash_one(&self.task);
        let mut run = Run::new(*strategy, system, self.max_steps, seed);
        run.follow_up(self.task, self.images);
        Ok(run)
    }

    /// What happens, as it happens.
    pub fn stream(self) -> BoxStream<'a, Result<Event, RunError>> {
        let agent = self.agent;
        async_stream::try_stream! {
            let mut run = self.start()?;
            let mut failed = None;
            {
                let mut live = Live::default();
                let events = agent.drive(&mut run, &mut live);
                pin_mut!(events);
                while let Some(event) = events.next().await {
                    match event {
                        Ok(event) => yield event,
                        Err(failure) => failed = Some(failure),
                    }
                }
            }
            if let Some(failure) = failed {
                Err(RunError { failure, run: Some(Box::new(run)) })?;
            }
        }
        .boxed()
    }
}

impl<'a> IntoFuture for TaskRun<'a> {
    type Output = Result<AgentRunResult, RunError>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let agent = self.agent;
            agent.resume(self.start()?).await
        })
    }
}
