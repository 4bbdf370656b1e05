//! Why something shared could not be loaded, used or shared.

use crate::BuildError;
use smol_core::exec::ExecError;
use smol_hub::HubError;
use smol_tools::{CatalogError, Faults};

/// Why something shared could not be loaded, used or shared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShareError {
    /// The Hub or the files.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// The source of a tool.
    #[error("`{file}`: {faults}")]
    Source {
        /// The file.
        file: String,
        /// All that is wrong with it.
        faults: Faults,
    },
    /// The original's Python would not take the source of a tool.
    #[error("the original's Python would not load `{tool}`:\n{}", listed(.faults))]
    Refused {
        /// The tool.
        tool: String,
        /// All that it would refuse.
        faults: Faults,
    },
    /// The agent cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// There is no such executor, or it does not start.
    #[error(transparent)]
    Exec(#[from] ExecError),
    /// One of the original's tools that this build does not have.
    #[error("the agent uses the original's `{tool}`, and this build has no tool of its own for it: {cause}")]
    NoTool {
        /// The tool's name.
        tool: String,
        /// What was said when it was looked for.
        cause: CatalogError,
    },
    /// Tools without Python source, in an agent that is to be written as the original's files.
    #[error(
        "`{}` cannot be saved: {} Rust, and the original's files hold Python\n\nhint: serve it to any agent over MCP, by \
         `smolagent mcp serve`, and save the agent without it",
        .tools.join("`, `"), if .tools.len() == 1 { "it is" } else { "they are" }
    )]
    Native {
        /// The names of the tools.
        tools: Vec<String>,
    },
    /// Packages that no sandbox of this kind can have.
    #[error(
        "it needs the Python packages {packages}, which the executor `{executor}` cannot have: {cause}\n\nhint: use \
         `process` or `docker`"
    )]
    Packages {
        /// The packages.
        packages: String,
        /// The executor.
        executor: String,
        /// Why not.
        cause: String,
    },
    /// Nobody agreed to install packages.
    #[error("the Python packages {packages} are needed, and were not installed because nobody agreed")]
    NoConsent {
        /// The packages.
        packages: String,
    },
    /// A model of the original that has no counterpart here.
    #[error("`{class}` is no class of models that is known\n\nhint: give the agent a model of your own")]
    Model {
        /// The class.
        class: String,
    },
    /// The folder is something else.
    #[error("`{place}` holds {found}, and not {wanted}")]
    Other {
        /// The folder or repository.
        place: String,
        /// What it is.
        found: &'static str,
        /// What was looked for.
        wanted: &'static str,
    },
}

fn listed(faults: &Faults) -> String {
    faults.0.iter().map(|fault| format!("- {fault}")).collect::<Vec<_>>().join("\n")
}
