//! The command line about MCP: servers for an agent, and agents as a server.

use super::AgentArguments;
use crate::{Usage, setup::usage};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smolagents::mcp::ServerConfig;
use std::{collections::BTreeMap, net::SocketAddr};

/// The servers whose tools an agent gets.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[serde(default)]
pub struct McpArguments {
    /// An MCP server: a command ("npx -y some-server"), an address, a JSON file with `mcpServers`, or a name of the
    /// configuration; may be given several times
    #[arg(long, value_name = "SERVER")]
    pub mcp: Vec<String>,
    /// How many times MCP servers may ask the agent's model
    #[arg(long, value_name = "REQUESTS", default_value_t = 0)]
    pub mcp_sampling: u32,
    /// A folder that MCP servers are told the work is in; may be given several times
    #[arg(long, value_name = "PATH")]
    pub mcp_root: Vec<String>,
}

impl McpArguments {
    /// The servers that are meant; names are looked up among those of the configuration.
    pub fn servers(&self, configured: &BTreeMap<String, Value>) -> Result<Vec<ServerConfig>, Usage> {
        let server = |argument: &String| match configured.get_key_value(argument) {
            Some((name, entry)) => {
                ServerConfig::from_entries("the configuration", [(name.clone(), entry.clone())])
            }
            None => ServerConfig::parse(argument),
        };
        let servers: Result<Vec<_>, _> = self.mcp.iter().map(server).collect();
        Ok(servers.map_err(usage)?.into_iter().flatten().collect())
    }
}

/// What is done with MCP.
#[derive(Debug, Subcommand)]
pub enum McpCommand {
    /// List the tools, resources and prompts of servers
    List {
        /// A command, an address, a JSON file with `mcpServers`, or a name of the configuration
        #[arg(required = true)]
        servers: Vec<String>,
    },
    /// Serve an agent, and tools, to a program that speaks MCP: over standard input and output, or over HTTP
    Serve {
        /// Tools to offer by themselves, separated by commas
        #[arg(long, value_delimiter = ',')]
        offer: Vec<String>,
        /// Offer no agent
        #[arg(long, requires = "offer")]
        no_agent: bool,
        /// What the agent is for, for the model that may call it
        #[arg(long)]
        description: Option<String>,
        /// Serve over HTTP at this address, such as 127.0.0.1:8000
        #[arg(long, value_name = "ADDRESS")]
        http: Option<SocketAddr>,
        /// What requests over HTTP must carry, as `Authorization: Bearer TOKEN`
        #[arg(long, env = "SMOLAGENT_MCP_TOKEN", hide_env_values = true)]
        token: Option<String>,
        /// A name that the server is reached by over HTTP, beside those of this machine; may be given several times
        #[arg(long, value_name = "NAME")]
        host: Vec<String>,
        /// A web page that may use the server, such as `https://app.example.org:443`; may be given several times
        #[arg(long, value_name = "ORIGIN")]
        origin: Vec<String>,
        #[command(flatten)]
        agent: Box<AgentArguments>,
    },
}
