//! Requests of a client, each to the agent or tool it names.

use super::{ServeError, agent::ServedAgent, tool::ServedTool};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, Implementation, ListToolsResult, PaginatedRequestParams,
        ServerCapabilities, ServerConfig, Tool as ListedTool, ToolsCapability,
    },
    service::RequestContext,
};
use smol_core::{agent::Agent, tool::Tool};
use std::{collections::HashMap, sync::Arc};

/// What is offered.
pub(super) enum Offer {
    Agent(Arc<Agent>),
    Tool(Arc<dyn Tool>),
}

/// What is offered, with all that a call needs.
pub(super) enum Served {
    Agent(ServedAgent),
    Tool(ServedTool),
}

impl Offer {
    /// As clients are told of it, and as it is called.
    pub(super) fn ready(self) -> Result<(ListedTool, Served), ServeError> {
        Ok(match self {
            Self::Agent(agent) => {
                let (listed, served) = ServedAgent::new(agent)?;
                (listed, Served::Agent(served))
            }
            Self::Tool(tool) => {
                let (listed, served) = ServedTool::new(tool)?;
                (listed, Served::Tool(served))
            }
        })
    }
}

/// One server, shared by all its clients.
#[derive(Clone)]
pub(super) struct Handler {
    info: ServerConfig,
    listed: Arc<Vec<ListedTool>>,
    served: Arc<HashMap<String, Served>>,
}

impl Handler {
    pub(super) fn new(
        name: &str,
        instructions: Option<String>,
        listed: Vec<ListedTool>,
        served: HashMap<String, Served>,
    ) -> Self {
        let mut capabilities = ServerCapabilities::default();
        capabilities.tools = Some(ToolsCapability::default());
        let mut info = ServerConfig::new(capabilities);
        info.server_info = Implementation::new(name, env!("CARGO_PKG_VERSION"));
        info.instructions = instructions;
        Self { info, listed: Arc::new(listed), served: Arc::new(served) }
    }
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        self.info.clone()
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.listed.to_vec()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let unknown = || ErrorData::invalid_params(format!("there is no tool `{}`", request.name), None);
        let served = self.served.get(request.name.as_ref()).ok_or_else(unknown)?;
        Ok(match served {
            Served::Agent(agent) => agent.call(request, context).await,
            Served::Tool(tool) => tool.call(request.arguments.unwrap_or_default().into()).await.into(),
        })
    }
}
