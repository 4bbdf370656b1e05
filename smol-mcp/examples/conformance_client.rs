//! The client that the official conformance suite drives: `conformance_client URL`, with the scenario's name and what
//! it knows in variables. It does what a program does that knows nothing of the server: it connects, looks at all there
//! is, and calls every tool once.

#![expect(clippy::print_stderr, reason = "the suite keeps what is said here")]

use serde_json::{Map, Value, json};
use smol_core::tool::ToolSpec;
use smol_mcp::{Answer, ClientKey, Elicitation, Host, McpServers, ServerConfig, SignIn};
use std::{env, time::Duration};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let url = env::args().nth(1).unwrap_or_default();
    let context: Value = env::var("MCP_CONFORMANCE_CONTEXT")
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let mut server = ServerConfig::http("conformance", url).timeout(Duration::from_secs(20));
    if let Ok(version) = env::var("MCP_CONFORMANCE_PROTOCOL_VERSION") {
        server = server.protocol(version);
    }
    if let Some(key) = key(&context) {
        server = server.client_key(key);
    }
    let sign_in = SignIn::new(browse).metadata("https://conformance-test.local/client-metadata.json");
    let host = Host::default().elicit(|_: Elicitation| Answer::Accept(Map::new())).sign_in(sign_in);
    let servers = McpServers::connect([server], host).await?;
    for tool in servers.tools() {
        let arguments = arguments(tool.spec(), &context);
        eprintln!("{} {arguments}: {:?}", tool.spec().name, tool.call(arguments.clone()).await);
    }
    for client in servers.clients() {
        eprintln!("{:?} {:?}", client.resources().await, client.prompts().await);
    }
    Ok(())
}

/// A person with a browser: the page is opened, and it comes back by itself.
fn browse(_: &str, url: &str) {
    let url = url.to_owned();
    tokio::spawn(async move { eprintln!("{:?}", reqwest::get(url).await.map(|page| page.status())) });
}

fn key(context: &Value) -> Option<ClientKey> {
    let text = |name: &str| context.get(name).and_then(Value::as_str).map(str::to_owned);
    let id = text("client_id")?;
    let by_itself =
        env::var("MCP_CONFORMANCE_SCENARIO").is_ok_and(|name| name.contains("client-credentials"));
    match (text("private_key_pem"), text("client_secret")) {
        (Some(pem), _) => Some(ClientKey::PrivateKey {
            id,
            pem,
            algorithm: text("signing_algorithm").unwrap_or_default(),
            scopes: Vec::new(),
        }),
        (None, Some(secret)) if by_itself => Some(ClientKey::Secret { id, secret, scopes: Vec::new() }),
        (None, secret) => Some(ClientKey::Registered { id, secret }),
    }
}

/// Arguments that fit a tool: those of the scenario, or a value of its type for each that must be there.
fn arguments(spec: &ToolSpec, context: &Value) -> Value {
    let calls = context.get("toolCalls").and_then(Value::as_array).into_iter().flatten();
    let given = calls.into_iter().find(|call| call.get("name").and_then(Value::as_str) == Some(&spec.name));
    if let Some(arguments) = given.and_then(|call| call.get("arguments")) {
        return arguments.clone();
    }
    let properties = spec.input.get("properties").and_then(Value::as_object).into_iter().flatten();
    let value = |schema: &Value| match schema.get("type").and_then(Value::as_str) {
        Some("number" | "integer") => json!(3),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        Some("object") => json!({}),
        Some("null") => Value::Null,
        _ => json!("text"),
    };
    Value::Object(properties.map(|(name, schema)| (name.clone(), value(schema))).collect())
}
