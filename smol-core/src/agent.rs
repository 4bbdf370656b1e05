//! What an agent is made of, and how one is built.

use crate::{
    budget::Budget,
    context::Compaction,
    event::Failure,
    exec::{Executor, SandboxSpec},
    gate::Gate,
    hooks::{Callback, Check, Hooks, StepKind},
    inspect::Inspector,
    media::MediaError,
    memory::MemoryStep,
    model::{Model, ModelInfo, Profile},
    run::{Settings, Strategy},
    task::TaskRun,
    tool::Tool,
    toolbox::Toolbox,
};
use serde_json::Value;
use std::{sync::Arc, time::Duration};

/// A model with its tools and rules. It holds no state of any run: share one, and run as many at once as you like.
pub struct Agent {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) strategy: Strategy,
    pub(crate) model: Arc<dyn Model>,
    pub(crate) info: ModelInfo,
    pub(crate) tools: Toolbox,
    pub(crate) sandbox: SandboxSpec,
    pub(crate) instructions: String,
    pub(crate) settings: Settings,
    pub(crate) gates: Vec<Arc<dyn Gate>>,
    pub(crate) hooks: Hooks,
    pub(crate) inspector: Option<Arc<dyn Inspector>>,
    pub(crate) provide_run_summary: bool,
    pub(crate) executor: Option<Arc<dyn Executor>>,
}

/// Collects what an agent is made of; see [`crate::CodeAgent::builder`] and [`crate::ToolCallingAgent::builder`].
pub struct AgentBuilder {
    agent: Agent,
    tools: Vec<Arc<dyn Tool>>,
    base_tools: Vec<Arc<dyn Tool>>,
    managed_agents: Vec<Arc<Agent>>,
    structured: bool,
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
    /// Two tools or managed agents share a name.
    #[error("two tools are named `{name}`\n\nhint: rename one of them")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A tool's input or output schema is not valid JSON Schema.
    #[error("a schema of tool `{name}` is not valid: {cause}")]
    Schema {
        /// The tool.
        name: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A managed agent cannot be called without a name.
    #[error("a managed agent has no name\n\nhint: give it one by `.name(…)`")]
    Unnamed,
    /// A code agent has nowhere to run its code.
    #[error(
        "a code agent needs an executor\n\nhint: add `.executor(…)`, or the `wasm` feature of `smolagents`"
    )]
    NoExecutor,
}

/// Why a run could not begin.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is nothing to do.
    #[error("the task is empty\n\nhint: say what the agent should do")]
    EmptyTask,
    /// A prompt template is broken.
    #[error("the prompt could not be rendered: {0}")]
    Prompt(String),
    /// A file that belongs to the task could not be read.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// The model cannot see the task's picture.
    #[error(
        "the model `{model}` sees no pictures, and the task has one\n\nhint: use a model that does, or a tool that describes pictures"
    )]
    Blind {
        /// The model's id.
        model: String,
    },
    /// Code could not use a variable of this name.
    #[error(
        "`{name}` cannot name a variable\n\nhint: use a Python identifier that is no keyword and no tool's name"
    )]
    Variable {
        /// The name.
        name: String,
    },
}

impl AgentBuilder {
    pub(crate) fn new(strategy: Strategy, model: impl Model + 'static) -> Self {
        let info = model.info();
        let agent = Agent {
            name: String::new(),
            description: String::new(),
            strategy,
            settings: Settings {
                max_steps: 10,
                context_window: info.context_window,
                pictures: info.vision == Some(true),
                ..Settings::default()
            },
            info,
            model: Arc::new(model),
            tools: Toolbox::default(),
            sandbox: SandboxSpec::default(),
            executor: None,
            instructions: String::new(),
            gates: Vec::new(),
            hooks: Hooks::default(),
            inspector: None,
            provide_run_summary: false,
        };
        let (tools, base_tools, managed_agents) = Default::default();
        Self { agent, tools, base_tools, managed_agents, structured: false }
    }

    /// What people call the agent. A manager calls it by the same name, as an identifier: `Financial Analyst` as
    /// `Financial_Analyst`.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.agent.name = name.into();
        self
    }

    /// What the agent can do, for a manager to read.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.agent.description = text.into();
        self
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

    /// Adds those of these tools whose names nothing else of the agent has: a set to start from, in which a tool of your
    /// own takes the place of its namesake.
    pub fn base_tools(mut self, tools: impl IntoIterator<Item = Arc<dyn Tool>>) -> Self {
        self.base_tools.extend(tools);
        self
    }

    /// Adds an agent that this one can give tasks to, as it calls a tool.
    pub fn managed_agent(mut self, agent: impl Into<Arc<Agent>>) -> Self {
        self.managed_agents.push(agent.into());
        self
    }

    /// As a managed agent, it tells its manager the steps it took, too.
    pub fn provide_run_summary(mut self, provide: bool) -> Self {
        self.agent.provide_run_summary = provide;
        self
    }

    /// Where code runs.
    pub fn executor(mut self, executor: impl Executor + 'static) -> Self {
        self.agent.executor = Some(Arc::new(executor));
        self
    }

    /// How many times the model may act before it must answer; 10 by default.
    pub fn max_steps(mut self, steps: u32) -> Self {
        self.agent.settings.max_steps = steps;
        self
    }

    /// Has the model plan before the first step, and again after every so many steps.
    pub fn planning_interval(mut self, steps: u32) -> Self {
        self.agent.settings.planning_interval = Some(steps);
        self
    }

    /// How many earlier tasks of a [`crate::session::Session`] the model is shown, with their steps; all by default.
    pub fn memory_size(mut self, tasks: usize) -> Self {
        self.agent.settings.memory_size = Some(tasks);
        self
    }

    /// What is done when the context window nears its end.
    pub fn compaction(mut self, compaction: Compaction) -> Self {
        self.agent.settings.compaction = compaction;
        self
    }

    /// How many tokens the model can hold, if it does not say so itself.
    pub fn context_window(mut self, tokens: u64) -> Self {
        self.agent.settings.context_window = Some(tokens);
        self
    }

    /// What a run may use up, managed agents included.
    pub fn budget(mut self, budget: Budget) -> Self {
        self.agent.settings.budget = Some(budget);
        self
    }

    /// How long one block of code may run, its tool calls not counted.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.agent.sandbox.time_per_block = Some(timeout);
        self
    }

    /// Rules of your own, put at the end of the system prompt.
    pub fn instructions(mut self, text: impl Into<String>) -> Self {
        self.agent.instructions = text.into();
        self
    }

    /// The only modules that code may import, submodules included. By default: all that the sandbox holds.
    pub fn authorized_imports<S: Into<String>>(mut self, modules: impl IntoIterator<Item = S>) -> Self {
        self.agent.sandbox.authorized_imports = Some(modules.into_iter().map(Into::into).collect());
        self
    }

    /// How to prompt the model, if not as it says itself.
    pub fn profile(mut self, profile: Profile) -> Self {
        self.agent.info.profile = profile;
        self
    }

    /// Asks for code as a JSON object of a thought and the code, where the model can keep to a schema.
    pub fn structured_code(mut self, structured: bool) -> Self {
        self.structured = structured;
        self
    }

    /// Adds somebody who decides about tool calls.
    pub fn gate(mut self, gate: impl Gate + 'static) -> Self {
        self.agent.gates.push(Arc::new(gate));
        self
    }

    /// Has code read before it runs.
    pub fn inspector(mut self, inspector: impl Inspector + 'static) -> Self {
        self.agent.inspector = Some(Arc::new(inspector));
        self
    }

    /// Called with the memory when an entry of this kind is complete, the entry last. It may edit what is there, as
    /// a plan before it is used or old screenshots before they are sent again. If it fails or panics, the entry
    /// records it.
    pub fn on_step<F>(mut self, kind: StepKind, callback: F) -> Self
    where
        F: Fn(&mut [MemoryStep]) -> Result<(), String> + Send + Sync + 'static,
    {
        let callback: Callback = Box::new(callback);
        self.agent.hooks.callbacks.push((kind, callback));
        self
    }

    /// Looks at an answer before it stands. The model reads why it was refused, and tries again.
    pub fn final_answer_check<F>(mut self, check: F) -> Self
    where
        F: Fn(&Value, &[MemoryStep]) -> Result<(), String> + Send + Sync + 'static,
    {
        let check: Check = Box::new(check);
        self.agent.hooks.checks.push(check);
        self
    }

    /// The agent, once its parts are found to fit.
    pub fn build(self) -> Result<Agent, BuildError> {
        let Self { mut agent, tools, base_tools, managed_agents, structured } = self;
        if agent.strategy == Strategy::Code && agent.executor.is_none() {
            return Err(BuildError::NoExecutor);
        }
        tools.into_iter().try_for_each(|tool| agent.tools.add_tool(tool))?;
        managed_agents.into_iter().try_for_each(|managed| agent.tools.add_agent(managed))?;
        for tool in base_tools {
            if agent.tools.entry(&tool.spec().name).is_none() {
                agent.tools.add_tool(tool)?;
            }
        }
        agent.sandbox.tools = agent.tools.specs();
        agent.settings.structured =
            structured && agent.strategy == Strategy::Code && agent.info.structured_output;
        Ok(agent)
    }
}

impl Agent {
    /// A run of `task`: await it for the result, or take its [`TaskRun::stream`].
    pub fn run(&self, task: impl Into<String>) -> TaskRun<'_> {
        TaskRun::new(self, task.into())
    }

    /// The agent's name; empty if it has none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it can do.
    pub fn description(&self) -> &str {
        &self.description
    }

    pub(crate) fn executor(&self) -> Result<&dyn Executor, Failure> {
        self.executor.as_deref().ok_or(Failure::NoExecutor)
    }
}
