//! Code can be read before it runs: which tools it may call, and what in it cannot work.

use crate::tool::{Effect, ToolSpec};
use serde::{Deserialize, Serialize};

/// Reads a block of Python without running it.
pub trait Inspector: Send + Sync {
    /// What `code` would do in `session`. Code that does not parse has no calls and no faults: the sandbox says
    /// it better.
    fn inspect(&self, code: &str, session: &Session<'_>) -> Inspection;
}

/// What a block finds when it runs.
#[derive(Debug, Clone, Copy)]
pub struct Session<'a> {
    /// The blocks before it, oldest first.
    pub earlier: &'a [&'a str],
    /// Variables that were given to the session.
    pub variables: &'a [&'a str],
    /// The tools it may call as functions.
    pub tools: &'a [ToolSpec],
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// The tools that the code names, each once, in order of appearance.
    pub calls: Vec<PossibleCall>,
    /// Why the code cannot work, in words for the model. Empty: nothing is known to be wrong.
    pub faults: Vec<String>,
}

/// A tool that code may call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PossibleCall {
    /// The tool's name.
    pub tool: String,
    /// What it does to the world.
    pub effect: Effect,
    /// The lines that name it, from 1.
    pub lines: Vec<u32>,
}
