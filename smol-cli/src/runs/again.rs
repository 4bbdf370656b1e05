//! Runs that go on or go again: `smolagent runs resume`, `replay` and `fork`.

use super::show;
use crate::{
    Usage,
    arguments::{AgentArguments, Output, Overrides, RunsFolder},
    exit,
    keyboard::{self, Keyboard},
    recording::{agent_of, forked},
    run::{Shown, code, ctrl_c, follow},
    setup,
};
use anyhow::Context;
use smolagents::{
    Event, Live, Run, RunError,
    runs::{self, Change, Parent, Recorder, ReplayError, RunFile, TeeError},
};
use std::path::{Path, PathBuf};

/// Carries a run on, in its file.
pub async fn resume(path: &Path, overrides: Overrides) -> anyhow::Result<u8> {
    let (file, recorder) = Recorder::append(path)?;
    let id = &file.header.id;
    if file.is_over() {
        let hint = format!(
            "`smolagent runs show {id}` shows it, `smolagent runs fork {id} --at STEP` goes another way"
        );
        return Err(Usage(format!("the run `{id}` is over\n\nhint: {hint}")).into());
    }
    let arguments = arguments(&file, overrides)?;
    carry_on(file.run, recorder, &arguments).await
}

/// Runs the code again, prints the run as far as it goes as it did, and fails where it does not.
pub async fn replay(file: &RunFile) -> anyhow::Result<u8> {
    let executor = agent_of(&file.header).map(|agent| agent.sandbox).unwrap_or_default().executor()?;
    let replayed = runs::replay(file, &*executor).await;
    let same = match &replayed {
        Ok(()) => file.events.len(),
        Err(ReplayError::Diverged(divergence)) => divergence.index,
        Err(_) => 0,
    };
    show::print(file, same, false);
    replayed?;
    anstream::eprintln!("\nreplayed: all {same} events are as they were");
    Ok(exit::ANSWERED)
}

/// What is to be different in a fork.
pub fn change(edit_code: Option<PathBuf>, message: Option<String>) -> anyhow::Result<Option<Change>> {
    let Some(file) = edit_code else { return Ok(message.map(Change::Message)) };
    let code =
        std::fs::read_to_string(&file).with_context(|| format!("could not read `{}`", file.display()))?;
    Ok(Some(Change::Code(code)))
}

/// Begins a run with the first steps of another, and carries it on.
pub async fn fork(
    file: &RunFile,
    folder: &RunsFolder,
    step: u32,
    change: Option<Change>,
    overrides: Overrides,
) -> anyhow::Result<u8> {
    let events = runs::fork(file, step, change).map_err(|error| Usage(error.to_string()))?;
    let arguments = arguments(file, overrides)?;
    let parent = Parent { id: file.header.id.clone(), step };
    let mut recorder = forked(folder, parent, &arguments)?.deltas(true);
    let mut run = Run::default();
    for event in &events {
        recorder.record(event)?;
        run.apply(event);
    }
    anstream::eprintln!("forked as {}", recorder.id());
    carry_on(run, recorder.deltas(false), &arguments).await
}

/// The arguments that the run was begun with, or others in their place.
fn arguments(file: &RunFile, overrides: Overrides) -> anyhow::Result<AgentArguments> {
    let foreign = || {
        let id = &file.header.id;
        Usage(format!(
            "the run `{id}` was not begun by this command\n\nhint: the program that recorded it can resume it"
        ))
    };
    let mut arguments = agent_of(&file.header).ok_or_else(foreign)?;
    let Overrides { model, api_base, api_key, approve } = overrides;
    arguments.model = model.or(arguments.model);
    arguments.api_base = api_base.or(arguments.api_base);
    arguments.api_key = api_key;
    arguments.limits.approve = approve.unwrap_or(arguments.limits.approve);
    Ok(arguments)
}

async fn carry_on(mut run: Run, mut recorder: Recorder, arguments: &AgentArguments) -> anyhow::Result<u8> {
    let agent = setup::agent(arguments, keyboard::is_there().then(Keyboard::stdin)).await?;
    let mut shown = Shown::new(Output::Text, arguments.verbosity);
    let mut live = Live::default();
    let ended = {
        let events = recorder.tee(agent.drive_until(&mut run, &mut live, ctrl_c()));
        follow(events, |event: &Event| shown.event(event)).await
    };
    let ended = ended.map_err(|error| match error {
        TeeError::Run(failure) => TeeError::Run(RunError { failure, run: Some(Box::new(run)) }),
        TeeError::File(error) => TeeError::File(error),
    });
    shown.finish(&ended)?;
    code(ended, Some(recorder.id()))
}
