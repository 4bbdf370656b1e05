//! Several servers at once.

use super::{
    Host, McpClient, ServerConfig, names,
    resources::{ListResources, ReadResource},
    tool::McpTool,
};
use crate::McpError;
use futures::future::{join_all, try_join_all};
use smol_core::tool::Tool;
use std::sync::Arc;

/// Connected servers, with the tools they have.
#[derive(Clone)]
pub struct McpServers {
    clients: Vec<McpClient>,
    tools: Vec<McpTool>,
}

impl McpServers {
    /// Connects to all of them at the same time.
    ///
    /// # Errors
    /// The first server, in the order given, that cannot be connected to.
    pub async fn connect(
        servers: impl IntoIterator<Item = ServerConfig>,
        host: Host,
    ) -> Result<Self, McpError> {
        let mut servers: Vec<ServerConfig> = servers.into_iter().collect();
        tell_apart(&mut servers);
        let clients = join_all(servers.into_iter().map(|server| McpClient::connect(server, host.clone())));
        let clients = clients.await.into_iter().collect::<Result<Vec<_>, _>>()?;
        let mut all = Self { clients, tools: Vec::new() };
        all.refresh().await?;
        Ok(all)
    }

    /// Asks for their tools again. Agents that were built keep the tools, and the words about them, that they were
    /// built with: what a server changes later reaches no run that is under way.
    ///
    /// # Errors
    /// The first server that does not answer. The tools are then as they were.
    pub async fn refresh(&mut self) -> Result<(), McpError> {
        let lists = try_join_all(self.clients.iter().map(McpClient::tools)).await?;
        let served = |(client, tools): (&McpClient, Vec<McpTool>)| {
            let server = client.name().to_owned();
            tools.into_iter().map(move |tool| (server.clone(), tool)).collect::<Vec<_>>()
        };
        let mut tools: Vec<(String, McpTool)> = self.clients.iter().zip(lists).flat_map(served).collect();
        let theirs: Vec<(&str, &str)> =
            tools.iter().map(|(server, tool)| (server.as_str(), tool.name.as_str())).collect();
        let names = names::identifiers(&theirs);
        for ((_, tool), name) in tools.iter_mut().zip(names) {
            tool.spec.name = name;
        }
        self.tools = tools.into_iter().map(|(_, tool)| tool).collect();
        Ok(())
    }

    /// Their tools, under names that code can call; where two servers have a tool of one name, with the server's name in
    /// front.
    pub fn tools(&self) -> Vec<Arc<dyn Tool>> {
        self.tools.iter().map(|tool| Arc::new(tool.clone()) as Arc<dyn Tool>).collect()
    }

    /// Two more tools, `list_resources` and `read_resource`, over the resources of all servers; none if no server has
    /// any.
    pub fn resource_tools(&self) -> Vec<Arc<dyn Tool>> {
        let clients: Vec<McpClient> =
            self.clients.iter().filter(|client| client.has_resources()).cloned().collect();
        if clients.is_empty() {
            return Vec::new();
        }
        vec![Arc::new(ListResources::new(clients.clone())), Arc::new(ReadResource::new(clients))]
    }

    /// Each of them.
    pub fn clients(&self) -> &[McpClient] {
        &self.clients
    }

    /// The server of this name.
    ///
    /// # Errors
    /// [`McpError::Unknown`] says which there are.
    pub fn client(&self, name: &str) -> Result<&McpClient, McpError> {
        let unknown = || McpError::Unknown {
            name: name.to_owned(),
            known: self.clients.iter().map(|client| client.name().to_owned()).collect(),
        };
        self.clients.iter().find(|client| client.name() == name).ok_or_else(unknown)
    }
}

/// Gives servers of one name a number: commands are named after what they run, and may run the same.
fn tell_apart(servers: &mut [ServerConfig]) {
    let names: Vec<String> = servers.iter().map(|server| server.name.clone()).collect();
    for (place, server) in servers.iter_mut().enumerate() {
        let earlier = names.iter().take(place).filter(|name| **name == server.name).count();
        if earlier > 0 {
            server.name = format!("{}_{}", server.name, earlier + 1);
        }
    }
}
