//! `smolagent chat`: task after task on one run, whose memory and variables stay.

use crate::{
    arguments::AgentArguments,
    exit,
    keyboard::{self, Keyboard},
    run::{ctrl_c, follow},
    setup,
    text::Printer,
};
use smolagents::Failure;
use tokio::io::AsyncWriteExt;

/// Reads tasks from standard input until its end, `exit`, or Ctrl-C at the prompt. Ctrl-C in a run stops that run.
pub async fn chat(arguments: &AgentArguments) -> anyhow::Result<u8> {
    let keyboard = Keyboard::stdin();
    let person = keyboard::is_there().then(|| keyboard.clone());
    let agent = setup::agent(arguments, person).await?;
    anstream::eprintln!("Ctrl-C stops a run, Ctrl-D ends the chat");
    let mut session = agent.session();
    while let Some(task) = next_task(&keyboard).await? {
        let mut printer = Printer::new(arguments.verbosity);
        let events = session.run(task).until(ctrl_c()).stream();
        let ended = follow(events, |event| printer.print(event)).await;
        printer.end_reply();
        match ended.map_err(|error| error.failure) {
            Ok(_) => {}
            Err(Failure::Interrupted) => anstream::eprintln!("\ninterrupted; say what to do next"),
            // The conversation outlives a failure: the next task may well work.
            Err(failure) => anstream::eprintln!("error: {failure}"),
        }
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
