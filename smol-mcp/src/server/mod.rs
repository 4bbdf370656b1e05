//! The server: agents and tools of ours for whatever program speaks the protocol.
//!
//! An agent is one tool, which takes a task. Its steps are told as progress, a cancelled call stops its run, and what
//! needs somebody's word is asked of the person at the other end ([`ElicitApproval`]).

mod agent;
mod approval;
mod content;
mod handler;
mod http;
mod tool;
mod waiting;

pub use approval::ElicitApproval;
pub use http::HttpOptions;

use handler::{Handler, Offer};
use rmcp::ServiceExt;
use smol_core::{agent::Agent, tool::Tool};
use std::{collections::HashMap, io, sync::Arc};
use tokio::io::{AsyncRead, AsyncWrite};

/// Agents and tools, to be served.
///
/// ```no_run
/// # async fn serve(agent: smol_core::agent::Agent) -> Result<(), smol_mcp::ServeError> {
/// smol_mcp::McpServer::new("research").agent(agent).serve_stdio().await
/// # }
/// ```
#[derive(Default)]
pub struct McpServer {
    name: String,
    instructions: Option<String>,
    offers: Vec<Offer>,
}

/// Why a server could not begin, or ended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// There is nothing to serve.
    #[error("a server needs an agent or a tool\n\nhint: name one")]
    Nothing,
    /// Two of what it offers have one name.
    #[error("two agents or tools are named `{name}`\n\nhint: rename one of them")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// An agent without a name cannot be called.
    #[error("an agent has no name to be called by\n\nhint: give it one by `.name(…)`")]
    Unnamed,
    /// A schema of a tool is none.
    #[error("a schema of `{name}` is not valid: {cause}")]
    Schema {
        /// The tool.
        name: String,
        /// What is wrong with it.
        cause: String,
    },
    /// It would be open to the network without a token.
    #[error(
        "`{address}` can be reached from other machines, and there is no token\n\nhint: give one, or serve on 127.0.0.1"
    )]
    Open {
        /// The address.
        address: String,
    },
    /// The address cannot be served on.
    #[error("could not serve on `{address}`: {cause}")]
    Address {
        /// The address.
        address: String,
        /// What the system said.
        cause: io::Error,
    },
    /// The other end did not keep to the protocol.
    #[error("the client could not be greeted: {0}")]
    Greeting(String),
}

impl McpServer {
    /// A server of this name, which offers nothing yet.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Offers an agent, by its name.
    #[must_use]
    pub fn agent(mut self, agent: impl Into<Arc<Agent>>) -> Self {
        self.offers.push(Offer::Agent(agent.into()));
        self
    }

    /// Offers a tool.
    #[must_use]
    pub fn tool(mut self, tool: impl Tool + 'static) -> Self {
        self.offers.push(Offer::Tool(Arc::new(tool)));
        self
    }

    /// Offers several tools.
    #[must_use]
    pub fn tools(mut self, tools: impl IntoIterator<Item = Arc<dyn Tool>>) -> Self {
        self.offers.extend(tools.into_iter().map(Offer::Tool));
        self
    }

    /// What the client's model is told about the server as a whole.
    #[must_use]
    pub fn instructions(mut self, text: impl Into<String>) -> Self {
        self.instructions = Some(text.into());
        self
    }

    /// Serves this process's standard input and output until the client closes them. Nothing else may write there.
    ///
    /// # Errors
    /// If nothing is offered, names clash, or the client does not greet.
    pub async fn serve_stdio(self) -> Result<(), ServeError> {
        self.serve(tokio::io::stdin(), tokio::io::stdout()).await
    }

    /// Serves one client that is read from and written to, until it goes.
    ///
    /// # Errors
    /// If nothing is offered, names clash, or the client does not greet.
    pub async fn serve<R, W>(self, read: R, write: W) -> Result<(), ServeError>
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let serving = self.handler()?.serve((read, write)).await;
        let serving = serving.map_err(|error| ServeError::Greeting(error.to_string()))?;
        serving.waiting().await.map_err(|error| ServeError::Greeting(error.to_string()))?;
        Ok(())
    }

    fn handler(self) -> Result<Handler, ServeError> {
        if self.offers.is_empty() {
            return Err(ServeError::Nothing);
        }
        let mut offers = HashMap::new();
        let mut listed = Vec::new();
        for offer in self.offers {
            let (tool, ready) = offer.ready()?;
            let name = tool.name.to_string();
            if offers.insert(name.clone(), ready).is_some() {
                return Err(ServeError::Duplicate { name });
            }
            listed.push(tool);
        }
        Ok(Handler::new(&self.name, self.instructions, listed, offers))
    }
}
