//! Tools and agents as the original's files: read, run in a sandbox, written, and fetched from a Hub.
//!
//! The folders in `fixtures/` were written by the original (`doubler` by 1.9, the others by 1.26) from
//! `xtask/src/it/interop/definitions.py`; what of them is the original's own code was taken out.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail this way"
)]

mod bad_tools;
mod oracle;
mod run;
mod saved;

use smolagents::{
    CodeAgent, Executor, Model,
    executors::executor,
    models::scripted::{ScriptedModel, text},
};
use std::{path::PathBuf, sync::Arc};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/share/fixtures").join(name)
}

/// Sandboxes as this build has them.
fn sandboxes() -> Arc<dyn Executor> {
    executor(if cfg!(feature = "wasm") { "wasm" } else { "process" }).unwrap()
}

/// A model that replies with these blocks of code, and with whatever else stands for itself.
fn scripted<const N: usize>(replies: [&str; N]) -> Arc<dyn Model> {
    Arc::new(ScriptedModel::new(replies.map(text)))
}

/// An agent without tools, to be given some.
fn code_agent<const N: usize>(replies: [&str; N]) -> smolagents::AgentBuilder {
    CodeAgent::builder(scripted(replies)).executor(sandboxes())
}

/// What the model read, step by step.
fn story(result: &smolagents::AgentRunResult) -> String {
    result.steps.iter().map(|step| step.observations.clone() + "\n").collect()
}

/// What the fuzz target holds all text to, on texts that are something.
#[test]
fn what_is_shared_is_read_by_rules_that_hold_of_any_text() {
    for path in [
        "celsius/tool.py",
        "word_count/tool.py",
        "weather_desk/agent.json",
        "doubler/agent.json",
        "doubler/prompts.yaml",
    ] {
        let text = std::fs::read_to_string(fixture(path)).unwrap();
        for end in (0..text.len()).step_by(97).chain([text.len()]).filter(|end| text.is_char_boundary(*end)) {
            oracle::check_tool(&text[..end]);
            oracle::check_agent(&text[..end]);
        }
    }
}
