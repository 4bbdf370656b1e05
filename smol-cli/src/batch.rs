//! `smolagent batch`: many tasks at a time, one JSON line for each as it finishes.

use crate::{arguments::AgentArguments, exit, lines::json_lines, setup};
use futures::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use smolagents::{Agent, AgentRunResult, RunError};
use std::{path::Path, pin::pin, sync::Arc};

#[derive(Deserialize)]
struct Task {
    #[serde(default)]
    id: Value,
    task: String,
}

/// Runs every line's task, `concurrency` at a time. Results come in the order in which runs finish.
pub async fn batch(file: &Path, concurrency: usize, arguments: &AgentArguments) -> anyhow::Result<u8> {
    let agent = Arc::new(setup::agent(arguments, None).await?);
    let runs = json_lines(file).await?.map(|task| {
        let agent = agent.clone();
        // A task of its own for each run, so that all cores share the work.
        async move { tokio::spawn(async move { finished(&agent, task).await }).await }
    });
    let mut runs = pin!(runs.buffer_unordered(concurrency));
    let mut ctrl_c = pin!(tokio::signal::ctrl_c());
    let (mut done, mut failed) = (0_usize, 0_usize);
    loop {
        let line = tokio::select! {
            biased;
            _ = &mut ctrl_c => {
                anstream::eprintln!("\ninterrupted: {done} finished, what else was under way is lost");
                return Ok(exit::INTERRUPTED);
            }
            line = runs.next() => line,
        };
        let Some(line) = line.transpose()? else { break };
        done += 1;
        failed += usize::from(line.get("success") != Some(&Value::Bool(true)));
        anstream::println!("{line}");
        if arguments.verbosity > 0 {
            anstream::eprintln!("{done} finished, {failed} of them failed");
        }
    }
    Ok(if failed == 0 { exit::ANSWERED } else { exit::FAILED })
}

async fn finished(agent: &Agent, task: Result<Task, String>) -> Value {
    let Task { id, task } = match task {
        Ok(task) => task,
        Err(error) => return line(Value::Null, &AgentRunResult::default(), Some(error)),
    };
    match agent.run(task).await {
        Ok(result) => line(id, &result, None),
        Err(RunError { failure, run }) => {
            let result = run.map(|run| run.result()).unwrap_or_default();
            line(id, &result, Some(failure.to_string()))
        }
    }
}

fn line(id: Value, result: &AgentRunResult, failure: Option<String>) -> Value {
    let errors: Vec<&String> = result.errors.iter().chain(&failure).collect();
    json!({
        "id": id,
        "output": result.output,
        "success": result.success,
        "total_steps": result.total_steps,
        "token_usage": result.token_usage,
        "execution_time": result.execution_time,
        "errors": errors,
    })
}
