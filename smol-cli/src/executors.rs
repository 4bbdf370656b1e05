//! `smolagent executors`: where code can run, what of it is here, and how to get the rest.

use crate::exit;
use anstream::println;
use smolagents::{
    exec::{ExecError, Executor, Input, SandboxSpec},
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
                println!("  options   {}", options(kind));
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

fn options(kind: ExecutorKind) -> String {
    kind.options().iter().map(|(name, takes)| format!("{name} ({takes})")).collect::<Vec<_>>().join(", ")
}

fn explain(kind: ExecutorKind, error: &ExecError) {
    let (cause, hint) = match error {
        ExecError::Start { cause, hint, .. } => (cause.clone(), hint.as_str()),
        other => (other.to_string(), ""),
    };
    println!("  why       {cause}");
    println!("  isolates  {}", kind.isolates());
    println!("  to get it {}", if hint.is_empty() { kind.how_to_get() } else { hint });
}

/// How long it takes from nothing to a first result, and then once more: the first start may compile or fetch something.
async fn started(kind: ExecutorKind) -> String {
    let measured = async {
        let executor = kind.executor()?;
        Ok::<_, ExecError>((first_result(&*executor).await?, first_result(&*executor).await?))
    };
    match tokio::time::timeout(PATIENCE, measured).await {
        Ok(Ok((first, second))) => format!("{first:.1} ms to a first result, {second:.1} ms the second time"),
        Ok(Err(error)) => format!("failed: {error}"),
        Err(_) => format!("not within {} s", PATIENCE.as_secs()),
    }
}

/// In milliseconds.
async fn first_result(executor: &dyn Executor) -> Result<f64, ExecError> {
    let begun = Instant::now();
    let say = |text: String| anstream::eprintln!("{text}");
    let mut sandbox = executor.open(SandboxSpec::default(), &say).await?;
    sandbox.feed(Input::Code("1 + 1".to_owned())).await?;
    Ok(begun.elapsed().as_secs_f64() * 1e3)
}
