//! The `smolagent` command. It turns arguments into settings and events into text, and decides nothing.

mod approve;
mod arguments;
mod ask;
mod attachments;
mod batch;
mod chat;
mod config;
mod exec;
mod executors;
mod highlight;
mod hub;
mod keyboard;
mod limits;
mod lines;
mod mcp;
mod media;
mod models;
mod recording;
mod results;
mod run;
mod runs;
mod setup;
mod text;

use arguments::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

/// What the process exits with.
pub mod exit {
    /// The run was answered, or everything that was asked for was done.
    pub const ANSWERED: u8 = 0;
    /// Something failed on the way.
    pub const FAILED: u8 = 1;
    /// The command line or configuration is wrong; clap uses the same number.
    pub const USAGE: u8 = 2;
    /// Ctrl-C.
    pub const INTERRUPTED: u8 = 130;
}

/// An error of whoever gave the command.
#[derive(Debug)]
pub struct Usage(pub String);

impl std::fmt::Display for Usage {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return report(&error.into()),
    };
    let code = match runtime.block_on(dispatch(arguments.command)) {
        Ok(code) => ExitCode::from(code),
        Err(error) => report(&error),
    };
    // A sandbox or model that still works must not hold up the end of the process.
    runtime.shutdown_background();
    code
}

async fn dispatch(command: Command) -> anyhow::Result<u8> {
    match command {
        Command::Run { task, output, with, agent, record } => {
            run::run(task, output, &with, &agent, &record).await
        }
        Command::Chat { agent, record } => chat::chat(&agent, &record).await,
        Command::Batch { file, concurrency, agent, record } => {
            batch::batch(&file, concurrency.into(), &agent, &record).await
        }
        Command::Executors { measure } => executors::list(measure).await,
        Command::Mcp { command } => mcp::dispatch(command).await,
        Command::Models { command } => models::dispatch(&command),
        Command::Hub { command } => hub::dispatch(command).await,
        Command::Runs { command, folder } => runs::dispatch(command, &folder).await,
        Command::Exec { file, jsonl: false, timeout, sandbox } => exec::file(&file, timeout, &sandbox).await,
        Command::Exec { file, jsonl: true, timeout, sandbox } => exec::lines(&file, timeout, &sandbox).await,
    }
}

fn report(error: &anyhow::Error) -> ExitCode {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    anstream::eprintln!("{style}error:{style:#} {error:#}");
    ExitCode::from(if error.is::<Usage>() { exit::USAGE } else { exit::FAILED })
}
