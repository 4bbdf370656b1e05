//! The OpenAI wire against a server that others wrote.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

#[path = "../../../tests/peers/aimock.rs"]
mod peer;

use peer::Aimock;
use serde_json::{Value, json};
use smol_core::{
    message::{Message, Role, TokenUsage, ToolCall},
    model::{ModelError, Reply, Request, StopReason, complete},
    tool::ToolSpec,
};
use smol_models::openai::OpenAiModel;

fn fixture(asked: &str, response: Value) -> Value {
    json!({"match": {"userMessage": asked}, "response": response})
}

fn with(mut fixture: Value, more: Value) -> Value {
    fixture.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    fixture
}

fn request(text: &str) -> Request {
    Request::new(vec![Message::new(Role::User, text)])
}

async fn ask(server: &Aimock, text: &str, streaming: bool) -> Result<Reply, ModelError> {
    let model = OpenAiModel::new("deepseek-reasoner").api_base(&server.url).streaming(streaming).retries(1);
    complete(&model, request(text)).await
}

#[tokio::test]
async fn text_reasoning_and_counts_come_streamed_and_at_once() {
    let response = json!({
        "content": "Grüße, 🦀!\n<code>\nprint(\"a\\nb\")\n</code>", "reasoning": "The user greets.",
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    });
    let server = Aimock::start(&json!([with(fixture("hello", response), json!({"chunkSize": 3}))]));
    let expect = Reply {
        text: "Grüße, 🦀!\n<code>\nprint(\"a\\nb\")\n</code>".into(),
        reasoning: "The user greets.".into(),
        usage: Some(TokenUsage::new(11, 7)),
        ..Reply::default()
    };
    for streaming in [true, false] {
        assert_eq!(ask(&server, "hello", streaming).await.as_ref(), Ok(&expect));
    }
}

#[tokio::test]
async fn tool_calls_and_their_replies() {
    let calls = json!({"toolCalls": [
        {"id": "call_a", "name": "get_weather", "arguments": {"city": "Zürich"}},
        {"id": "call_b", "name": "add", "arguments": {"a": 1, "b": [2, 3]}},
    ]});
    let asked = json!({"match": {"userMessage": "weather", "hasToolResult": false, "toolName": "add"}, "response": calls});
    let answered = json!({"match": {"toolCallId": "call_b"}, "response": {"content": "It rains."}});
    let server = Aimock::start(&json!([asked, answered]));
    for streaming in [true, false] {
        let model = OpenAiModel::new("gpt-4o").api_base(&server.url).streaming(streaming);
        let mut request = request("weather");
        request.tools = vec![ToolSpec::new("get_weather", "Tells it."), ToolSpec::new("add", "Adds.")];
        let reply = complete(&model, request.clone()).await.unwrap();
        let call = |id: &str, name: &str, arguments| ToolCall { id: id.into(), name: name.into(), arguments };
        let expect = [
            call("call_a", "get_weather", json!({"city": "Zürich"})),
            call("call_b", "add", json!({"a": 1, "b": [2, 3]})),
        ];
        assert_eq!((&reply.tool_calls[..], reply.stop), (&expect[..], StopReason::ToolCalls));
        request.messages.push(Message { tool_calls: reply.tool_calls, ..Message::new(Role::Assistant, "") });
        for call in expect {
            request
                .messages
                .push(Message { tool_call_id: Some(call.id), ..Message::new(Role::Tool, "rain") });
        }
        assert_eq!(complete(&model, request).await.map(|reply| reply.text).as_deref(), Ok("It rains."));
    }
}

#[tokio::test]
async fn a_rate_limit_passes() {
    let limited = json!({"error": {"message": "slow down", "type": "rate_limit_error"}, "status": 429});
    let turn = |index: u64, response| json!({"match": {"userMessage": "now", "sequenceIndex": index}, "response": response});
    let server = Aimock::start(&json!([turn(0, limited), turn(1, json!({"content": "well then"}))]));
    assert_eq!(ask(&server, "now", true).await.map(|reply| reply.text).as_deref(), Ok("well then"));
}

#[tokio::test]
async fn what_goes_wrong_is_told() {
    let broken = with(fixture("broken", json!({"content": "x"})), json!({"chaos": {"malformedRate": 1}}));
    let gone = with(fixture("gone", json!({"content": "x"})), json!({"chaos": {"disconnectRate": 1}}));
    let cut = with(
        fixture("cut", json!({"content": "abcdefghijklmnopqrstuvwxyz"})),
        json!({"chunkSize": 5, "latency": 40, "truncateAfterChunks": 3}),
    );
    let denied = fixture("denied", json!({"error": {"message": "wrong key", "type": "auth"}, "status": 401}));
    let server = Aimock::start(&json!([broken, gone, cut, denied]));
    let error = ask(&server, "broken", true).await.unwrap_err();
    assert!(matches!(&error, ModelError::Malformed { received: 0, .. }), "{error:?}");
    let error = ask(&server, "gone", false).await.unwrap_err();
    assert!(matches!(&error, ModelError::Unreachable { .. }), "{error:?}");
    let error = ask(&server, "cut", true).await.unwrap_err();
    assert!(matches!(&error, ModelError::Malformed { received: 5.., .. }), "{error:?}");
    let error = ask(&server, "denied", true).await.unwrap_err();
    assert!(
        matches!(&error, ModelError::Status { status: 401, message, .. } if message == "wrong key"),
        "{error:?}"
    );
}
