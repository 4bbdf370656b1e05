//! The command line, as clap reads it. Names follow the original's command where it has them.

use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Agents that think in Python: a model writes code, a sandbox runs it, until the task is done.
#[derive(Debug, Parser)]
#[command(name = "smolagent", version, arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run one task and show each step
    Run {
        /// What to do; read from standard input if left out or `-`
        task: Option<String>,
        /// What to print: text for people, the result as JSON, or every event as a line of JSON
        #[arg(long, value_enum, default_value_t = Output::Text)]
        output: Output,
        #[command(flatten)]
        agent: AgentArguments,
        #[command(flatten)]
        record: RecordArguments,
    },
    /// Talk to an agent that remembers what was said and keeps its variables
    Chat {
        #[command(flatten)]
        agent: AgentArguments,
        #[command(flatten)]
        record: RecordArguments,
    },
    /// Run many tasks: JSON lines `{"id","task"}` in, one JSON line per finished run out
    Batch {
        /// A file of JSON lines, or `-` for standard input
        file: PathBuf,
        /// How many runs at a time
        #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..))]
        concurrency: u16,
        #[command(flatten)]
        agent: AgentArguments,
        #[command(flatten)]
        record: RecordArguments,
    },
    /// List, show, resume, replay, fork and test recorded runs
    Runs {
        #[command(subcommand)]
        command: RunsCommand,
        #[command(flatten)]
        folder: RunsFolder,
    },
    /// Run Python in a sandbox, without a model
    Exec {
        /// A Python file, or `-` for standard input
        #[arg(default_value = "-")]
        file: PathBuf,
        /// Read JSON lines `{"id","code","timeout"?}` and run each in a fresh session
        #[arg(long)]
        jsonl: bool,
        /// Seconds a block may run
        #[arg(long, default_value_t = 30.0, value_parser = seconds)]
        timeout: f64,
        #[command(flatten)]
        sandbox: SandboxArguments,
    },
}

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
}

/// Where recorded runs are.
#[derive(Debug, Clone, Args)]
pub struct RunsFolder {
    /// The folder of recorded runs [default: smolagents/runs in XDG_STATE_HOME, or in ~/.local/state]
    #[arg(long, global = true, env = "SMOLAGENTS_RUNS", hide_env_values = true, value_name = "DIR")]
    pub runs: Option<PathBuf>,
}

/// Whether and where runs are recorded.
#[derive(Debug, Clone, Args)]
pub struct RecordArguments {
    #[command(flatten)]
    pub folder: RunsFolder,
    /// Record nothing
    #[arg(long)]
    pub no_record: bool,
}

/// What an agent is made of. A recorded run keeps it, to be resumed by the same agent.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct AgentArguments {
    /// The model as `provider/model`, `local` or `local/FILE.gguf`
    /// [default: from the configuration, then SMOLAGENT_MODEL, then `local`]
    #[arg(long, visible_alias = "model-id")]
    pub model: Option<String>,
    /// Address of an OpenAI-compatible server, such as http://localhost:8000/v1
    #[arg(long)]
    pub api_base: Option<String>,
    /// Key for the model's service [default: the provider's environment variable]
    #[arg(long, hide_env_values = true)]
    #[serde(skip)]
    pub api_key: Option<String>,
    /// Whether the agent writes code or calls tools
    #[arg(long, visible_alias = "action-type", value_enum, default_value_t = AgentKind::Code)]
    pub agent: AgentKind,
    /// Tools to give the agent, separated by commas: web_search, visit_webpage, python_interpreter
    #[arg(long, value_delimiter = ',')]
    pub tools: Vec<String>,
    /// How many times the model may act before it must answer
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_steps: u32,
    /// Rules to add to the system prompt
    #[arg(long)]
    pub instructions: Option<String>,
    /// 0: the answer only; 1: the steps; 2: the prompt and reasoning too
    #[arg(long, visible_alias = "verbosity-level", default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=2))]
    pub verbosity: u8,
    #[command(flatten)]
    pub sandbox: SandboxArguments,
}

/// Where code runs.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct SandboxArguments {
    /// The sandbox that runs the code
    #[arg(long, visible_alias = "executor-type", default_value = "wasm")]
    pub executor: String,
    /// The only modules that code may import, separated by commas [default: all of the standard library]
    #[arg(long, value_delimiter = ',')]
    pub imports: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentKind {
    Code,
    #[value(alias = "tool_calling")]
    ToolCalling,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    Text,
    Json,
    Events,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    if seconds > 0.0 && seconds <= 86_400.0 {
        Ok(seconds)
    } else {
        Err("must be above 0 and at most 86400".into())
    }
}
