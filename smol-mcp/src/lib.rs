//! The Model Context Protocol, both ways: the tools, resources and prompts of other people's servers for our agents,
//! and our agents as a server for other people's programs.
//!
//! ```no_run
//! # #[cfg(feature = "client")]
//! # async fn connect() -> Result<(), smol_mcp::McpError> {
//! use smol_mcp::{Host, McpServers, ServerConfig};
//!
//! let everything = ServerConfig::command("everything", "npx", ["-y", "@modelcontextprotocol/server-everything"]);
//! let docs = ServerConfig::http("docs", "https://example.org/mcp");
//! let servers = McpServers::connect([everything, docs], Host::default()).await?;
//! let tools = servers.tools(); // for `AgentBuilder::tools`
//! # Ok(())
//! # }
//! ```
//!
//! The wire, its versions and its HTTP sessions are the work of `rmcp`, the protocol's own crate. What is ours is what
//! an agent needs beyond it: tools that a sandbox can call by name, limits for servers that misbehave, what a server
//! may ask of us in turn, and the way back after one has died. Types of `rmcp` do not show in this interface.
//!
//! A server is a stranger. Its words reach the model, so its tools are [`untrusted`](smol_core::tool::ToolSpec) unless
//! its configuration says otherwise; whether they write is its own claim, and believed only where it claims to write.

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "server")]
mod server;

#[cfg(feature = "client")]
#[doc(hidden)]
pub use client::strangers;
#[cfg(feature = "client")]
pub use client::{
    Answer, Content, Elicit, Elicitation, Form, Host, McpClient, McpServers, News, Prompt, PromptArgument,
    Reach, Resource, Sampling, ServerConfig,
};
#[cfg(feature = "oauth")]
pub use client::{ClientKey, SignIn};
#[cfg(feature = "client")]
pub use error::McpError;
#[cfg(feature = "server")]
pub use server::{ElicitApproval, HttpOptions, McpServer, ServeError};
