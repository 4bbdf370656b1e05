//! Agents that work together without a manager: in turn, side by side, and picked by a coordinator.
//!
//! ```text
//! cargo run --example collaboration
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use futures::future::try_join_all;
use smolagents::{
    Agent,
    model::Request,
    models::scripted::{FunctionModel, text},
    prelude::*,
};
use std::collections::BTreeMap;

/// An agent that answers each task with what it did to it.
fn agent(did: &'static str) -> anyhow::Result<Agent> {
    let model = FunctionModel::new(move |request: Request| {
        let task = request.messages.iter().rev().map(|message| message.text()).next().unwrap_or_default();
        text(format!("<code>\nfinal_answer('{did}: ' + {task:?})\n</code>"))
    });
    Ok(CodeAgent::builder(model).build()?)
}

/// Each works on what the one before it found.
async fn sequential(task: &str) -> anyhow::Result<String> {
    let found = agent("researched")?.run(task).await?;
    let analysed = agent("analysed")?.run(found.to_string()).await?;
    Ok(agent("summarised")?.run(analysed.to_string()).await?.to_string())
}

/// One agent, all tasks at once. It holds no state of its runs, so any number of them can share it.
async fn parallel(tasks: &[&str]) -> anyhow::Result<Vec<String>> {
    let agent = agent("searched")?;
    let results = try_join_all(tasks.iter().map(|task| agent.run(*task).into_future())).await?;
    Ok(results.iter().map(ToString::to_string).collect())
}

/// Agents by what they are good at.
struct Coordinator {
    specialists: BTreeMap<&'static str, Agent>,
}

impl Coordinator {
    async fn handle(&self, task: &str, required: &[&str]) -> anyhow::Result<BTreeMap<&'static str, String>> {
        let mut results = BTreeMap::new();
        for (name, specialist) in self.specialists.iter().filter(|(name, _)| required.contains(name)) {
            results.insert(*name, specialist.run(task).await?.to_string());
        }
        Ok(results)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    println!("in turn: {}", sequential("the market").await?);
    for result in parallel(&["trends", "prices", "risks"]).await? {
        println!("side by side: {result}");
    }
    let specialists =
        [("search", agent("searched")?), ("code", agent("computed")?), ("text", agent("wrote")?)];
    let coordinator = Coordinator { specialists: specialists.into_iter().collect() };
    for (name, result) in coordinator.handle("the market", &["search", "code"]).await? {
        println!("{name}: {result}");
    }
    Ok(())
}
