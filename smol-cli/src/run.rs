//! `smolagent run`: one task, shown as it goes.

use crate::{
    Usage,
    arguments::{AgentArguments, Output, RecordArguments},
    attachments::TaskArguments,
    exit,
    keyboard::{self, Keyboard},
    recording::{Recording, resume_hint, tee},
    setup,
    text::Printer,
};
use anyhow::Context;
use futures::{StreamExt, stream::BoxStream};
use smolagents::{
    AgentRunResult, Event, Failure, MemoryStep, Run, RunError, RunState,
    message::Message,
    runs::{Recorder, TeeError},
};
use std::io::Read;

/// Runs `task`, or what standard input holds.
pub async fn run(
    task: Option<String>,
    output: Output,
    with: &TaskArguments,
    arguments: &AgentArguments,
    record: &RecordArguments,
) -> anyhow::Result<u8> {
    let task = match task {
        Some(task) if task != "-" => task,
        _ => stdin_text()?,
    };
    let arguments = &setup::resolved(arguments)?;
    let person = keyboard::is_there().then(Keyboard::stdin);
    let agent = setup::agent(arguments, person).await?;
    let (recording, mut recorder) = (Recording::new(record, arguments)?, None);
    let mut shown = Shown::new(output, arguments.verbosity);
    let events = with.attach(agent.run(task)).until(ctrl_c()).stream();
    let events = recording.begin(Run::default(), events, &mut recorder).await;
    let ended = follow(tee(events, recorder.as_mut()), |event| shown.event(event)).await;
    shown.finish(&ended)?;
    recording.flush().await;
    code(ended, recorder.as_ref().map(Recorder::id))
}

/// Ready when Ctrl-C is pressed.
pub async fn ctrl_c() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// How a run that may have been recorded ended.
pub type Ended = Result<AgentRunResult, TeeError<RunError>>;

/// Shows a run to its end.
pub async fn follow<E>(
    mut events: BoxStream<'_, Result<Event, E>>,
    mut show: impl FnMut(&Event),
) -> Result<AgentRunResult, E> {
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

/// The exit code that says how the run ended. Of a recorded run that was cut, it says how to carry it on.
pub fn code(ended: Ended, recorded: Option<&str>) -> anyhow::Result<u8> {
    let error = match ended {
        Ok(result) => {
            return Ok(if result.state == RunState::Answered { exit::ANSWERED } else { exit::FAILED });
        }
        Err(TeeError::File(error)) => return Err(error.into()),
        Err(TeeError::Run(error)) => error,
    };
    let hint = recorded.map(resume_hint).unwrap_or_default();
    match (&error.failure, &error.run) {
        (Failure::Interrupted, Some(run)) => {
            let steps = run.result().total_steps;
            let s = if steps == 1 { "" } else { "s" };
            anstream::eprintln!("\ninterrupted after {steps} finished step{s}");
            if !hint.is_empty() {
                anstream::eprintln!("{hint}");
            }
            Ok(exit::INTERRUPTED)
        }
        (Failure::Start(start), _) => Err(Usage(start.to_string()).into()),
        (failure, _) if hint.is_empty() => Err(failure.clone().into()),
        (failure, _) => {
            let text = failure.to_string();
            let gap = if text.contains("\n\nhint: ") { "\n" } else { "\n\n" };
            Err(anyhow::anyhow!("{text}{gap}{hint}"))
        }
    }
}

/// What is printed of a run, and in which form.
pub struct Shown {
    output: Output,
    verbosity: u8,
    printer: Printer,
}

impl Shown {
    pub fn new(output: Output, verbosity: u8) -> Self {
        Self { output, verbosity, printer: Printer::new(verbosity) }
    }

    pub fn event(&mut self, event: &Event) {
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

    /// Ends the line of a reply that was cut.
    pub fn end_reply(&mut self) {
        self.printer.end_reply();
    }

    /// A cut run's result has the steps it had finished.
    pub fn finish(&mut self, ended: &Ended) -> anyhow::Result<()> {
        let cut = |error: &TeeError<RunError>| match error {
            TeeError::Run(RunError { run: Some(run), .. }) => run.result(),
            _ => AgentRunResult::default(),
        };
        match self.output {
            Output::Text => self.end_reply(),
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
    run.memory().iter().flat_map(MemoryStep::to_messages).for_each(|message| print_message(&message));
}

/// Prints a message as the model is shown it.
pub fn print_message(message: &Message) {
    anstream::println!("[{:?}]\n{}\n", message.role, message.text());
}

fn stdin_text() -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).context("could not read the task from standard input")?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Usage(format!("the task on standard input is not UTF-8: byte {at} is invalid\n\nhint: convert it with `iconv -t UTF-8`")).into()
    })
}
