//! `smolagent mcp serve`: an agent and tools for a program that speaks MCP. Standard output is the protocol's.

use crate::{arguments::AgentArguments, exit, hub::Shared, run::ctrl_c, setup};
use anyhow::Context;
use smolagents::{
    guard::Approver,
    mcp::{ElicitApproval, HttpOptions, McpServer},
};
use std::{net::SocketAddr, sync::Arc};
use tokio::net::TcpListener;

/// What is served, and how.
pub struct Options {
    pub offer: Vec<String>,
    pub no_agent: bool,
    pub description: Option<String>,
    pub http: Option<SocketAddr>,
    pub token: Option<String>,
    pub host: Vec<String>,
    pub origin: Vec<String>,
}

/// Serves until the client goes, or Ctrl-C.
pub async fn serve(options: Options, arguments: &AgentArguments) -> anyhow::Result<u8> {
    let shared = Shared::load(arguments).await?;
    let executor = shared.executor(&arguments.sandbox, arguments.install).await?;
    let tools = setup::tools(&options.offer, &shared, &executor, None)?;
    let mut server = McpServer::new("smolagent").tools(tools);
    if !options.no_agent {
        let arguments = setup::resolved(arguments)?;
        let approver: Arc<dyn Approver> = Arc::new(ElicitApproval);
        let builder = setup::builder(&arguments, None, Some(approver)).await?;
        let builder = builder.name(arguments.name.as_deref().unwrap_or("agent"));
        let builder = builder.description(options.description.unwrap_or_default());
        server = server.agent(builder.build().map_err(setup::usage)?);
    }
    let Some(address) = options.http else {
        tokio::select! {
            served = server.serve_stdio() => served?,
            () = ctrl_c() => return Ok(exit::INTERRUPTED),
        }
        return Ok(exit::ANSWERED);
    };
    let listener =
        TcpListener::bind(address).await.with_context(|| format!("could not listen on `{address}`"))?;
    anstream::eprintln!("serving at http://{}/mcp; Ctrl-C ends it", listener.local_addr()?);
    let mut who = HttpOptions::default();
    (who.token, who.hosts, who.origins) = (options.token, options.host, options.origin);
    server.serve_http(listener, who, ctrl_c()).await?;
    Ok(exit::ANSWERED)
}
