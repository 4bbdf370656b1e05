//! `smolagent chat`: task after task on one run, whose memory and variables stay.

use crate::{
    arguments::{AgentArguments, RecordArguments},
    exit,
    recording::{Recording, resume_hint, tee},
    run::{ctrl_c, follow},
    setup,
    text::Printer,
};
use smolagents::{Failure, runs::TeeError};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines, Stdin};

/// Reads tasks from standard input until its end, `exit`, or Ctrl-C at the prompt. Ctrl-C in a run stops that run.
pub async fn chat(arguments: &AgentArguments, record: &RecordArguments) -> anyhow::Result<u8> {
    let arguments = &setup::resolved(arguments)?;
    let agent = setup::agent(arguments).await?;
    let (recording, mut recorder) = (Recording::new(record, arguments), None);
    anstream::eprintln!("Ctrl-C stops a run, Ctrl-D ends the chat");
    let (mut session, mut is_cut) = (agent.session(), false);
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(task) = next_task(&mut lines).await? {
        let mut printer = Printer::new(arguments.verbosity);
        let events = session.run(task).until(ctrl_c()).stream();
        let events = recording.begin(events, &mut recorder).await;
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
    if let Some(recorder) = recorder.filter(|_| is_cut) {
        anstream::eprintln!("{}", resume_hint(recorder.id()));
    }
    Ok(exit::ANSWERED)
}

async fn next_task(lines: &mut Lines<BufReader<Stdin>>) -> anyhow::Result<Option<String>> {
    loop {
        let mut stderr = tokio::io::stderr();
        stderr.write_all(b"\n> ").await?;
        stderr.flush().await?;
        let line = tokio::select! {
            line = lines.next_line() => line?,
            _ = tokio::signal::ctrl_c() => None,
        };
        match line.as_deref().map(str::trim) {
            None | Some("exit" | "quit") => return Ok(None),
            Some("") => {}
            Some(task) => return Ok(Some(task.to_owned())),
        }
    }
}
