//! What a run came to, in the shapes that users of smolagents know.

use crate::{
    artifact::Artifact,
    memory::{ActionStep, CallRecord, MemoryStep},
    message::TokenUsage,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// How a run stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RunState {
    /// Not over: failed, waiting, or still going.
    #[default]
    Running,
    /// The agent gave its final answer.
    Answered,
    /// The steps ran out, and the model gave the best answer it had.
    MaxSteps,
    /// The budget was used up, and the answer is the best there was.
    Budget,
    /// Stopped from outside. It can be carried on.
    Interrupted,
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
    /// Tokens of all steps, plans and summaries.
    pub token_usage: TokenUsage,
    /// Seconds spent on models, code and tools.
    pub execution_time: f64,
    /// What went wrong on the way, step by step.
    pub errors: Vec<String>,
}

/// One step, as its result. The run's memory has more of it: [`ActionStep`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AgentStep {
    /// From 1.
    pub step_number: u32,
    /// The Python that was run, if any.
    pub code_action: Option<String>,
    /// What the model was told about the outcome.
    pub observations: String,
    /// The tools that were called, in order.
    pub tool_calls: Vec<ToolCall>,
    /// Whether nothing went wrong.
    pub success: bool,
    /// What went wrong.
    pub error: Option<String>,
    /// Tokens of the step.
    pub token_usage: TokenUsage,
    /// Seconds it took.
    pub duration: f64,
}

/// One tool call, as part of a result.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The tool.
    pub tool_name: String,
    /// Argument name to value, as the call was made.
    pub arguments: Value,
    /// When it began, in seconds since 1970; 0 if it was never made.
    pub timestamp: f64,
}

impl From<&CallRecord> for ToolCall {
    fn from(record: &CallRecord) -> Self {
        let made = record.made();
        Self {
            tool_name: made.name,
            arguments: made.arguments,
            timestamp: record.timestamp.unwrap_or_default(),
        }
    }
}

impl From<&ActionStep> for AgentStep {
    fn from(step: &ActionStep) -> Self {
        Self {
            step_number: step.step_number,
            code_action: step.code_action.clone(),
            observations: step.observations.clone(),
            tool_calls: step.tool_calls.iter().map(ToolCall::from).collect(),
            success: step.success(),
            error: step.error.clone(),
            token_usage: step.token_usage(),
            duration: step.duration,
        }
    }
}

impl AgentRunResult {
    pub(crate) fn new(state: RunState, output: Value, text: String, memory: &[MemoryStep]) -> Self {
        let actions = memory.iter().filter_map(|step| match step {
            MemoryStep::Action(step) => Some(AgentStep::from(step)),
            _ => None,
        });
        let plans = memory.iter().map(|step| match step {
            MemoryStep::Planning(step) => step.duration,
            _ => 0.0,
        });
        let steps: Vec<AgentStep> = actions.collect();
        Self {
            output,
            text,
            state,
            total_steps: steps.len(),
            success: state == RunState::Answered,
            token_usage: memory.iter().map(MemoryStep::token_usage).sum(),
            execution_time: steps.iter().map(|step| step.duration).sum::<f64>() + plans.sum::<f64>(),
            errors: steps.iter().filter_map(|step| step.error.clone()).collect(),
            steps,
        }
    }
}

impl AgentRunResult {
    /// The pictures, tables and bytes that the answer is, or holds as a list.
    pub fn artifacts(&self) -> Vec<Artifact> {
        Artifact::all(&self.output)
    }
}

impl fmt::Display for AgentRunResult {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}
