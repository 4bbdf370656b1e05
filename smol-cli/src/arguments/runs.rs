//! What the command line says of recorded runs.

use crate::approve::Approve;
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// List the recorded runs, newest first
    List {
        /// As JSON, one run a line
        #[arg(long)]
        json: bool,
    },
    /// Print a run as it was
    Show {
        #[command(flatten)]
        run: RunName,
        /// Print every message that the model was shown, too
        #[arg(long)]
        detailed: bool,
    },
    /// Carry on a run that was interrupted, failed or was cut
    Resume {
        #[command(flatten)]
        run: RunName,
        #[command(flatten)]
        overrides: Overrides,
    },
    /// Run the code of a run again, without its model and tools, and compare
    Replay {
        #[command(flatten)]
        run: RunName,
    },
    /// Begin a new run that shares a run's first steps
    Fork {
        #[command(flatten)]
        run: RunName,
        /// The last step they share, from 1, within the run's last task
        #[arg(long, value_name = "STEP")]
        at: u32,
        /// A file of Python that runs in the place of that step's code
        #[arg(long, value_name = "FILE", conflicts_with = "message")]
        edit_code: Option<PathBuf>,
        /// A word to the model after that step
        #[arg(long, value_name = "TEXT")]
        message: Option<String>,
        #[command(flatten)]
        overrides: Overrides,
    },
    /// Write a Rust test that replays a run
    Test {
        #[command(flatten)]
        run: RunName,
        /// The test's file; the run is copied into the folder `runs` beside it [default: tests/run_ID.rs]
        path: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub struct RunName {
    /// The run: its id or the beginning of it, a file, or `last`
    #[arg(value_name = "ID")]
    pub name: String,
}

/// What is other than it was when the run began.
#[derive(Debug, Args)]
pub struct Overrides {
    /// Another model
    #[arg(long, visible_alias = "model-id")]
    pub model: Option<String>,
    /// Another address of an OpenAI-compatible server
    #[arg(long)]
    pub api_base: Option<String>,
    /// Key for the model's service, which is never recorded [default: the provider's environment variable]
    #[arg(long)]
    pub api_key: Option<String>,
    /// Which tool calls you are asked about from now on
    #[arg(long, value_enum, hide_possible_values = true, value_name = "ask|writes|all")]
    pub approve: Option<Approve>,
}

/// Where recorded runs are.
#[derive(Debug, Clone, Args)]
pub struct RunsFolder {
    /// The folder of recorded runs [default: smolagents/runs in XDG_STATE_HOME, or in ~/.local/state]
    #[arg(long, global = true, env = "SMOLAGENTS_RUNS", hide_env_values = true, value_name = "DIR")]
    pub runs: Option<PathBuf>,
}

/// Whether and where runs are recorded and traced.
#[derive(Debug, Clone, Args)]
pub struct RecordArguments {
    #[command(flatten)]
    pub folder: RunsFolder,
    /// Record nothing
    #[arg(long)]
    pub no_record: bool,
    /// Send traces by OTLP over HTTP, such as to http://localhost:6006/v1/traces [default address: as the
    /// OTEL_EXPORTER_OTLP_* variables say]
    #[arg(long, value_name = "URL", num_args = 0..=1, default_missing_value = "")]
    pub otel: Option<String>,
}
