//! The programs of `hostile/` on executors: see its README for what is asked of each.
//!
//! A part of them is run unless all are asked for, as `cargo xtask it hostile` does.

mod cases;
mod host;

use crate::{
    common::{self, open, tool},
    leftovers,
};
use cases::{Case, Demand};
use futures::stream::{self, StreamExt};
use host::Host;
use serde_json::json;
use smol_core::exec::{Executor, Input, Outcome, Sandbox, SandboxSpec};
use std::time::Duration;

/// How many tool calls a program gets a reply to.
const CALLS: usize = 50;

/// How long the host may take over one program, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// Of the programs one in so many, where a sandbox opens in no time, and where it takes a good part of a second.
const QUICK: usize = 4;
#[cfg(any(feature = "docker", feature = "e2b", feature = "jupyter", feature = "modal"))]
const SLOW: usize = 13;

/// What keeps the programs from the host.
#[derive(Clone, Copy, PartialEq)]
enum Walls {
    /// We do, so no secret may come out.
    Ours,
    /// Another does, who is not here: what remains is that the host is not fooled.
    Theirs,
}

/// Fails unless `executor` stands the programs and nothing of this process's is left of it.
async fn stands(executor: &dyn Executor) {
    if !leftovers::is_alone() {
        return;
    }
    contains(executor, QUICK).await;
    leftovers::none_remain().await;
}

/// Fails unless the programs stay within the walls of `executor`, which is slow to open.
#[cfg(feature = "docker")]
pub(crate) async fn contains_slowly(executor: &dyn Executor) {
    contains(executor, SLOW).await;
}

async fn contains(executor: &dyn Executor, step: usize) {
    host::keep_a_secret();
    let host = Host::new();
    survives(executor, &host, Walls::Ours, cases::chosen(step)).await;
    host.had_no_visitor();
}

/// Fails unless the host is fooled by none of the programs that are after it. The walls of `executor` are those of a
/// service, which is not here.
#[cfg(any(feature = "e2b", feature = "jupyter", feature = "modal"))]
pub(crate) async fn is_not_fooled(executor: &dyn Executor) {
    let cases = cases::chosen(SLOW).into_iter().filter(Case::is_after_the_host).collect();
    survives(executor, &Host::new(), Walls::Theirs, cases).await;
}

async fn survives(executor: &dyn Executor, host: &Host, walls: Walls, cases: Vec<Case>) {
    let count = cases.len();
    let runs = cases.into_iter().map(|case| stand(executor, host, walls, case));
    let failures: Vec<String> =
        stream::iter(runs).buffer_unordered(4).filter_map(std::future::ready).collect().await;
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
}

/// What went wrong with a program.
async fn stand(executor: &dyn Executor, host: &Host, walls: Walls, case: Case) -> Option<String> {
    let verdict = tokio::time::timeout(PATIENCE, judge(executor, host, walls, &case)).await;
    let problem = verdict.unwrap_or_else(|_| Err("the host did not answer".to_owned())).err()?;
    Some(format!("{}: {}", case.name, problem.chars().take(1000).collect::<String>()))
}

async fn judge(executor: &dyn Executor, host: &Host, walls: Walls, case: &Case) -> Result<(), String> {
    let mut sandbox = fresh(executor).await;
    common::feed(&mut *sandbox, &host.told()).await;
    let mut seen = Vec::new();
    let outcome = run(&mut *sandbox, &case.code, &mut seen).await?;
    demand(case.demand, &outcome)?;
    let (ended, lost) = (!matches!(outcome, Outcome::Call(_)), matches!(outcome, Outcome::Lost { .. }));
    seen.push(outcome);
    if ended && !lost {
        // What the program left behind may spoil its own session, and nothing else.
        seen.push(run(&mut *sandbox, "6 * 7", &mut Vec::new()).await?);
    }
    drop(sandbox);
    let shown = serde_json::to_string(&seen).map_err(|error| error.to_string())?;
    if walls == Walls::Ours && Host::has_leaked(&shown) {
        return Err(format!("the secret came out: {shown}"));
    }
    let next = run(&mut *fresh(executor).await, "6 * 7", &mut Vec::new()).await?;
    let is_right = matches!(&next, Outcome::Value { text, .. } if text == "42");
    if is_right { Ok(()) } else { Err(format!("then the next one: {next:?}")) }
}

async fn fresh(executor: &dyn Executor) -> Box<dyn Sandbox> {
    let tools = vec![tool("ask", json!({"properties": {"value": {}}}))];
    let spec = SandboxSpec {
        tools,
        time_per_block: Some(Duration::from_secs(1)),
        memory: Some(256 << 20),
        ..SandboxSpec::default()
    };
    open(executor, spec).await
}

/// Feeds a block and answers its first calls; what it asked for is seen.
async fn run(sandbox: &mut dyn Sandbox, code: &str, seen: &mut Vec<Outcome>) -> Result<Outcome, String> {
    let failed = |error: smol_core::exec::ExecError| error.to_string();
    let mut outcome = sandbox.feed(Input::Code(code.to_owned())).await.map_err(failed)?;
    for _ in 0..CALLS {
        let Outcome::Call(call) = &outcome else { break };
        let value = call.arguments.get("value").cloned().unwrap_or_default();
        let reply = Input::ToolReply { id: call.id.clone(), reply: Ok(value) };
        seen.push(outcome);
        outcome = sandbox.feed(reply).await.map_err(failed)?;
    }
    Ok(outcome)
}

fn demand(demand: Demand, outcome: &Outcome) -> Result<(), String> {
    let is_met = match demand {
        Demand::Nothing => true,
        Demand::NoAnswer => !matches!(outcome, Outcome::FinalAnswer { .. }),
        Demand::Runs => matches!(outcome, Outcome::Value { .. } | Outcome::FinalAnswer { .. }),
    };
    if is_met { Ok(()) } else { Err(format!("it ended otherwise: {outcome:?}")) }
}

#[cfg(feature = "wasm")]
#[tokio::test]
async fn wasm_stands_them() {
    common::use_test_cache();
    stands(&smol_exec::Wasm::new()).await;
}

#[cfg(feature = "process")]
#[tokio::test]
async fn bubblewrap_stands_them() {
    stands(&crate::process::confined(smol_exec::Confinement::Bubblewrap)).await;
}

#[cfg(feature = "process")]
#[tokio::test]
async fn landlock_stands_them() {
    stands(&crate::process::confined(smol_exec::Confinement::Landlock)).await;
}
