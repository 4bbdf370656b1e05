//! `smolagent batch`: many tasks at a time, one JSON line for each as it finishes.

use crate::{
    arguments::{AgentArguments, RecordArguments},
    exit,
    lines::json_lines,
    recording::{Recording, resume_hint, tee},
    run::follow,
    setup,
};
use futures::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use smolagents::{Agent, AgentRunResult, Run, RunError, runs::TeeError};
use std::{
    collections::BTreeSet,
    path::Path,
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
};

#[derive(Deserialize)]
struct Task {
    #[serde(default)]
    id: Value,
    task: String,
}

/// What the runs of a batch share.
struct Batch {
    agent: Agent,
    recording: Recording,
    /// The ids of the recorded runs that are under way.
    under_way: Mutex<BTreeSet<String>>,
}

/// Runs every line's task, `concurrency` at a time. Results come in the order in which runs finish.
pub async fn batch(
    file: &Path,
    concurrency: usize,
    arguments: &AgentArguments,
    record: &RecordArguments,
) -> anyhow::Result<u8> {
    let arguments = &setup::resolved(arguments)?;
    let batch = Arc::new(Batch {
        agent: setup::agent(arguments, None).await?,
        recording: Recording::new(record, arguments)?,
        under_way: Mutex::default(),
    });
    let runs = json_lines(file).await?.map(|task| {
        let batch = batch.clone();
        // A task of its own for each run, so that all cores share the work.
        async move { tokio::spawn(async move { batch.finished(task).await }).await }
    });
    let mut runs = pin!(runs.buffer_unordered(concurrency));
    let mut ctrl_c = pin!(tokio::signal::ctrl_c());
    let (mut done, mut failed) = (0_usize, 0_usize);
    loop {
        let line = tokio::select! {
            biased;
            _ = &mut ctrl_c => {
                anstream::eprintln!("\ninterrupted: {done} finished");
                batch.under_way(|ids| ids.iter().for_each(|id| anstream::eprintln!("{}", resume_hint(id))));
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
    batch.recording.flush().await;
    Ok(if failed == 0 { exit::ANSWERED } else { exit::FAILED })
}

impl Batch {
    async fn finished(&self, task: Result<Task, String>) -> Value {
        let Task { id, task } = match task {
            Ok(task) => task,
            Err(error) => return line(Value::Null, None, &AgentRunResult::default(), Some(error)),
        };
        let mut recorder = None;
        let events = self.recording.begin(Run::default(), self.agent.run(task).stream(), &mut recorder).await;
        let recorded = recorder.as_ref().map(|recorder| recorder.id().to_owned());
        self.under_way(|ids| ids.extend(recorded.clone()));
        let ended = follow(tee(events, recorder.as_mut()), |_| {}).await;
        self.under_way(|ids| ids.retain(|id| Some(id) != recorded.as_ref()));
        match ended {
            Ok(result) => line(id, recorded, &result, None),
            Err(TeeError::Run(RunError { failure, run })) => {
                let result = run.map(|run| run.result()).unwrap_or_default();
                line(id, recorded, &result, Some(failure.to_string()))
            }
            Err(error) => line(id, recorded, &AgentRunResult::default(), Some(error.to_string())),
        }
    }

    fn under_way(&self, change: impl FnOnce(&mut BTreeSet<String>)) {
        change(&mut self.under_way.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn line(id: Value, run: Option<String>, result: &AgentRunResult, failure: Option<String>) -> Value {
    let errors: Vec<&String> = result.errors.iter().chain(&failure).collect();
    json!({
        "id": id,
        "run": run,
        "output": result.output,
        "success": result.success,
        "total_steps": result.total_steps,
        "token_usage": result.token_usage,
        "execution_time": result.execution_time,
        "errors": errors,
    })
}
