//! Tools and agents as the original's files: read, run in a sandbox, written, and fetched from a Hub.
//!
//! The folders in `fixtures/` were written by the original itself (`doubler` by 1.9, the others by 1.26) from
//! `xtask/src/it/interop/definitions.py`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail this way")]

mod bad_tools;
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

fn wasm() -> Arc<dyn Executor> {
    executor("wasm").unwrap()
}

/// A model that replies with these blocks of code, and with whatever else stands for itself.
fn scripted<const N: usize>(replies: [&str; N]) -> Arc<dyn Model> {
    Arc::new(ScriptedModel::new(replies.map(text)))
}

/// An agent without tools, to be given some.
fn code_agent<const N: usize>(replies: [&str; N]) -> smolagents::AgentBuilder {
    CodeAgent::builder(scripted(replies)).executor(wasm())
}

/// What the model read, step by step.
fn story(result: &smolagents::AgentRunResult) -> String {
    result.steps.iter().map(|step| step.observations.clone() + "\n").collect()
}
