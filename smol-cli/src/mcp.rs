//! MCP on the command line: servers for agents, and agents as a server.

mod list;
mod person;
mod serve;

use crate::{
    arguments::{McpArguments, McpCommand},
    config,
    keyboard::Keyboard,
};
use person::Person;
use smolagents::{
    Model,
    mcp::{Host, McpServers, News, Sampling, ServerConfig, SignIn},
};
use std::sync::Arc;

/// The longest reply that a server may have of the model, in tokens.
const SAMPLED_TOKENS: u64 = 2_000;

/// Does what is asked.
pub async fn dispatch(command: McpCommand) -> anyhow::Result<u8> {
    match command {
        McpCommand::List { servers } => list::list(servers).await,
        McpCommand::Serve { offer, no_agent, description, http, token, host, origin, agent } => {
            let options = serve::Options { offer, no_agent, description, http, token, host, origin };
            serve::serve(options, &agent).await
        }
    }
}

/// What servers may ask: the person at the keyboard, if there is one, and the model, as often as the arguments say.
pub fn host(arguments: &McpArguments, person: Option<Keyboard>, model: Option<&Arc<dyn Model>>) -> Host {
    let mut host = arguments.mcp_root.iter().fold(Host::default().news(tell), |host, root| host.root(root));
    if let (Some(model), 1..) = (model, arguments.mcp_sampling) {
        host = host.sampling(Sampling::new(model.clone(), arguments.mcp_sampling, SAMPLED_TOKENS));
    }
    let Some(keyboard) = person else { return host };
    let mut sign_in = SignIn::new(|server, url| {
        anstream::eprintln!("the MCP server `{server}` wants you to sign in; open this in a browser:\n{url}");
    });
    if let Some(folder) = config::folder() {
        sign_in = sign_in.folder(folder.join("mcp"));
    }
    host.elicit(Person::at_terminal(keyboard)).sign_in(sign_in)
}

/// The servers, connected.
pub async fn connect(servers: Vec<ServerConfig>, host: Host) -> anyhow::Result<McpServers> {
    Ok(McpServers::connect(servers, host).await?)
}

/// What servers tell goes where all else goes that is not the run's.
fn tell(server: &str, news: News) {
    match news {
        News::Progress { progress, total, message } => {
            let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
            anstream::eprintln!("{server}: {progress}{of} {message}");
        }
        News::LeftOut { tool, fault } => {
            anstream::eprintln!("{server}: the tool `{tool}` is left out: {fault}")
        }
        News::Reconnected => anstream::eprintln!("{server}: the connection was lost, and is there again"),
        // Their logs, and changes that no run sees.
        _ => {}
    }
}
