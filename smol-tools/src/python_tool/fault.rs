//! What is wrong with the source of a tool.

use std::fmt;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Fault {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong there.
    pub text: String,
    /// The tool cannot be used at all. Otherwise it works here, and the original's Python refuses to load or save it.
    pub is_fatal: bool,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}: {}", self.line, self.text)
    }
}

/// All that is wrong with the source of a tool, in the order of its lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the source is no tool that can be used:\n{}\n\nhint: a tool is a class that derives from `Tool` of `smolagents`, with \
     `name`, `description`, `inputs`, `output_type` and a method `forward`, or a function under `@tool`",
    listed(.0)
)]
pub struct Faults(pub Vec<Fault>);

fn listed(faults: &[Fault]) -> String {
    faults.iter().map(|fault| format!("- {fault}")).collect::<Vec<_>>().join("\n")
}
