//! The tools of this crate by name, for programs that let people choose.

use crate::{PythonInterpreter, VisitWebpage, WebSearch};
use smol_core::{exec::Executor, tool::Tool};
use std::sync::Arc;

/// The names that [`by_name`] knows.
pub const NAMES: [&str; 3] = ["web_search", "visit_webpage", "python_interpreter"];

/// The tool called `name`, as it is by default. `executor` runs the code of those that run code.
pub fn by_name(name: &str, executor: &Arc<dyn Executor>) -> Result<Arc<dyn Tool>, UnknownTool> {
    match name {
        "web_search" => Ok(Arc::new(WebSearch::new())),
        "visit_webpage" => Ok(Arc::new(VisitWebpage::new())),
        "python_interpreter" => Ok(Arc::new(PythonInterpreter::new(executor.clone()))),
        _ => Err(UnknownTool { name: name.to_owned(), nearest: nearest(name) }),
    }
}

/// The tools that the original adds to an agent by `add_base_tools`, each as it is by default: for
/// [`AgentBuilder::base_tools`](smol_core::agent::AgentBuilder::base_tools).
pub fn base_tools(executor: &Arc<dyn Executor>) -> Vec<Arc<dyn Tool>> {
    NAMES.iter().filter_map(|name| by_name(name, executor).ok()).collect()
}

/// No tool has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no tool is named `{name}`\n\nhint: {}the tools are `{}`", suggestion(*nearest), NAMES.join("`, `"))]
#[non_exhaustive]
pub struct UnknownTool {
    /// The name asked for.
    pub name: String,
    /// The name most like it, if any is.
    pub nearest: Option<&'static str>,
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("did you mean `{name}`? ")).unwrap_or_default()
}

/// Two names are alike if less than half of the letters differ.
fn nearest(name: &str) -> Option<&'static str> {
    let likeness = |known: &&str| strsim::normalized_levenshtein(name, known);
    let best = NAMES.into_iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)))?;
    (likeness(&best) > 0.5).then_some(best)
}
