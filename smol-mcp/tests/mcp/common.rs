//! What the tests share: peers, servers that misbehave, and short ways to call a tool.

use serde_json::Value;
use smol_core::tool::{Tool, ToolError};
use smol_mcp::{Host, McpError, McpServers, News, ServerConfig};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A file of the peers; none, with a loud word on how to install it, if it is not there.
pub(crate) fn peer(file: &str) -> Option<PathBuf> {
    let path = Path::new(ROOT).join("tests/peers").join(file);
    if path.exists() {
        return Some(path);
    }
    let install = if file.starts_with("venv") {
        "python3 -m venv smol-mcp/tests/peers/venv && \
         smol-mcp/tests/peers/venv/bin/pip install -r smol-mcp/tests/peers/requirements.txt"
    } else {
        "npm ci --prefix smol-mcp/tests/peers"
    };
    assert!(std::env::var_os("SMOLAGENTS_TEST_ALL").is_none(), "no `{file}`: {install}");
    eprintln!("SKIPPED: there is no `{file}`. To install it: {install}");
    None
}

/// The reference server that has one of everything.
pub(crate) fn everything() -> Option<ServerConfig> {
    let script = peer("node_modules/@modelcontextprotocol/server-everything/dist/index.js")?;
    Some(ServerConfig::command("everything", "node", [script.to_str().unwrap()]))
}

/// A program of the peers' Python, by the name of its module.
pub(crate) fn python_server(module: &str) -> Option<ServerConfig> {
    let python = peer("venv/bin/python3")?;
    Some(ServerConfig::command(module, python.to_str().unwrap(), ["-m", module]))
}

/// A server that misbehaves in this way, with a file it leaves notes in.
pub(crate) struct Hostile {
    folder: tempfile::TempDir,
    mode: String,
}

impl Hostile {
    pub(crate) fn new(mode: &str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), mode: mode.to_owned() }
    }

    pub(crate) fn config(&self) -> ServerConfig {
        let script = Path::new(ROOT).join("tests/mcp/hostile.py");
        let notes = self.folder.path().join("notes");
        let words = [script.to_str().unwrap(), &self.mode, notes.to_str().unwrap()];
        // Starting takes long on a machine that does much else.
        ServerConfig::command("hostile", "python3", words).timeout(Duration::from_secs(60))
    }

    pub(crate) fn notes(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("notes")).unwrap_or_default()
    }
}

/// Keeps what servers tell.
#[derive(Clone, Default)]
pub(crate) struct Heard(Arc<Mutex<Vec<News>>>);

impl Heard {
    pub(crate) fn host(&self) -> Host {
        let heard = self.0.clone();
        Host::default().news(move |_, news| heard.lock().unwrap().push(news))
    }

    pub(crate) fn all(&self) -> Vec<News> {
        self.0.lock().unwrap().clone()
    }
}

pub(crate) async fn connect(config: ServerConfig) -> Result<McpServers, McpError> {
    McpServers::connect([config], Host::default()).await
}

pub(crate) fn names(servers: &McpServers) -> Vec<String> {
    servers.tools().iter().map(|tool| tool.spec().name.clone()).collect()
}

pub(crate) fn tool(servers: &McpServers, name: &str) -> Arc<dyn Tool> {
    let found = servers.tools().into_iter().find(|tool| tool.spec().name == name);
    found.unwrap_or_else(|| panic!("no `{name}` among {:?}", names(servers)))
}

pub(crate) async fn call(servers: &McpServers, name: &str, arguments: Value) -> Result<Value, ToolError> {
    tool(servers, name).call(arguments).await
}

/// Waits until something is so.
pub(crate) async fn until(what: impl Fn() -> bool) {
    for _ in 0..600 {
        if what() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come to be");
}
