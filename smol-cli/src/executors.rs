//! `smolagent executors`: where code can run, what of it is here, and how to get the rest.

use crate::exit;
use anstream::println;
use smolagents::{
    exec::{ExecError, Input, SandboxSpec},
    executors::ExecutorKind,
};
use std::time::{Duration, Instant};

/// How long a sandbox may take to start before it counts as not there.
const PATIENCE: Duration = Duration::from_secs(120);

/// Prints all kinds. With `measure`, each that is here is started once.
pub async fn list(measure: bool) -> anyhow::Result<u8> {
    for kind in ExecutorKind::all() {
        let found = kind.present().await;
        let mark = if found.is_ok() { "here" } else { "missing" };
        println!("{:<10} {mark}", kind.name());
        match found {
            Ok(what) => {
                println!("  what      {what}");
                println!("  isolates  {}", kind.isolates());
                if measure {
                    println!("  start     {}", started(kind).await);
                }
            }
            Err(error) => explain(kind, &error),
        }
    }
    if !measure {
        println!("\n`smolagent executors --measure` starts each that is here, and tells how long it takes.");
    }
    Ok(exit::ANSWERED)
}

fn explain(kind: ExecutorKind, error: &ExecError) {
    let ExecError::Start { cause, .. } = error else {
        println!("  why       {error}");
        return;
    };
    println!("  why       {cause}");
    println!("  isolates  {}", kind.isolates());
    println!("  to get it {}", kind.how_to_get());
}

/// How long it takes from nothing to a first result.
async fn started(kind: ExecutorKind) -> String {
    let begun = Instant::now();
    match tokio::time::timeout(PATIENCE, first_result(kind)).await {
        Ok(Ok(())) => format!("{:.1} ms to a first result", begun.elapsed().as_secs_f64() * 1e3),
        Ok(Err(error)) => format!("failed: {error}"),
        Err(_) => format!("not within {} s", PATIENCE.as_secs()),
    }
}

async fn first_result(kind: ExecutorKind) -> Result<(), ExecError> {
    let say = |text: String| anstream::eprintln!("{text}");
    let mut sandbox = kind.executor()?.open(SandboxSpec::default(), &say).await?;
    sandbox.feed(Input::Code("1 + 1".to_owned())).await.map(drop)
}
