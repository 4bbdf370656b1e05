//! What every wire must do, asked of each in turn.

use super::peer::Aimock;
use serde_json::{Value, json};
use smol_core::{
    message::{Message, Role, TokenUsage, ToolCall},
    model::{Model, ModelError, Reply, Request, StopReason, complete},
    tool::ToolSpec,
};

const GREETING: &str = "Grüße, 🦀!\n<code>\nprint(\"a\\nb\")\n</code>";

/// Makes a model of the server at an address, which streams or does not.
pub(crate) type Make<'a> = &'a dyn Fn(&str, bool) -> Box<dyn Model>;

fn model(make: Make, server: &Aimock, streaming: bool) -> Box<dyn Model> {
    make(server.url.trim_end_matches("/v1"), streaming)
}

fn request(text: &str) -> Request {
    Request::new(vec![Message::new(Role::System, "be brief"), Message::new(Role::User, text)])
}

/// Text comes streamed and at once, with the counts and the reasoning that the server tells of.
pub(crate) async fn text(make: Make<'_>, usage: TokenUsage, reasoning: &str) {
    let mut response = json!({"content": GREETING, "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}});
    if !reasoning.is_empty() {
        response["reasoning"] = reasoning.into();
    }
    let server = Aimock::start(&json!([
        {"match": {"userMessage": "hello"}, "response": response, "chunkSize": 3},
    ]));
    let expect =
        Reply { text: GREETING.into(), reasoning: reasoning.into(), usage: Some(usage), ..Reply::default() };
    for streaming in [true, false] {
        let model = model(make, &server, streaming);
        assert_eq!(complete(&*model, request("hello")).await.as_ref(), Ok(&expect), "streaming: {streaming}");
    }
}

/// Tools are called, and their results told. `ids` are the calls' own, or those that are made up for them.
pub(crate) async fn tools(make: Make<'_>, ids: [&str; 2], plan: &str) {
    let calls = json!({"toolCalls": [
        {"id": "call_a", "name": "get_weather", "arguments": {"city": "Zürich"}},
        {"id": "call_b", "name": "add", "arguments": {"a": 1, "b": [2, 3]}},
    ]});
    let asked = json!({"match": {"userMessage": "weather", "hasToolResult": false, "toolName": "add"}, "response": calls});
    let answered = json!({"match": {"userMessage": "weather", "hasToolResult": true}, "response": {"content": "It rains."}});
    let server = Aimock::start(&json!([asked, answered]));
    for streaming in [true, false] {
        let model = model(make, &server, streaming);
        let mut request = request("weather");
        request.tools = vec![ToolSpec::new("get_weather", "Tells it."), ToolSpec::new("add", "Adds.")];
        let reply = complete(&*model, request.clone()).await.unwrap();
        let call = |id: &str, name: &str, arguments| ToolCall { id: id.into(), name: name.into(), arguments };
        let expect = [
            call(ids[0], "get_weather", json!({"city": "Zürich"})),
            call(ids[1], "add", json!({"a": 1, "b": [2, 3]})),
        ];
        assert_eq!((&reply.tool_calls[..], &reply.stop), (&expect[..], &StopReason::ToolCalls));
        assert_eq!(reply.reasoning, if streaming { plan } else { "" });
        let turn = Message {
            tool_calls: reply.tool_calls,
            opaque: reply.opaque,
            ..Message::new(Role::Assistant, "")
        };
        request.messages.push(turn);
        for call in expect {
            let said = Message { tool_call_id: Some(call.id), ..Message::new(Role::Tool, "rain") };
            request.messages.push(said);
        }
        let reply = complete(&*model, request).await;
        assert_eq!(reply.map(|reply| reply.text).as_deref(), Ok("It rains."), "streaming: {streaming}");
    }
}

/// What passes is tried again, after the wait that the server asks for; what does not is told.
pub(crate) async fn errors(make: Make<'_>) {
    let limited = json!({"error": {"message": "slow down", "type": "rate_limit_error"}, "status": 429, "retryAfter": 0});
    let denied = json!({"error": {"message": "wrong key", "type": "auth"}, "status": 401});
    let turn = |index: u64, response: Value| json!({"match": {"userMessage": "now", "sequenceIndex": index}, "response": response});
    let server = Aimock::start(&json!([
        turn(0, limited.clone()),
        turn(1, json!({"content": "well then"})),
        {"match": {"userMessage": "denied"}, "response": denied},
        {"match": {"userMessage": "cut"}, "response": {"content": "abcdefghijklmnopqrstuvwxyz"},
            "chunkSize": 5, "latency": 40, "truncateAfterChunks": 3},
    ]));
    let model = model(make, &server, true);
    let reply = complete(&*model, request("now")).await;
    assert_eq!(reply.map(|reply| reply.text).as_deref(), Ok("well then"));
    let error = complete(&*model, request("denied")).await.unwrap_err();
    assert!(
        matches!(&error, ModelError::Status { status: 401, message, .. } if message == "wrong key"),
        "{error:?}"
    );
    let error = complete(&*model, request("cut")).await.unwrap_err();
    assert!(matches!(&error, ModelError::Malformed { .. }), "{error:?}");
}
