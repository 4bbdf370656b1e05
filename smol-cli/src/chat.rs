//! `smolagent chat`: task after task on one run, whose memory and variables stay.

use crate::{
    arguments::{AgentArguments, RecordArguments},
    exit,
    keyboard::{self, Keyboard},
    recording::{Recording, resume_hint, tee},
    run::{ctrl_c, follow},
    setup,
    text::Printer,
};
use smolagents::{Failure, runs::TeeError};
use tokio::io::AsyncWriteExt;

/// Reads tasks from standard input until its end, `exit`, or Ctrl-C at the prompt. Ctrl-C in a run stops that run.
pub async fn chat(arguments: &AgentArguments, record: &RecordArguments) -> anyhow::Result<u8> {
    let arguments = &setup::resolved(arguments)?;
    let keyboard = Keyboard::stdin();
    let person = keyboard::is_there().then(|| keyboard.clone());
    let agent = setup::agent(arguments, person).await?;
    let (recording, mut recorder) = (Recording::new(record, arguments)?, None);
    anstream::eprintln!("Ctrl-C stops a run, Ctrl-D ends the chat");
    let (mut session, mut is_cut) = (agent.session(), false);
    while let Some(task) = next_task(&keyboard).await? {
        let mut printer = Printer::new(arguments.verbosity);
        let before = session.history().cloned().unwrap_or_default();
        let events = session.run(task).until(ctrl_c()).stream();
        let events = recording.begin(before, events, &mut recorder).await;
        let ended = follow(tee(events, recorder.as_mut()), |event| printer.print(event)).await;
        printer.end_reply();
        is_cut = ended.is_err();
        match ended {
            Ok(_) => {}
            Err(TeeError::File(error)) => return Err(error.into()),
            Err(TeeError::Run(error)) if error.failure == Failure::Interrupted => {
                anstream::eprintln!("\ninterrupted; say what to do next");
            }
            // The conversation outlives a failure: the next task may well work.
            Err(TeeError::Run(error)) => anstream::eprintln!("error: {}", error.failure),
        }
    }
    recording.flush().await;
    if let Some(recorder) = recorder.filter(|_| is_cut) {
        anstream::eprintln!("{}", resume_hint(recorder.id()));
    }
    Ok(exit::ANSWERED)
}

async fn next_task(keyboard: &Keyboard) -> anyhow::Result<Option<String>> {
    loop {
        let mut stderr = tokio::io::stderr();
        stderr.write_all(b"\n> ").await?;
        stderr.flush().await?;
        let line = tokio::select! {
            line = keyboard.line() => line?,
            _ = tokio::signal::ctrl_c() => None,
        };
        match line.as_deref().map(str::trim) {
            None | Some("exit" | "quit") => return Ok(None),
            Some("") => {}
            Some(task) => return Ok(Some(task.to_owned())),
        }
    }
}
