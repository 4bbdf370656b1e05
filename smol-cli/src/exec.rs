//! `smolagent exec`: Python in a sandbox, without a model.

use crate::{arguments::SandboxArguments, exit, lines::json_lines, results};
use anyhow::Context;
use futures::StreamExt;
use serde::Deserialize;
use serde_json::{Value, json};
use smolagents::exec::{ExecError, Input, Outcome, Sandbox, SandboxSpec};
use std::{
    io::{Read, Write},
    path::Path,
    pin::pin,
    time::{Duration, Instant},
};

/// Runs a whole file: what it prints goes to standard output, then the value of its last line; an error to
/// standard error.
pub async fn file(file: &Path, timeout: f64, arguments: &SandboxArguments) -> anyhow::Result<u8> {
    let code = read(file)?;
    let work = async { open(arguments, timeout).await?.feed(Input::Code(code)).await };
    let outcome = tokio::select! {
        biased;
        _ = tokio::signal::ctrl_c() => return Ok(exit::INTERRUPTED),
        outcome = work => outcome?,
    };
    let report = Report::new(outcome);
    anstream::print!("{}", report.stdout);
    std::io::stdout().flush()?;
    let kept = results::kept(report.answer.as_ref().unwrap_or(&report.value));
    match (report.error, report.text) {
        (Some(error), _) => {
            anstream::eprintln!("{}", error.trim_end());
            return Ok(exit::FAILED);
        }
        (None, text) if !text.is_empty() => anstream::println!("{text}"),
        _ => {}
    }
    kept.iter().for_each(|line| anstream::println!("{line}"));
    Ok(exit::ANSWERED)
}

#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    id: Value,
    code: String,
    timeout: Option<f64>,
}

/// Runs every line's code in a session of its own, one after another. Nothing a case does can end the others.
pub async fn lines(file: &Path, timeout: f64, arguments: &SandboxArguments) -> anyhow::Result<u8> {
    let mut cases = pin!(json_lines::<Case>(file).await?);
    let mut ctrl_c = pin!(tokio::signal::ctrl_c());
    loop {
        let next_line = async { Some(run_case(cases.next().await?, timeout, arguments).await) };
        let line = tokio::select! {
            biased;
            _ = &mut ctrl_c => return Ok(exit::INTERRUPTED),
            line = next_line => line,
        };
        let Some(line) = line else { return Ok(exit::ANSWERED) };
        anstream::println!("{line}");
    }
}

async fn run_case(case: Result<Case, String>, timeout: f64, arguments: &SandboxArguments) -> Value {
    let (id, outcome, started) = match case {
        Ok(Case { id, code, timeout: own }) => {
            let started = Instant::now();
            let outcome =
                async { open(arguments, own.unwrap_or(timeout)).await?.feed(Input::Code(code)).await }.await;
            (id, outcome.map_err(|error| error.to_string()), started)
        }
        Err(error) => (Value::Null, Err(error), Instant::now()),
    };
    let report = outcome.map_or_else(Report::failed, Report::new);
    json!({
        "id": id,
        "ok": report.error.is_none(),
        "stdout": report.stdout,
        "value": report.value,
        "final": report.answer,
        "error": report.error,
        "ms": started.elapsed().as_secs_f64() * 1e3,
    })
}

async fn open(arguments: &SandboxArguments, timeout: f64) -> Result<Box<dyn Sandbox>, ExecError> {
    let spec = SandboxSpec {
        authorized_imports: arguments.imports.clone(),
        time_per_block: Some(Duration::try_from_secs_f64(timeout).unwrap_or(Duration::MAX)),
        ..SandboxSpec::default()
    };
    arguments.executor()?.open(spec, &|text| anstream::eprintln!("{text}")).await
}

/// An outcome, taken apart for printing.
#[derive(Default)]
struct Report {
    stdout: String,
    value: Value,
    answer: Option<Value>,
    text: String,
    error: Option<String>,
}

impl Report {
    fn new(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Value { value, text, logs } => Self { stdout: logs, value, text, ..Self::default() },
            Outcome::FinalAnswer { value, text, logs } => {
                Self { stdout: logs, answer: Some(value), text, ..Self::default() }
            }
            Outcome::Raised { error, logs, .. } | Outcome::Lost { reason: error, logs } => {
                Self { stdout: logs, ..Self::failed(error) }
            }
            // No tools were offered, so there is nothing to call.
            Outcome::Call(call) => {
                Self::failed(format!("the code called `{}`, and there are no tools here", call.name))
            }
        }
    }

    fn failed(error: String) -> Self {
        Self { error: Some(error), ..Self::default() }
    }
}

fn read(file: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    if file.as_os_str() == "-" {
        std::io::stdin().read_to_end(&mut bytes).context("could not read standard input")?;
    } else {
        bytes = std::fs::read(file).with_context(|| format!("could not read `{}`", file.display()))?;
    }
    String::from_utf8(bytes).with_context(|| format!("`{}` is not UTF-8", file.display()))
}
