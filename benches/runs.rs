//! What it costs that runs are recorded: a step with and without, turn about; what it takes to resume a run of ten steps
//! beside running its code again; how much a paused run holds. `cargo xtask bench runs`.

#![expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark prints its figures, of its own data"
)]

mod script;

use anyhow::{Context, ensure};
use futures::{StreamExt, TryStreamExt};
use script::STEPS;
use serde_json::{Value, json};
use smolagents::{
    Agent, CodeAgent, Event, Live, Run,
    exec::{Executor, Input},
    executors::Wasm,
    message::Role,
    models::scripted::{FunctionModel, text},
    runs::{Header, Recorder, RunFile},
};
use std::{path::Path, time::Instant};

const RUNS: usize = 100;
const NUMBER: &str = "7";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = std::env::temp_dir().join(format!("smolagents-bench-{}", std::process::id()));
    let measured = measure(&folder).await;
    std::fs::remove_dir_all(&folder)?;
    println!("{}", measured?);
    Ok(())
}

async fn measure(folder: &Path) -> anyhow::Result<Value> {
    let agent = agent()?;
    plain(&agent).await?; // The first run compiles and loads.
    let (mut without, mut with, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        without.push(plain(&agent).await?);
        let (steps, end) = recorded(&agent, folder).await?;
        with.push(steps);
        ends.push(end);
    }
    ends.sort_by(f64::total_cmp);
    let (without, with) = (fastest(without), fastest(with));
    let step = |seconds: f64| round(seconds * 1e3 / STEPS as f64);
    let file = std::fs::read_dir(folder)?.next().context("nothing was recorded")??.path();
    let (resume, code, bytes) = resumed(&file).await?;
    Ok(json!({
        "ms_per_step": step(without),
        "ms_per_recorded_step": step(with),
        "recording_percent": round((with / without - 1.0) * 100.0),
        "disk_at_end_of_run_ms": round(ends[RUNS / 2] * 1e3),
        "resume_ms": round(resume * 1e3),
        "of_which_code_ms": round(code * 1e3),
        "paused_run_kb": round(bytes as f64 / 1e3),
        "file_kb": round(std::fs::metadata(&file)?.len() as f64 / 1e3),
    }))
}

/// Says the next block of the script.
fn agent() -> anyhow::Result<Agent> {
    let model = FunctionModel::new(|request| {
        let said = request.messages.iter().filter(|message| message.role == Role::Assistant).count();
        text(format!("Thought: on it.\n<code>\n{}\n</code>", script::block(said, NUMBER)))
    });
    Ok(CodeAgent::builder(model).build()?)
}

async fn plain(agent: &Agent) -> anyhow::Result<f64> {
    let started = Instant::now();
    let result = agent.run("Work it out.").await?;
    ensure!(result.total_steps == STEPS && result.success, "{result:?}");
    Ok(started.elapsed().as_secs_f64())
}

/// Seconds of a recorded run, and those for which its end waits for the disk.
async fn recorded(agent: &Agent, folder: &Path) -> anyhow::Result<(f64, f64)> {
    let started = Instant::now();
    let mut recorder = Recorder::create(folder, Header::new(Value::Null))?;
    recorder.tee(agent.run("Work it out.").stream()).try_for_each(|_| async { Ok(()) }).await?;
    let (steps, ended) = (started.elapsed().as_secs_f64(), Instant::now());
    drop(recorder);
    Ok((steps, ended.elapsed().as_secs_f64()))
}

/// Seconds from a file whose run was cut before its last step to the moment at which the model can be asked for it, those
/// which running its code again takes by itself, and the bytes of the run as data.
async fn resumed(file: &Path) -> anyhow::Result<(f64, f64, usize)> {
    let lines = std::fs::read_to_string(file)?;
    let asked = lines.rfind("{\"type\":\"ask\"").context("no model was asked")?;
    std::fs::write(file, &lines[..asked])?;
    let (mut resumes, mut codes, mut bytes) = (Vec::new(), Vec::new(), 0);
    for _ in 0..RUNS {
        let (agent, started) = (agent()?, Instant::now());
        let mut loaded = RunFile::load(file)?;
        let mut live = Live::default();
        let mut events = agent.drive(&mut loaded.run, &mut live);
        while !matches!(events.next().await.context("it is over")??, Event::Ask { .. }) {}
        resumes.push(started.elapsed().as_secs_f64());
        drop(events);
        ensure!(loaded.run.steps().count() == STEPS - 1, "{:?}", loaded.run);
        codes.push(code_alone(&loaded.run).await?);
        bytes = serde_json::to_vec(&loaded.run)?.len();
    }
    Ok((fastest(resumes), fastest(codes), bytes))
}

async fn code_alone(run: &Run) -> anyhow::Result<f64> {
    let (executor, started) = (Wasm::new(), Instant::now());
    let mut sandbox = executor.open(run.sandbox().clone(), &|_| {}).await?;
    for step in 0..STEPS - 1 {
        let code = script::block(step, NUMBER);
        sandbox.feed(Input::Code(code)).await?;
    }
    Ok(started.elapsed().as_secs_f64())
}

/// The least of them: what else the machine does only adds.
fn fastest(seconds: Vec<f64>) -> f64 {
    seconds.into_iter().fold(f64::INFINITY, f64::min)
}

fn round(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}
