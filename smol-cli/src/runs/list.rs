//! `smolagent runs list`.

use super::find;
use crate::{arguments::RunsFolder, exit, recording};
use serde_json::{Value, json};
use smolagents::{MemoryStep, runs::RunFile};

/// Letters of a task that are shown.
const TASK: usize = 60;

/// Prints every run of the folder, newest first. What cannot be read is told of and does not hide the rest.
pub fn list(folder: &RunsFolder, json: bool) -> anyhow::Result<u8> {
    let mut code = exit::ANSWERED;
    for path in find::all(&recording::folder(folder)?)? {
        match RunFile::load(path) {
            Ok(file) if json => anstream::println!("{}", entry(&file)),
            Ok(file) => anstream::println!("{}", line(&file)),
            Err(error) => {
                anstream::eprintln!("error: {error}");
                code = exit::FAILED;
            }
        }
    }
    Ok(code)
}

fn entry(file: &RunFile) -> Value {
    let (header, result, tokens) = (&file.header, file.run.result(), file.run.token_usage());
    json!({
        "id": header.id,
        "created": header.created,
        "state": state(file),
        "steps": file.run.steps().count(),
        "tokens": tokens.input_tokens + tokens.output_tokens,
        "task": task(file),
        "answer": result.text,
        "parent": header.parent,
        "path": file.path,
    })
}

fn line(file: &RunFile) -> String {
    let tokens = file.run.token_usage();
    let tokens = tokens.input_tokens + tokens.output_tokens;
    let when = file.header.created.replace('T', " ");
    let when: String = when.chars().take("2026-11-22 16:18".len()).collect();
    let steps = file.run.steps().count();
    let (id, state, s) = (&file.header.id, state(file), if steps == 1 { " " } else { "s" });
    format!("{id}  {when}  {state:<11}  {steps:>3} step{s}  {tokens:>7} tokens  {}", cut(&task(file)))
}

/// How the run stands, as events name it; `unfinished` if it was cut.
fn state(file: &RunFile) -> String {
    let state = serde_json::to_value(file.run.state()).unwrap_or_default();
    let named = state.as_str().filter(|name| *name != "running").unwrap_or("unfinished");
    named.to_owned()
}

/// The task that the run began with.
fn task(file: &RunFile) -> String {
    let task = file.run.memory().iter().find_map(|step| match step {
        MemoryStep::Task(task) => Some(task.task.clone()),
        _ => None,
    });
    task.unwrap_or_default()
}

/// The first words, on one line.
fn cut(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(TASK) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default().trim_end()),
        None => line,
    }
}
