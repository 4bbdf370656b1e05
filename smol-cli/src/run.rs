//! `smolagent run`: one task, shown as it goes.

use crate::{
    Usage,
    arguments::{AgentArguments, Output},
    attachments::TaskArguments,
    exit,
    keyboard::{self, Keyboard},
    setup,
    text::Printer,
};
use anyhow::Context;
use futures::{StreamExt, stream::BoxStream};
use smolagents::{AgentRunResult, Event, Failure, MemoryStep, Run, RunError, RunState};
use std::io::Read;

/// Runs `task`, or what standard input holds.
pub async fn run(
    task: Option<String>,
    output: Output,
    with: &TaskArguments,
    arguments: &AgentArguments,
) -> anyhow::Result<u8> {
    let task = match task {
        Some(task) if task != "-" => task,
        _ => stdin_text()?,
    };
    let person = keyboard::is_there().then(Keyboard::stdin);
    let agent = setup::agent(arguments, person).await?;
    let mut shown = Shown::new(output, arguments.verbosity);
    let events = with.attach(agent.run(task)).until(ctrl_c()).stream();
    let ended = follow(events, |event| shown.event(event)).await;
    shown.finish(&ended)?;
    code(ended)
}

/// Ready when Ctrl-C is pressed.
pub async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Shows a run to its end.
pub async fn follow(
    mut events: BoxStream<'_, Result<Event, RunError>>,
    mut show: impl FnMut(&Event),
) -> Result<AgentRunResult, RunError> {
    let mut result = AgentRunResult::default();
    while let Some(event) = events.next().await {
        let event = event?;
        show(&event);
        if let Event::Done(done) = event {
            result = *done;
        }
    }
    Ok(result)
}

/// The exit code that says how the run ended.
fn code(ended: Result<AgentRunResult, RunError>) -> anyhow::Result<u8> {
    let error = match ended {
        Ok(result) => {
            return Ok(if result.state == RunState::Answered { exit::ANSWERED } else { exit::FAILED });
        }
        Err(error) => error,
    };
    match (&error.failure, &error.run) {
        (Failure::Interrupted, Some(run)) => {
            let steps = run.result().total_steps;
            anstream::eprintln!(
                "\ninterrupted after {steps} finished step{}",
                if steps == 1 { "" } else { "s" }
            );
            Ok(exit::INTERRUPTED)
        }
        (Failure::Start(start), _) => Err(Usage(start.to_string()).into()),
        _ => Err(error.failure.into()),
    }
}

/// What is printed of a run, and in which form.
struct Shown {
    output: Output,
    verbosity: u8,
    printer: Printer,
}

impl Shown {
    fn new(output: Output, verbosity: u8) -> Self {
        Self { output, verbosity, printer: Printer::new(verbosity) }
    }

    fn event(&mut self, event: &Event) {
        match (self.output, event) {
            (Output::Text, Event::Begin(run)) if self.verbosity > 1 => print_prompt(run),
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
    fn finish(&mut self, ended: &Result<AgentRunResult, RunError>) -> anyhow::Result<()> {
        let cut = |error: &RunError| error.run.as_ref().map(|run| run.result()).unwrap_or_default();
        match self.output {
            Output::Text => self.printer.end_reply(),
            Output::Json => anstream::println!(
                "{}",
                serde_json::to_string_pretty(&ended.as_ref().map_or_else(cut, Clone::clone))?
            ),
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
