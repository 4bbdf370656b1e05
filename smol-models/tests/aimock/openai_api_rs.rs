//! A user's own client, against the same server.

use super::{fixture, peer::Aimock, request};
use openai_api_rs::v1::api::OpenAIClient;
use serde_json::json;
use smol_core::{model::complete, tool::ToolSpec};
use smol_models::openai_api_rs::ClientModel;

#[tokio::test]
async fn text_and_tool_calls_come_whole() {
    let calls = json!({"toolCalls": [{"id": "call_a", "name": "add", "arguments": {"a": 1, "b": [2, 3]}}]});
    let server = Aimock::start(&json!([
        fixture("hello", json!({"content": "print(\"a\\nb\")\n</code> and more"})),
        fixture("add", calls),
    ]));
    let client = OpenAIClient::builder().with_endpoint(&server.url).with_api_key("k").build().unwrap();
    let model = ClientModel::new(client, "gpt-4o");
    let mut asked = request("hello");
    asked.stop = vec!["</code>".to_owned()];
    assert_eq!(complete(&model, asked).await.unwrap().text, "print(\"a\\nb\")\n");
    let mut asked = request("add");
    let mut add = ToolSpec::new("add", "Adds.");
    add.input = json!({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "array", "items": {"type": ["integer", "null"]}}}});
    asked.tools = vec![add];
    let reply = complete(&model, asked).await.unwrap();
    assert_eq!(
        (reply.tool_calls[0].name.as_str(), &reply.tool_calls[0].arguments),
        ("add", &json!({"a": 1, "b": [2, 3]}))
    );
    let error = complete(&model, request("unknown")).await.unwrap_err().to_string();
    assert!(error.starts_with("`openai-api-rs`: "), "{error}");
}
