//! `smolagent run`: one task, shown as it goes.

use crate::{
    Usage,
    arguments::{AgentArguments, Output},
    exit, setup,
    text::Printer,
};
use anyhow::Context;
use futures::StreamExt;
use smolagents::{Agent, Event, Failure, Live, MemoryStep, Run, RunState};
use std::{io::Read, pin::pin};

/// Runs `task`, or what standard input holds.
pub async fn run(task: Option<String>, output: Output, arguments: &AgentArguments) -> anyhow::Result<u8> {
    let task = match task {
        Some(task) if task != "-" => task,
        _ => stdin_text()?,
    };
    let agent = setup::agent(arguments).await?;
    let mut run = agent.run(task).start().map_err(|failure| match failure {
        Failure::EmptyTask => anyhow::Error::new(Usage(failure.to_string())),
        other => other.into(),
    })?;
    if arguments.verbosity > 1 && output == Output::Text {
        print_prompt(&run);
    }
    let mut shown = Shown::new(output, arguments.verbosity);
    let ended = drive(&agent, &mut run, &mut Live::default(), |event| shown.event(event)).await;
    shown.finish(&run)?;
    code(ended, &run)
}

/// How a drive ended that did not fail.
pub enum Ended {
    /// By itself.
    Done,
    /// By Ctrl-C.
    Interrupted,
}

/// Drives `run` until it is done, fails, or Ctrl-C is pressed.
pub async fn drive(
    agent: &Agent,
    run: &mut Run,
    live: &mut Live,
    mut show: impl FnMut(&Event),
) -> Result<Ended, Failure> {
    let mut events = pin!(agent.drive(run, live));
    // One listener for the whole run: with a new one for each event, a Ctrl-C in between would be lost.
    let mut ctrl_c = pin!(tokio::signal::ctrl_c());
    loop {
        tokio::select! {
            biased;
            _ = &mut ctrl_c => return Ok(Ended::Interrupted),
            event = events.next() => match event {
                Some(event) => show(&event?),
                None => return Ok(Ended::Done),
            }
        }
    }
}

/// The exit code that says how the run ended.
fn code(ended: Result<Ended, Failure>, run: &Run) -> anyhow::Result<u8> {
    match ended? {
        Ended::Interrupted => {
            let steps = run.result().total_steps;
            anstream::eprintln!(
                "\ninterrupted after {steps} finished step{}",
                if steps == 1 { "" } else { "s" }
            );
            Ok(exit::INTERRUPTED)
        }
        Ended::Done if run.result().state == RunState::Answered => Ok(exit::ANSWERED),
        Ended::Done => Ok(exit::FAILED),
    }
}

/// What is printed of a run, and in which form.
struct Shown {
    output: Output,
    printer: Printer,
}

impl Shown {
    fn new(output: Output, verbosity: u8) -> Self {
        Self { output, printer: Printer::new(verbosity) }
    }

    fn event(&mut self, event: &Event) {
        match (self.output, event) {
            (Output::Text, event) => self.printer.print(event),
            (Output::Json, Event::Progress(text)) => anstream::eprintln!("{text}"),
            (Output::Json, _) => {}
            (Output::Events, event) => {
                if let Ok(line) = serde_json::to_string(event) {
                    anstream::println!("{line}");
                }
            }
        }
    }

    /// A cut run's result has the steps it had finished.
    fn finish(&mut self, run: &Run) -> anyhow::Result<()> {
        match self.output {
            Output::Text => self.printer.end_reply(),
            Output::Json => anstream::println!("{}", serde_json::to_string_pretty(&run.result())?),
            Output::Events => {}
        }
        Ok(())
    }
}

fn print_prompt(run: &Run) {
    for message in run.memory().iter().flat_map(MemoryStep::to_messages) {
        anstream::println!("[{:?}]\n{}\n", message.role, message.text());
    }
}

fn stdin_text() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("could not read the task from standard input")?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Usage(format!("the task on standard input is not UTF-8: byte {at} is invalid\n\nhint: convert it with `iconv -t UTF-8`")).into()
    })
}
