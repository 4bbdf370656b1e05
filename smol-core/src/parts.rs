//! What an agent is made of, for those who show it or write it down.

use crate::{agent::Agent, exec::Executor, model::Model, run::Strategy, tool::Tool, toolbox::Doer};
use std::sync::Arc;

impl Agent {
    /// Whether it acts by code or by tool calls.
    pub fn strategy(&self) -> Strategy {
        self.strategy
    }

    /// What it asks.
    pub fn model(&self) -> &dyn Model {
        &*self.model
    }

    /// Its tools, without the agents that it manages.
    pub fn tools(&self) -> impl Iterator<Item = &Arc<dyn Tool>> {
        self.tools.entries().iter().filter_map(|entry| match &entry.doer {
            Doer::Tool(tool) => Some(tool),
            Doer::Agent(_) => None,
        })
    }

    /// The agents that it manages.
    pub fn managed_agents(&self) -> impl Iterator<Item = &Arc<Agent>> {
        self.tools.entries().iter().filter_map(|entry| match &entry.doer {
            Doer::Agent(agent) => Some(agent),
            Doer::Tool(_) => None,
        })
    }

    /// How many times the model may act before it must answer.
    pub fn max_steps(&self) -> u32 {
        self.settings.max_steps
    }

    /// After how many steps it plans again, if it plans.
    pub fn planning_interval(&self) -> Option<u32> {
        self.settings.planning_interval
    }

    /// The only modules that its code may import; none: all that the sandbox holds.
    pub fn authorized_imports(&self) -> Option<&[String]> {
        self.sandbox.authorized_imports.as_deref()
    }

    /// The rules at the end of its system prompt; empty for none.
    pub fn instructions(&self) -> &str {
        &self.instructions
    }

    /// What configuration files call its executor; empty for an agent without one, or with one they do not know.
    pub fn executor_name(&self) -> &'static str {
        self.executor.as_deref().map_or("", Executor::name)
    }
}
