//! A server for clients of others: an agent that plays a script, and the tools that the conformance suite asks for.
//! `serve` speaks over its standard input and output; `serve PORT [TOKEN]` over HTTP, on this machine only.

#![expect(clippy::print_stdout, reason = "over HTTP it says where it is")]

use async_trait::async_trait;
use futures::{StreamExt, stream::BoxStream};
use serde_json::{Value, json};
use smol_core::{
    ToolCallingAgent,
    agent::Agent,
    gate::{Ask, Decision, Gate},
    message::Role,
    model::{Delta, Model, ModelError, Request},
    tool::{Effect, Tool, ToolError, ToolSpec},
};
use smol_mcp::{ElicitApproval, HttpOptions, McpServer};
use std::{env, time::Duration};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut server = McpServer::new("smolagents-test").agent(agent()?);
    for (name, output, result) in CONTENTS {
        let spec = ToolSpec {
            output: serde_json::from_str(output)?,
            ..ToolSpec::new(name, "Always gives the same.")
        };
        server = server.tool(Fixed { spec, result: serde_json::from_str(result)? });
    }
    let mut arguments = env::args().skip(1);
    let Some(port) = arguments.next() else { return Ok(server.tool(nested()).serve_stdio().await?) };
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    println!("http://{}/mcp", listener.local_addr()?);
    let mut options = HttpOptions::default();
    options.token = arguments.next();
    Ok(server.tool(nested()).serve_http(listener, options, std::future::pending()).await?)
}

/// Tools that always give the same: name, schema of the result, result as JSON; `"!…"` is an error.
const CONTENTS: [(&str, &str, &str); 8] = [
    ("test_simple_text", "{}", r#""This is a simple text response for testing.""#),
    ("test_image_content", "{}", r#"{"__type__": "image", "format": "png", "base64": "iVBORw0KGgo="}"#),
    ("test_embedded_resource", "{}", r#"{"__type__": "bytes", "base64": "aGVsbG8="}"#),
    (
        "test_multiple_content_types",
        "{}",
        r#"["Several kinds:", {"__type__": "image", "format": "png", "base64": "iVBORw0KGgo="},
            {"__type__": "bytes", "base64": "aGVsbG8="}]"#,
    ),
    ("test_error_handling", "{}", r#""!This tool intentionally returns an error for testing""#),
    ("test_logging_tool", "{}", r#""It logs nothing.""#),
    ("numbers", r#"{"type": "array", "items": {"type": "integer"}}"#, "[1, 2]"),
    ("pair", r#"{"type": "object", "properties": {"a": {"type": "integer"}}}"#, r#"{"a": 1}"#),
];

struct Fixed {
    spec: ToolSpec,
    result: Value,
}

#[async_trait]
impl Tool for Fixed {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    async fn call(&self, _: Value) -> Result<Value, ToolError> {
        match self.result.as_str().and_then(|text| text.strip_prefix('!')) {
            Some(error) => Err(ToolError(error.to_owned())),
            None => Ok(self.result.clone()),
        }
    }
}

/// A tool whose schema has parts of its own, as the suite looks for.
fn nested() -> Fixed {
    let input = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {"address": {"$anchor": "addressDef", "type": "object",
            "properties": {"street": {"type": "string"}, "city": {"type": "string"}}}},
        "properties": {
            "name": {"type": "string"},
            "address": {"$ref": "#/$defs/address"},
            "contactMethod": {"type": "string", "enum": ["phone", "email"]},
            "phone": {"type": "string"},
            "email": {"type": "string"},
        },
        "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
        "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
        "then": {"required": ["phone"]},
        "else": {"required": ["email"]},
        "additionalProperties": false,
    });
    let spec = ToolSpec {
        input,
        ..ToolSpec::new("json_schema_2020_12_tool", "Tool with JSON Schema 2020-12 features")
    };
    Fixed { spec, result: "done".into() }
}

/// It pays, which somebody must allow, waits when it is told to, and answers with what came of it.
fn agent() -> anyhow::Result<Agent> {
    let pay = ToolSpec { effect: Effect::Writes, ..ToolSpec::new("pay", "Pays.") };
    let agent = ToolCallingAgent::builder(Script)
        .name("cashier")
        .description("Pays what is to be paid.")
        .tool(Fixed { spec: pay, result: "paid".into() })
        .tool(Waits(ToolSpec::new("wait", "Waits for a long time.")))
        .gate(AskFirst);
    Ok(agent.build()?)
}

struct Waits(ToolSpec);

#[async_trait]
impl Tool for Waits {
    fn spec(&self) -> &ToolSpec {
        &self.0
    }

    async fn call(&self, _: Value) -> Result<Value, ToolError> {
        tokio::time::sleep(Duration::from_secs(600)).await;
        Ok(Value::Null)
    }
}

struct AskFirst;

#[async_trait]
impl Gate for AskFirst {
    async fn decide(&self, ask: Ask<'_>) -> Option<Decision> {
        match ask.effect() {
            Effect::Writes => Some(ElicitApproval.approve(ask, "it writes").await),
            _ => None,
        }
    }
}

/// Calls the tool that the task names, then answers with what it gave.
struct Script;

impl Model for Script {
    fn stream(&self, request: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        let said = |role: Role| {
            let messages = request.messages.iter().rev();
            messages.clone().find(|message| message.role == role).map(|message| message.text())
        };
        let (name, arguments) = match said(Role::Tool) {
            Some(result) => ("final_answer", json!({"answer": result})),
            None if said(Role::User).is_some_and(|task| task.contains("wait")) => ("wait", json!({})),
            None => ("pay", json!({})),
        };
        let arguments = arguments.to_string();
        let call = Delta::ToolCall { index: 0, id: Some("call".into()), name: Some(name.into()), arguments };
        futures::stream::iter([Ok(call)]).boxed()
    }
}
