//! Everything an agent does besides the plain loop: plans, budgets, gates, managed agents, sessions, checked answers,
//! and that any run may be cut anywhere.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail this way")]

mod support;
mod whole {
    mod answers;
    mod budgets;
    mod cuts;
    mod gates;
    mod interrupts;
    mod managed;
    mod memory;
    mod original;
    mod plain;
    mod planning;
    mod sessions;
    mod show;
    mod tasks;
    mod unruly;
}

use futures::{TryStreamExt, executor::block_on};
use smol_core::{
    CodeAgent,
    agent::{Agent, AgentBuilder},
    event::Event,
    result::AgentRunResult,
};
use std::sync::Arc;
use support::{Lines, Script};

/// An agent on the sandbox of lines.
fn coder(model: &Arc<Script>) -> AgentBuilder {
    CodeAgent::builder(model.clone()).executor(Lines::default())
}

fn run(agent: &Agent) -> AgentRunResult {
    block_on(agent.run("do it").into_future()).unwrap()
}

fn events(agent: &Agent) -> Vec<Event> {
    block_on(agent.run("do it").stream().try_collect()).unwrap()
}
