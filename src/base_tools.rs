//! The tools that an agent is given unless it is told otherwise, in the guide's words: web search, an interpreter, transcription.

use crate::{Executor, Tool, tools};
use std::sync::Arc;

const NAMES: [&str; 3] = ["web_search", "visit_webpage", "python_interpreter"];

/// What `add_base_tools` of the original and of its guide gives: `web_search`, `visit_webpage`, `python_interpreter`, whose
/// code `executor` runs, and, with the features `hub` and `transcription`, `transcribe_audio`, whose model
/// [`whisper::DEFAULT`](crate::whisper::DEFAULT) is fetched when it is first called.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use smolagents::{base_tools, executors, prelude::*};
///
/// # let model = smolagents::models::scripted::ScriptedModel::new([]);
/// # if cfg!(feature = "wasm") {
/// let executor = executors::executor("wasm")?;
/// let agent = CodeAgent::builder(model).base_tools(base_tools(&executor)).build()?;
/// # }
/// # Ok(())
/// # }
/// ```
pub fn base_tools(executor: &Arc<dyn Executor>) -> Vec<Arc<dyn Tool>> {
    let named = NAMES.iter().filter_map(|name| tools::by_name(name, executor).ok());
    named.chain(transcription()).collect()
}

fn transcription() -> Option<Arc<dyn Tool>> {
    #[cfg(all(feature = "hub", feature = "transcription"))]
    return Some(Arc::new(crate::whisper::transcriber("transcribe_audio")));
    #[cfg(not(all(feature = "hub", feature = "transcription")))]
    None
}
