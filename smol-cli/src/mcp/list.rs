//! `smolagent mcp list`: what servers have.

use crate::{arguments::McpArguments, config::Config, exit, keyboard};
use anstream::println;
use smolagents::{Effect, mcp::McpServers};

/// Prints the tools, resources and prompts of servers.
pub async fn list(servers: Vec<String>) -> anyhow::Result<u8> {
    let arguments = McpArguments { mcp: servers, ..McpArguments::default() };
    let person = keyboard::is_there().then(keyboard::Keyboard::stdin);
    let servers = arguments.servers(&Config::load()?.mcp)?;
    let servers = super::connect(servers, super::host(&arguments, person, None)).await?;
    tools(&servers);
    for client in servers.clients() {
        for resource in client.resources().await? {
            println!("resource  {}  {}", resource.uri, first_line(&resource.description));
        }
        for prompt in client.prompts().await? {
            let arguments: Vec<&str> =
                prompt.arguments.iter().map(|argument| argument.name.as_str()).collect();
            println!(
                "prompt    {}({})  {}",
                prompt.name,
                arguments.join(", "),
                first_line(&prompt.description)
            );
        }
    }
    Ok(exit::ANSWERED)
}

fn tools(servers: &McpServers) {
    for tool in servers.tools() {
        let spec = tool.spec();
        let effect = if spec.effect == Effect::Writes { "writes" } else { "reads" };
        println!("tool      {}  {effect}  {}", spec.name, first_line(&spec.description));
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
