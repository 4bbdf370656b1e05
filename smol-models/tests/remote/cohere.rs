//! Cohere's wire: what is sent and read, without a server.

use super::{
    conversations::any_request,
    server::{Answer, Server, question},
    wire::{hear, hear_one, reply, sent, whole},
};
use arbtest::arbtest;
use serde_json::{Value, json};
use smol_core::{
    message::{Media, Message, Opaque, Part, Role, TokenUsage, ToolCall},
    model::{Delta, Reply, Request, StopReason, ToolChoice, complete},
    tool::ToolSpec,
};
use smol_models::{
    cohere::{CohereChat, CohereModel},
    dialect::{Settings, WireError},
};

fn body(request: &Request) -> Value {
    sent(&CohereChat, request, &Settings { model: "m".into(), ..Settings::default() }, false)
}

#[track_caller]
fn check(messages: Vec<Message>, expect: Value) {
    assert_eq!(body(&Request::new(messages)), json!({"model": "m", "messages": expect, "stream": false}));
}

fn call(id: &str, name: &str, arguments: Value) -> ToolCall {
    ToolCall { id: id.into(), name: name.into(), arguments }
}

#[test]
fn messages_take_the_shapes_of_the_wire() {
    let seen = vec![
        Part::Text("look".into()),
        Part::Image(Media::bytes("image/png", b"abc")),
        Part::Image(Media::Url("https://example.org/a.jpg".into())),
        Part::Audio(Media::bytes("audio/wav", b"abc")),
    ];
    check(
        vec![
            Message::new(Role::System, "be brief"),
            Message { content: seen, ..Message::new(Role::User, "") },
        ],
        json!([
            {"role": "system", "content": "be brief"},
            {"role": "user", "content": [
                {"type": "text", "text": "look"},
                {"type": "image_url", "image_url": {"url": "data:image/png;base64,YWJj"}},
                {"type": "image_url", "image_url": {"url": "https://example.org/a.jpg"}},
            ]},
        ]),
    );
    let thought = |wire: &str, value| Opaque { wire: wire.into(), value };
    let asks = |opaque, text: &str| Message {
        tool_calls: vec![call("x", "add", json!({"a": "ü"})), call("y", "sub", "{broken".into())],
        opaque,
        ..Message::new(Role::Assistant, text)
    };
    let calls = json!([
        {"id": "x", "type": "function", "function": {"name": "add", "arguments": "{\"a\":\"ü\"}"}},
        {"id": "y", "type": "function", "function": {"name": "sub", "arguments": "{\"malformed_arguments\":\"{broken\"}"}},
    ]);
    let says = Message { tool_call_id: Some("x".into()), ..Message::new(Role::Tool, "3") };
    let unanswered = |id: &str| json!({"role": "tool", "tool_call_id": id, "content": [{"type": "text", "text": "no result: the call was not carried out"}]});
    let planned = vec![thought("cohere", json!({"tool_plan": "I add."})), thought("openai", json!({"x": 1}))];
    check(
        vec![asks(planned, ""), says],
        json!([
            {"role": "assistant", "tool_plan": "I add.", "tool_calls": calls},
            {"role": "tool", "tool_call_id": "x", "content": [{"type": "text", "text": "3"}]},
            unanswered("y"),
        ]),
    );
    let thinking = json!({"type": "thinking", "thinking": "so"});
    check(
        vec![asks(vec![thought("cohere", json!({"thinking": "so"}))], "a")],
        json!([
            {"role": "assistant", "content": [thinking, {"type": "text", "text": "a"}], "tool_calls": calls},
            unanswered("x"), unanswered("y"),
        ]),
    );
    let cited = Message {
        opaque: vec![thought("cohere", json!({"citations": [{"start": 0}]}))],
        ..Message::new(Role::Assistant, "a")
    };
    let result =
        |id: &str, text: &str| Message { tool_call_id: Some(id.into()), ..Message::new(Role::Tool, text) };
    check(
        vec![result("x", "of no call"), asks(Vec::new(), ""), result("y", " "), result("y", "a second")],
        json!([
            {"role": "user", "content": "of no call"}, {"role": "assistant", "tool_calls": calls}, unanswered("x"),
            {"role": "tool", "tool_call_id": "y", "content": [{"type": "text", "text": "(nothing)"}]},
            {"role": "user", "content": "a second"},
        ]),
    );
    check(vec![cited], json!([{"role": "assistant", "citations": [{"start": 0}], "content": "a"}]));
}

#[test]
fn settings_and_tools_become_fields() {
    let mut asked = Request::new(Vec::new());
    asked.stop = ["a", "b", "c", "d", "e", "f"].map(Into::into).into();
    asked.schema = Some(json!({"type": "object"}));
    asked.tools = vec![ToolSpec::new("add", "Adds."), ToolSpec::new("sub", "Subtracts.")];
    let extra = json!({"k": 5, "temperature": 0.1, "response_format": null});
    let settings = Settings {
        model: "m".into(),
        temperature: Some(0.5),
        max_tokens: Some(9),
        extra_body: extra.as_object().cloned().unwrap_or_default(),
    };
    let tool = |name: &str, what: &str| json!({"type": "function", "function": {"name": name, "description": what, "parameters": {"type": "object", "properties": {}}}});
    let expect = json!({
        "model": "m", "messages": [], "stream": true, "stop_sequences": ["a", "b", "c", "d", "e"],
        "tools": [tool("add", "Adds."), tool("sub", "Subtracts.")], "temperature": 0.1, "max_tokens": 9, "k": 5,
    });
    assert_eq!(sent(&CohereChat, &asked, &settings, true), expect);
    #[track_caller]
    fn check(asked: &mut Request, choice: ToolChoice, expect: &str, tools: usize) {
        asked.tool_choice = choice;
        let body = body(asked);
        assert_eq!(
            (&body["tool_choice"], body["tools"].as_array().map(Vec::len)),
            (&json!(expect), Some(tools))
        );
    }
    check(&mut asked, ToolChoice::Required, "REQUIRED", 2);
    check(&mut asked, ToolChoice::None, "NONE", 2);
    check(&mut asked, ToolChoice::Tool("sub".into()), "REQUIRED", 1);
    let format = json!({"type": "json_object", "json_schema": {"type": "object"}});
    assert_eq!(body(&asked)["response_format"], format);
}

/// A stream as the service documents it.
fn events() -> Vec<Value> {
    let says = |kind: &str, index: u64, message: Value| json!({"type": kind, "index": index, "delta": {"message": message}});
    let content = |index, content: Value| says("content-delta", index, json!({ "content": content }));
    let tool = |kind: &str, index: u64, call: Value| says(kind, index, json!({ "tool_calls": call }));
    vec![
        json!({"type": "message-start", "id": "1", "delta": {"message": {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": [], "citations": []}}}),
        says("content-start", 0, json!({"content": {"type": "thinking", "thinking": ""}})),
        content(0, json!({"thinking": "The user "})),
        content(0, json!({"thinking": "asks."})),
        json!({"type": "content-end", "index": 0}),
        json!({"type": "tool-plan-delta", "delta": {"message": {"tool_plan": " I add."}}}),
        says("content-start", 1, json!({"content": {"type": "text", "text": ""}})),
        content(1, json!({"text": "Grü"})),
        content(1, json!({"text": "ße"})),
        says(
            "citation-start",
            0,
            json!({"citations": {"start": 0, "end": 5, "text": "Grüße", "sources": []}}),
        ),
        json!({"type": "citation-end", "index": 0}),
        tool(
            "tool-call-start",
            0,
            json!({"id": "x", "type": "function", "function": {"name": "add", "arguments": ""}}),
        ),
        tool("tool-call-delta", 0, json!({"function": {"arguments": "{\"a\""}})),
        tool("tool-call-delta", 0, json!({"function": {"arguments": ": 1}"}})),
        json!({"type": "tool-call-end", "index": 0}),
        tool(
            "tool-call-start",
            1,
            json!({"id": "y", "type": "function", "function": {"name": "sub", "arguments": "{}"}}),
        ),
        json!({"type": "message-end", "delta": {"finish_reason": "TOOL_CALL", "usage": {
            "billed_units": {"input_tokens": 3.0, "output_tokens": 4.0},
            "tokens": {"input_tokens": 11.0, "output_tokens": 7.0}, "cached_tokens": 2}}}),
    ]
}

fn told() -> Reply {
    let cited = json!({"start": 0, "end": 5, "text": "Grüße", "sources": []});
    let value = json!({"tool_plan": " I add.", "thinking": "The user asks.", "citations": [cited]});
    Reply {
        text: "Grüße".into(),
        reasoning: "The user asks. I add.".into(),
        tool_calls: vec![call("x", "add", json!({"a": 1})), call("y", "sub", json!({}))],
        opaque: vec![Opaque { wire: "cohere".into(), value }],
        usage: Some(TokenUsage { cached_tokens: 2, ..TokenUsage::new(11, 7) }),
        stop: StopReason::ToolCalls,
    }
}

#[test]
fn what_is_read() {
    assert_eq!(whole(hear(&CohereChat, &events())), told());
    let body = json!({
        "id": "1", "finish_reason": "TOOL_CALL",
        "message": {
            "role": "assistant", "tool_plan": " I add.",
            "content": [{"type": "thinking", "thinking": "The user asks."}, {"type": "text", "text": "Grüße"}],
            "tool_calls": [
                {"id": "x", "type": "function", "function": {"name": "add", "arguments": "{\"a\": 1}"}},
                {"id": "y", "type": "function", "function": {"name": "sub", "arguments": "{}"}},
            ],
            "citations": [{"start": 0, "end": 5, "text": "Grüße", "sources": []}],
        },
        "usage": {"tokens": {"input_tokens": 11, "output_tokens": 7}, "cached_tokens": 2.0},
    });
    let expect = Reply { reasoning: " I add.The user asks.".into(), ..told() };
    assert_eq!(reply(&CohereChat, &body).map(whole), Ok(expect));
    let billed = json!({"type": "message-end", "delta": {"usage": {"billed_units": {"input_tokens": 3}}}});
    let expect = [Delta::Usage(TokenUsage::new(3, 0)), Delta::Stop(StopReason::End)];
    assert_eq!(hear_one(&CohereChat, &billed.to_string()).as_deref(), Ok(&expect[..]));
}

#[tokio::test]
async fn a_stream_is_the_same_in_network_chunks_of_any_size() {
    let event = |event: Value| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap());
    let text: String = events().into_iter().map(event).collect();
    let server = Server::start([1, 7, 1000].map(|size| Answer::stream(text.as_bytes().chunks(size))));
    for base in ["", "/v2", "/proxy"] {
        let model = CohereModel::new("m").api_base(server.url.replace("/v1", base)).api_key("key").retries(0);
        assert_eq!(complete(&model, question()).await.as_ref(), Ok(&told()));
    }
    let paths = server.requests().into_iter().map(|(head, _)| head.split(' ').nth(1).unwrap().to_owned());
    assert_eq!(paths.collect::<Vec<_>>(), ["/v2/chat", "/v2/chat", "/proxy/v2/chat"]);
}

#[test]
fn why_it_ended() {
    #[track_caller]
    fn check(reason: &str, expect: StopReason) {
        let event = json!({"type": "message-end", "delta": {"finish_reason": reason}}).to_string();
        assert_eq!(hear_one(&CohereChat, &event), Ok(vec![Delta::Stop(expect)]));
    }
    check("COMPLETE", StopReason::End);
    check("STOP_SEQUENCE", StopReason::End);
    check("MAX_TOKENS", StopReason::Length);
    check("TOOL_CALL", StopReason::ToolCalls);
    check("NEWER", StopReason::Other("NEWER".into()));
}

#[test]
fn what_is_no_reply_is_told() {
    let refused = |status, message: &str| Err(WireError::Refused { status, message: message.into() });
    let ends = |delta: Value| json!({"type": "message-end", "delta": delta}).to_string();
    let failed = json!({"finish_reason": "ERROR", "error": "no room"});
    assert_eq!(hear_one(&CohereChat, &ends(failed)), refused(Some(500), "no room"));
    assert_eq!(
        hear_one(&CohereChat, &ends(json!({"finish_reason": "ERROR"}))),
        refused(Some(500), "the model failed")
    );
    let late = json!({"finish_reason": "TIMEOUT", "message": {}});
    assert_eq!(reply(&CohereChat, &late), refused(Some(504), "the model took too long"));
    assert_eq!(reply(&CohereChat, &json!({"error": {"message": "no"}})), refused(None, "no"));
    let unreadable = |message: &str| Err(WireError::Unreadable(message.into()));
    assert_eq!(reply(&CohereChat, &json!({"id": 1})), unreadable("there is no `message` in `{\"id\":1}`"));
    assert_eq!(hear_one(&CohereChat, "oops"), unreadable("expected value at line 1 column 1 in `oops`"));
}

#[tokio::test]
async fn a_refusal_is_told() {
    let body = json!({"id": "1", "message": "invalid api token"}).to_string();
    let server = Server::start([Answer::new(401, "content-type: application/json\r\n", &body)]);
    let model = CohereModel::new("m").api_base(&server.url).api_key("key-12345").retries(0);
    let error = complete(&model, question()).await.unwrap_err().to_string();
    let expect =
        "401: invalid api token\n\nhint: is the API key (`COHERE_API_KEY`) right, and may it use this model?";
    assert!(error.ends_with(expect), "{error}");
}

#[test]
fn every_conversation_keeps_to_the_wire() {
    arbtest(|source| {
        let body = body(&any_request(source, "cohere")?);
        for message in body["messages"].as_array().unwrap() {
            let has = |field: &str| message.get(field).is_some();
            assert!(has("content") || has("tool_calls"), "{message}");
            assert!(message["role"] != "tool" || message["content"].is_array(), "{message}");
            for call in message["tool_calls"].as_array().into_iter().flatten() {
                let arguments = call["function"]["arguments"].as_str().unwrap();
                assert!(serde_json::from_str::<Value>(arguments).unwrap().is_object(), "{message}");
            }
        }
        assert!(body.get("tool_choice").is_none() || body.get("tools").is_some(), "{body}");
        Ok(())
    });
}
