//! The arguments of `smolagent hub`, and an agent by its kind or by where it lies.

use clap::{Args, Subcommand, ValueEnum};
use serde::{Deserialize, Serialize};
use smolagents::hub::{RepoName, SortBy};
use std::{fmt, path::PathBuf, str::FromStr};

/// What is done with what people share.
#[derive(Debug, Subcommand)]
pub enum HubCommand {
    /// Look for tools and agents that others share
    Search {
        /// Words of the name
        words: Vec<String>,
        /// Tags that it must have, such as tool or agent
        #[arg(long, value_delimiter = ',')]
        tag: Vec<String>,
        /// Whose it is
        #[arg(long)]
        author: Option<String>,
        /// What comes first
        #[arg(long, value_enum, default_value_t = Sort::Likes)]
        sort: Sort,
        /// How many are wanted at most
        #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
    },
    /// Show what a shared tool or agent is made of and what its code could reach; nothing of it is run
    Info {
        /// The repository as owner/name, or owner/name@revision
        repo: RepoName,
    },
    /// Fetch a tool or agent into a folder; nothing of it is run
    Pull {
        /// The repository as owner/name, or owner/name@revision
        repo: RepoName,
        /// The folder [default: the name of the repository]
        folder: Option<PathBuf>,
    },
    /// Share the tool or agent of a folder
    Push(PushArguments),
    /// Check the tool or agent of a folder: its files, its source, its examples in a sandbox; write its documentation page
    Check {
        /// The folder
        folder: PathBuf,
        /// Where its code runs; see `smolagent executors`
        #[arg(long, default_value = "wasm")]
        executor: String,
        /// Agree to install the Python packages that it needs
        #[arg(long)]
        install: bool,
        /// Leave README.md as it is
        #[arg(long)]
        no_page: bool,
    },
    /// Show what the folder of an agent holds
    Inspect {
        /// The folder
        folder: PathBuf,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// How a folder is shared.
#[derive(Debug, Args)]
pub struct PushArguments {
    /// The folder
    pub folder: PathBuf,
    /// The repository as owner/name; it is made if there is none
    pub repo: RepoName,
    /// A new repository is seen by its owner alone
    #[arg(long, conflicts_with = "public")]
    pub private: bool,
    /// A new repository is seen by everybody [default: as its owner's account is set]
    #[arg(long)]
    pub public: bool,
    /// Propose the change instead of making it
    #[arg(long)]
    pub create_pr: bool,
    /// What the commit says
    #[arg(long)]
    pub message: Option<String>,
}

/// An order of what was found.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Sort {
    Likes,
    Downloads,
    Updated,
}

impl From<Sort> for SortBy {
    fn from(sort: Sort) -> Self {
        match sort {
            Sort::Likes => Self::Likes,
            Sort::Downloads => Self::Downloads,
            Sort::Updated => Self::LastModified,
        }
    }
}

/// What `--agent` names: a kind of agent, or one that somebody wrote down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AgentSource {
    Code,
    ToolCalling,
    /// A folder, or a repository of the Hub.
    Shared(String),
}

impl FromStr for AgentSource {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "code" => Ok(Self::Code),
            "tool-calling" | "tool_calling" => Ok(Self::ToolCalling),
            _ if text.contains(['/', '\\']) || text.starts_with('.') => Ok(Self::Shared(text.to_owned())),
            _ if PathBuf::from(text).join("agent.json").exists() => Ok(Self::Shared(text.to_owned())),
            _ => {
                let near =
                    ["code", "tool-calling"].into_iter().find(|known| strsim::levenshtein(known, text) < 4);
                let near = near.map(|known| format!("did you mean `{known}`? ")).unwrap_or_default();
                Err(format!(
                    "{near}it is `code`, `tool-calling`, a folder with an `agent.json`, or a repository `owner/name`"
                ))
            }
        }
    }
}

impl TryFrom<String> for AgentSource {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        // What was recorded was good; the folder may be gone since.
        Ok(text.parse().unwrap_or(Self::Shared(text)))
    }
}

impl From<AgentSource> for String {
    fn from(source: AgentSource) -> Self {
        source.to_string()
    }
}

impl fmt::Display for AgentSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Code => "code",
            Self::ToolCalling => "tool_calling",
            Self::Shared(place) => place,
        })
    }
}
