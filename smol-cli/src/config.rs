//! The configuration file: what the command line leaves out.

use crate::Usage;
use anyhow::Context;
use serde::Deserialize;
use smolagents::guard::Rule;
use smolagents::models::provider::{Provider, Providers};
use std::{collections::BTreeMap, env, fs, path::PathBuf};

/// The content of `config.toml`; every entry may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// As `--model`.
    pub model: Option<String>,
    /// As `--api-base`.
    pub api_base: Option<String>,
    /// Rules about tool calls, the first that fits decides.
    #[serde(default)]
    pub policy: Vec<Rule>,
    /// MCP servers, as `[mcp.NAME]` with the keys of `mcpServers`. `--mcp NAME` picks them.
    #[serde(default)]
    pub mcp: BTreeMap<String, serde_json::Value>,
    /// Services of your own, as `[provider.NAME]`.
    #[serde(default)]
    pub provider: BTreeMap<String, Provider>,
}

impl Config {
    /// Reads `$XDG_CONFIG_HOME/smolagents/config.toml`, or `~/.config/smolagents/config.toml`; no file is no settings.
    pub fn load() -> anyhow::Result<Self> {
        let path = folder().map(|folder| folder.join("config.toml"));
        let Some(path) = path.filter(|path| path.exists()) else { return Ok(Self::default()) };
        let text =
            fs::read_to_string(&path).with_context(|| format!("could not read `{}`", path.display()))?;
        let wrong = |error| Usage(format!("`{}` is not valid\n\n{error}", path.display()));
        Ok(toml::from_str(&text).map_err(wrong)?)
    }
}

/// All services that models may be at: those that are known, and the configuration's own.
pub fn with_own(own: BTreeMap<String, Provider>) -> anyhow::Result<Providers> {
    Ok(own.into_iter().fold(Providers::known()?, |known, (id, provider)| known.with(id, provider)))
}

/// The folder of the configuration, and of what is kept beside it.
pub fn folder() -> Option<PathBuf> {
    let home = || env::home_dir().map(|home| home.join(".config"));
    let base =
        env::var_os("XDG_CONFIG_HOME").filter(|base| !base.is_empty()).map(PathBuf::from).or_else(home)?;
    Some(base.join("smolagents"))
}
