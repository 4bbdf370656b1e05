//! How far an agent may go, and who is asked on the way: arguments that `run`, `chat` and `batch` share.

use crate::approve::Approve;
use clap::Args;
use serde::{Deserialize, Serialize};
use smolagents::{AgentBuilder, Budget};
use std::time::Duration;

/// Limits of an agent.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitArguments {
    /// Which tool calls you are asked about: every one, those that change the world, or none. Rules in the
    /// configuration come first
    #[arg(long, value_enum, default_value_t = Approve::All, hide_possible_values = true, value_name = "ask|writes|all")]
    pub approve: Approve,
    /// Have the model plan before the first step, and again after every so many
    #[arg(long, value_name = "STEPS", value_parser = clap::value_parser!(u32).range(1..))]
    pub planning_interval: Option<u32>,
    /// US dollars a run may cost, if the model's price is known
    #[arg(long, value_name = "DOLLARS", value_parser = amount)]
    pub max_cost: Option<f64>,
    /// Tokens a run may read and write
    #[arg(long, value_name = "TOKENS", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_tokens: Option<u64>,
    /// Seconds a run may take
    #[arg(long, value_name = "SECONDS", value_parser = amount)]
    pub max_time: Option<f64>,
    /// Tool calls a run may make
    #[arg(long, value_name = "CALLS", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_tool_calls: Option<u64>,
    /// Seconds a block of code may run, its tool calls not counted
    #[arg(long, value_name = "SECONDS", value_parser = crate::arguments::seconds)]
    pub timeout: Option<f64>,
}

impl LimitArguments {
    /// The agent with these limits.
    pub fn limit(&self, mut builder: AgentBuilder) -> AgentBuilder {
        let budget = Budget {
            dollars: self.max_cost,
            tokens: self.max_tokens,
            seconds: self.max_time,
            tool_calls: self.max_tool_calls,
            ..Budget::default()
        };
        if budget != Budget::default() {
            builder = builder.budget(budget);
        }
        if let Some(steps) = self.planning_interval {
            builder = builder.planning_interval(steps);
        }
        if let Some(seconds) = self.timeout {
            builder = builder.timeout(Duration::from_secs_f64(seconds));
        }
        builder
    }
}

fn amount(text: &str) -> Result<f64, String> {
    let amount: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if amount > 0.0 && amount.is_finite() { Ok(amount) } else { Err("must be above 0".into()) }
}
