//! What every wire can do, on the same fixtures.

use super::{fixture, peer::Aimock, request, with};
use serde_json::{Value, json};
use smol_core::{
    message::{Message, Role, TokenUsage, ToolCall},
    model::{Model, ModelError, StopReason, complete},
    tool::ToolSpec,
};
use smol_models::{dialect::Dialect, remote::RemoteModel};

/// What the server makes of a fixture on a wire that it speaks in its own way.
pub(crate) struct Habits {
    /// Empty where it tells of none.
    pub(crate) reasoning: &'static str,
    pub(crate) usage: TokenUsage,
    /// Of the calls.
    pub(crate) ids: [&'static str; 2],
    /// What it says before calls that it streams.
    pub(crate) plan: &'static str,
}

impl Default for Habits {
    fn default() -> Self {
        let usage = TokenUsage::new(11, 7);
        Self { reasoning: "The user greets.", usage, ids: ["call_a", "call_b"], plan: "" }
    }
}

/// The server's address, for wires that bring their version.
pub(crate) fn root(server: &Aimock) -> &str {
    server.url.trim_end_matches("/v1")
}

/// Text, reasoning and counts.
pub(crate) async fn speaks<D: Dialect>(model: impl Fn(&Aimock) -> RemoteModel<D>) {
    speaks_so(model, &Habits::default()).await;
}

pub(crate) async fn speaks_so<D: Dialect>(model: impl Fn(&Aimock) -> RemoteModel<D>, habits: &Habits) {
    let text = "Grüße, 🦀!\n<code>\nprint(\"a\\nb\")\n</code>";
    let mut response = json!({"content": text, "reasoning": habits.reasoning, "usage": {"input_tokens": 11, "output_tokens": 7}});
    if habits.reasoning.is_empty() {
        response.as_object_mut().unwrap().remove("reasoning");
    }
    let server = Aimock::start(&json!([with(fixture("hello", response), json!({"chunkSize": 3}))]));
    for streaming in [true, false] {
        let reply = complete(&model(&server).streaming(streaming), request("hello")).await.unwrap();
        assert_eq!((reply.text.as_str(), reply.reasoning.as_str()), (text, habits.reasoning));
        assert_eq!((reply.usage, reply.stop), (Some(habits.usage), StopReason::End), "{streaming}");
    }
}

/// Tool calls, and the reply to their results. What the service wants back goes back with them.
pub(crate) async fn calls<D: Dialect>(model: impl Fn(&Aimock) -> RemoteModel<D>, reasoning: Option<&str>) {
    calls_so(model, reasoning, &Habits::default()).await;
}

pub(crate) async fn calls_so<D: Dialect>(
    model: impl Fn(&Aimock) -> RemoteModel<D>,
    reasoning: Option<&str>,
    habits: &Habits,
) {
    let calls = json!({"toolCalls": [
        {"id": "call_a", "name": "get_weather", "arguments": {"city": "Zürich"}},
        {"id": "call_b", "name": "add", "arguments": {"a": 1, "b": [2, 3]}},
    ]});
    let calls = match reasoning {
        Some(reasoning) => with(calls, json!({"reasoning": reasoning})),
        None => calls,
    };
    let asked = json!({"match": {"userMessage": "weather", "hasToolResult": false, "toolName": "add"}, "response": calls});
    let answered = json!({"match": {"userMessage": "weather", "hasToolResult": true}, "response": {"content": "It rains."}});
    let server = Aimock::start(&json!([asked, answered]));
    for streaming in [true, false] {
        let model = model(&server).streaming(streaming);
        let mut request = request("weather");
        request.tools = vec![ToolSpec::new("get_weather", "Tells it."), ToolSpec::new("add", "Adds.")];
        let reply = complete(&model, request.clone()).await.unwrap();
        let call = |id: &str, name: &str, arguments| ToolCall { id: id.into(), name: name.into(), arguments };
        let expect = [
            call(habits.ids[0], "get_weather", json!({"city": "Zürich"})),
            call(habits.ids[1], "add", json!({"a": 1, "b": [2, 3]})),
        ];
        assert_eq!((&reply.tool_calls[..], reply.stop), (&expect[..], StopReason::ToolCalls));
        assert_eq!(reply.reasoning, reasoning.unwrap_or(if streaming { habits.plan } else { "" }));
        let said = Message::new(Role::Assistant, reply.text);
        request.messages.push(Message { tool_calls: reply.tool_calls, opaque: reply.opaque, ..said });
        for call in expect {
            let answer = Message { tool_call_id: Some(call.id), ..Message::new(Role::Tool, "rain") };
            request.messages.push(answer);
        }
        assert_eq!(complete(&model, request).await.map(|reply| reply.text).as_deref(), Ok("It rains."));
    }
}

/// A rate limit that passes, a key that is wrong, a reply that is cut off.
pub(crate) async fn fails<D: Dialect>(model: impl Fn(&Aimock) -> RemoteModel<D>) {
    let error = |message: &str, kind: &str, status: u16| json!({"error": {"message": message, "type": kind}, "status": status});
    let turn = |index: u64, response: Value| json!({"match": {"userMessage": "now", "sequenceIndex": index}, "response": response});
    let cut = with(
        fixture("cut", json!({"content": "abcdefghijklmnopqrstuvwxyz".repeat(2)})),
        json!({"chunkSize": 5, "latency": 40, "truncateAfterChunks": 8}),
    );
    let server = Aimock::start(&json!([
        turn(0, with(error("slow down", "rate_limit_error", 429), json!({"retryAfter": 0}))),
        turn(1, json!({"content": "well then"})),
        fixture("denied", error("wrong key", "authentication_error", 401)),
        cut,
    ]));
    let ask = async |text: &str| {
        let model = model(&server).retries(1);
        complete(&model as &dyn Model, request(text)).await
    };
    assert_eq!(ask("now").await.map(|reply| reply.text).as_deref(), Ok("well then"));
    let denied = ask("denied").await.unwrap_err();
    assert!(
        matches!(&denied, ModelError::Status { status: 401, message, .. } if message == "wrong key"),
        "{denied:?}"
    );
    let cut = ask("cut").await.unwrap_err();
    assert!(matches!(&cut, ModelError::Malformed { received: 5.., .. }), "{cut:?}");
}
