//! What a run came to.

use crate::{memory::AgentStep, message::TokenUsage};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// How a run stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunState {
    /// Not over: interrupted, failed, or still going.
    #[default]
    Running,
    /// The agent gave its final answer.
    Answered,
    /// The steps ran out, and the model gave the best answer it had.
    MaxSteps,
}

/// The full result. Printing it prints the answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AgentRunResult {
    /// The answer as JSON; what JSON lacks is tagged, as [`crate::exec::Outcome::Value`] says.
    pub output: Value,
    /// The answer as text.
    pub text: String,
    /// How the run ended.
    pub state: RunState,
    /// Every step of the task.
    pub steps: Vec<AgentStep>,
    /// Their number.
    pub total_steps: usize,
    /// Whether the agent gave its answer by itself.
    pub success: bool,
    /// Tokens of all steps.
    pub token_usage: TokenUsage,
    /// Seconds spent on models, code and tools.
    pub execution_time: f64,
    /// What went wrong on the way, step by step.
    pub errors: Vec<String>,
}

impl AgentRunResult {
    pub(crate) fn new(state: RunState, output: Value, text: String, steps: Vec<AgentStep>) -> Self {
        let mut token_usage = TokenUsage::default();
        steps.iter().for_each(|step| token_usage += step.token_usage());
        Self {
            output,
            text,
            state,
            total_steps: steps.len(),
            success: state == RunState::Answered,
            token_usage,
            execution_time: steps.iter().map(|step| step.duration).sum(),
            errors: steps.iter().filter_map(|step| step.error.clone()).collect(),
            steps,
        }
    }
}

impl fmt::Display for AgentRunResult {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}
