//! The command line, as clap reads it. Names follow the original's command where it has them.

mod hub;
mod mcp;
mod runs;
mod sandbox;

pub use hub::{AgentSource, HubCommand, PushArguments};
pub use mcp::{McpArguments, McpCommand};
pub use runs::{Overrides, RecordArguments, RunsCommand, RunsFolder};
pub use sandbox::SandboxArguments;

use crate::{attachments::TaskArguments, limits::LimitArguments};
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
        with: TaskArguments,
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
    /// List the services and models that can be asked, and show what is known of one
    Models {
        #[command(subcommand)]
        command: ModelsCommand,
    },
    /// Look at MCP servers, or serve agents and tools as one
    Mcp {
        #[command(subcommand)]
        command: McpCommand,
    },
    /// List where code can run, what of it is on this machine, and how to get the rest
    Executors {
        /// Start each that is here once, and tell how long that takes
        #[arg(long)]
        measure: bool,
    },
    /// List, show, resume, replay, fork and test recorded runs
    Runs {
        #[command(subcommand)]
        command: RunsCommand,
        #[command(flatten)]
        folder: RunsFolder,
    },
    /// Find, look at, fetch, check and share tools and agents
    Hub {
        #[command(subcommand)]
        command: HubCommand,
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

/// What is told about models.
#[derive(Debug, Subcommand)]
pub enum ModelsCommand {
    /// All services, or the models of one of them whose windows and prices are known
    List {
        /// A service, such as `groq`
        provider: Option<String>,
    },
    /// The address, key and figures of a model
    Show {
        /// The model as `provider/model`, or a well-known name
        id: String,
    },
}

/// What an agent is made of. A recorded run keeps it, to be resumed by the same agent.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
pub struct AgentArguments {
    /// The model as `provider/model`, `local`, or `local/` and a GGUF file, a folder or a repository of the Hub
    /// [default: from the configuration, then SMOLAGENT_MODEL, then `local`]
    #[arg(long, visible_alias = "model-id")]
    pub model: Option<String>,
    /// Address of an OpenAI-compatible server, such as http://localhost:8000/v1
    #[arg(long)]
    pub api_base: Option<String>,
    /// Service that has the model, where the id does not say so
    #[arg(long)]
    #[serde(default)]
    pub provider: Option<String>,
    /// Key for the model's service [default: the provider's environment variable]
    #[arg(long, hide_env_values = true)]
    #[serde(skip)]
    pub api_key: Option<String>,
    /// Whether the agent writes code or calls tools (`code`, `tool-calling`), or an agent that was saved: its folder, or its
    /// repository as owner/name
    #[arg(long, visible_alias = "action-type", default_value_t = AgentSource::Code)]
    pub agent: AgentSource,
    /// Use tools and agents of the Hub without asking; their code runs in a sandbox all the same
    #[arg(long)]
    #[serde(default)]
    pub trust: bool,
    /// Agree to install the Python packages that they need
    #[arg(long)]
    #[serde(default)]
    pub install: bool,
    /// What the agent is called
    #[arg(long)]
    pub name: Option<String>,
    /// Tools to give the agent, separated by commas: web_search, visit_webpage, wikipedia_search, python_interpreter,
    /// user_input; with what they may reach: read_file=DIR, write_file=DIR, list_files=DIR, search_files=DIR,
    /// http_request=HOST+HOST, query_sql=FILE; another engine: web_search=brave; or of the Hub as owner/name
    #[arg(long, value_delimiter = ',')]
    pub tools: Vec<String>,
    #[command(flatten)]
    #[serde(default)]
    pub mcp: McpArguments,
    /// How many times the model may act before it must answer [default: 10, or what a saved agent says]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_steps: Option<u32>,
    /// Rules to add to the system prompt
    #[arg(long)]
    pub instructions: Option<String>,
    /// 0: the answer only; 1: the steps; 2: the prompt and reasoning too
    #[arg(long, visible_alias = "verbosity-level", default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=2))]
    pub verbosity: u8,
    #[command(flatten)]
    #[serde(default)]
    pub limits: LimitArguments,
    #[command(flatten)]
    pub sandbox: SandboxArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    Text,
    Json,
    Events,
}

/// A number of seconds, of a day at the most.
pub fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    if seconds > 0.0 && seconds <= 86_400.0 {
        Ok(seconds)
    } else {
        Err("must be above 0 and at most 86400".into())
    }
}
