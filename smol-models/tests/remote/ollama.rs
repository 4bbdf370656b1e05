//! Ollama's own wire: what is sent and read, without a server.

use super::{
    conversations::any_request,
    server::{Answer, Server, question},
    wire::{hear, hear_one, reply, sent, whole},
};
use arbtest::arbtest;
use serde_json::{Value, json};
use smol_core::{
    message::{Media, Message, Opaque, Part, Role, TokenUsage, ToolCall},
    model::{Delta, ModelError, Reply, Request, StopReason, ToolChoice, complete},
    tool::ToolSpec,
};
use smol_models::{
    dialect::{Settings, WireError},
    ollama::{OllamaChat, OllamaModel},
};

fn body(request: &Request) -> Value {
    sent(&OllamaChat, request, &Settings { model: "m".into(), ..Settings::default() }, false)
}

#[track_caller]
fn check(messages: Vec<Message>, expect: Value) {
    assert_eq!(body(&Request::new(messages)), json!({"model": "m", "messages": expect, "stream": false}));
}

#[test]
fn messages_take_the_shapes_of_the_wire() {
    let texts = vec![Part::Text("a".into()), Part::Text("b".into())];
    check(
        vec![
            Message::new(Role::System, "be brief"),
            Message { content: texts, ..Message::new(Role::User, "") },
        ],
        json!([{"role": "system", "content": "be brief"}, {"role": "user", "content": "a\nb"}]),
    );
    let pictures = [Media::bytes("image/png", b"abc"), Media::Url("data:image/png;base64,YWJj".into())];
    check(
        vec![Message { content: pictures.map(Part::Image).into(), ..Message::new(Role::User, "") }],
        json!([{"role": "user", "content": "", "images": ["YWJj", "YWJj"]}]),
    );
}

#[test]
fn a_reply_of_a_tool_names_it() {
    let call = |id: &str, name: &str, arguments| ToolCall { id: id.into(), name: name.into(), arguments };
    let thought = |wire: &str| Opaque { wire: wire.into(), value: json!({"thinking": "so"}) };
    let asks = Message {
        tool_calls: vec![call("x", "add", json!({"a": 1})), call("y", "sub", "{broken".into())],
        opaque: vec![thought("ollama"), thought("anthropic")],
        ..Message::new(Role::Assistant, "")
    };
    let says = |id: &str| Message { tool_call_id: Some(id.into()), ..Message::new(Role::Tool, "3") };
    let again =
        Message { tool_calls: vec![call("x", "mul", json!({}))], ..Message::new(Role::Assistant, "so") };
    check(
        vec![asks, says("y"), says("x"), again, says("x"), says("z")],
        json!([
            {"role": "assistant", "content": "", "thinking": "so", "tool_calls": [
                {"id": "x", "function": {"name": "add", "arguments": {"a": 1}}},
                {"id": "y", "function": {"name": "sub", "arguments": {"malformed_arguments": "{broken"}}},
            ]},
            {"role": "tool", "content": "3", "tool_name": "add", "tool_call_id": "x"},
            {"role": "tool", "content": "3", "tool_name": "sub", "tool_call_id": "y"},
            {"role": "assistant", "content": "so", "tool_calls": [{"id": "x_2", "function": {"name": "mul", "arguments": {}}}]},
            {"role": "tool", "content": "3", "tool_name": "mul", "tool_call_id": "x_2"},
            {"role": "user", "content": "3"},
        ]),
    );
}

#[test]
fn every_call_is_answered_once() {
    let call = |id: &str| ToolCall { id: id.into(), name: "f".into(), arguments: json!({}) };
    let asks = |id: &str| Message { tool_calls: vec![call(id)], ..Message::new(Role::Assistant, "") };
    let says =
        |id: &str, text: &str| Message { tool_call_id: Some(id.into()), ..Message::new(Role::Tool, text) };
    let asked = |id: &str| json!({"role": "assistant", "content": "", "tool_calls": [{"id": id, "function": {"name": "f", "arguments": {}}}]});
    let said =
        |id: &str, text: &str| json!({"role": "tool", "content": text, "tool_name": "f", "tool_call_id": id});
    let user = |text: &str| json!({"role": "user", "content": text});
    let unanswered = "no result: the call was not carried out";
    check(vec![asks("x")], json!([asked("x"), said("x", unanswered)]));
    check(
        vec![asks("x"), Message::new(Role::User, "go on")],
        json!([asked("x"), said("x", unanswered), user("go on")]),
    );
    check(vec![says("x", "3"), asks("x"), says("x", "4")], json!([user("3"), asked("x"), said("x", "4")]));
    check(vec![asks("x"), says("x", "3"), says("x", "4")], json!([asked("x"), said("x", "3"), user("4")]));
    // Each message's own calls are answered before the next.
    check(
        vec![asks("x"), asks("y"), says("y", "4"), says("x", "3")],
        json!([asked("x"), said("x", "3"), asked("y"), said("y", "4")]),
    );
}

#[test]
fn a_picture_elsewhere_cannot_be_sent() {
    let content = vec![Part::Image(Media::Url("https://example.org/a.jpg".into()))];
    let model = OllamaModel::new("m").api_base("http://127.0.0.1:9");
    let asked = Request::new(vec![Message { content, ..Message::new(Role::User, "") }]);
    let error = futures::executor::block_on(complete(&model, asked)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the picture at `https://example.org/a.jpg` cannot be sent: Ollama fetches none\n\n\
         hint: save it in a file, and give the path of that"
    );
}

#[test]
fn settings_become_fields_and_options() {
    let mut asked = Request::new(Vec::new());
    asked.stop = vec!["</code>".into()];
    asked.schema = Some(json!({"type": "object"}));
    asked.tools = vec![ToolSpec::new("add", "Adds."), ToolSpec::new("sub", "Subtracts.")];
    let extra = json!({
        "num_ctx": 8192, "options": {"seed": 1, "temperature": 0.1, "top_k": null}, "think": "low",
        "keep_alive": "5m", "format": null,
    });
    let settings = Settings {
        model: "m".into(),
        temperature: Some(0.5),
        max_tokens: Some(9),
        extra_body: extra.as_object().cloned().unwrap_or_default(),
    };
    let tool = |name: &str, what: &str| json!({"type": "function", "function": {"name": name, "description": what, "parameters": {"type": "object", "properties": {}}}});
    let mut expect = json!({
        "model": "m", "messages": [], "stream": true, "tools": [tool("add", "Adds."), tool("sub", "Subtracts.")],
        "think": "low", "keep_alive": "5m",
        "options": {"temperature": 0.1, "num_predict": 9, "stop": ["</code>"], "num_ctx": 8192, "seed": 1},
    });
    assert_eq!(sent(&OllamaChat, &asked, &settings, true), expect);
    let settings = Settings { extra_body: serde_json::Map::new(), ..settings };
    asked.tool_choice = ToolChoice::Tool("sub".into());
    let body = sent(&OllamaChat, &asked, &settings, true);
    assert_eq!(
        (&body["tools"], &body["format"]),
        (&json!([tool("sub", "Subtracts.")]), &json!({"type": "object"}))
    );
    asked.tool_choice = ToolChoice::None;
    expect = sent(&OllamaChat, &asked, &settings, true);
    assert_eq!(expect.get("tools"), None);
}

/// A stream of a server, its dates and durations left out.
fn lines() -> [Value; 5] {
    let line = |message: Value| json!({"model": "m", "message": message, "done": false});
    let call = |id: Option<&str>, name: &str| match id {
        Some(id) => {
            json!({"id": id, "function": {"index": 0, "name": name, "arguments": {"city": "Zürich"}}})
        }
        None => json!({"function": {"name": name, "arguments": {}}}),
    };
    [
        line(json!({"role": "assistant", "content": "", "thinking": "The user "})),
        line(json!({"role": "assistant", "content": "", "thinking": "greets."})),
        line(json!({"role": "assistant", "content": "Grüße"})),
        line(
            json!({"role": "assistant", "content": "", "tool_calls": [call(Some("call_x"), "f"), call(None, "g")]}),
        ),
        json!({"model": "m", "message": {"role": "assistant", "content": ""}, "done": true, "done_reason": "stop",
            "prompt_eval_count": 11, "eval_count": 7}),
    ]
}

fn told() -> Reply {
    let call = |id: &str, name: &str, arguments| ToolCall { id: id.into(), name: name.into(), arguments };
    Reply {
        text: "Grüße".into(),
        reasoning: "The user greets.".into(),
        tool_calls: vec![call("call_x", "f", json!({"city": "Zürich"})), call("call_1", "g", json!({}))],
        opaque: vec![Opaque { wire: "ollama".into(), value: json!({"thinking": "The user greets."}) }],
        usage: Some(TokenUsage::new(11, 7)),
        stop: StopReason::ToolCalls,
    }
}

#[tokio::test]
async fn a_stream_is_the_same_in_network_chunks_of_any_size() {
    let text: String = lines().iter().map(|line| format!("{line}\n")).collect();
    let server = Server::start([1, 3, 7, 1000].map(|size| Answer::stream(text.as_bytes().chunks(size))));
    let model = OllamaModel::new("m").api_base(server.url.replace("/v1", "")).retries(0);
    for _ in 0..4 {
        assert_eq!(complete(&model, question()).await.as_ref(), Ok(&told()));
    }
    assert!(server.requests()[0].0.starts_with("POST /api/chat HTTP/1.1\r\n"));
}

#[test]
fn what_is_read() {
    assert_eq!(whole(hear(&OllamaChat, &lines())), told());
    let once = json!({"message": {"content": "a", "thinking": "so"}, "done": true, "done_reason": "length"});
    let expect =
        Reply { text: "a".into(), reasoning: "so".into(), stop: StopReason::Length, ..Reply::default() };
    assert_eq!(reply(&OllamaChat, &once).map(whole), Ok(expect));
    #[track_caller]
    fn ends(line: Value, expect: &[Delta]) {
        assert_eq!(hear_one(&OllamaChat, &line.to_string()).as_deref(), Ok(expect), "{line}");
    }
    let usage = |input, output| Delta::Usage(TokenUsage::new(input, output));
    ends(json!({"done": true}), &[Delta::Stop(StopReason::End)]);
    ends(json!({"done": true, "eval_count": 3}), &[usage(0, 3), Delta::Stop(StopReason::End)]);
    ends(json!({"done": true, "done_reason": "load"}), &[Delta::Stop(StopReason::Other("load".into()))]);
    ends(json!({"done": false, "message": {"tool_calls": "odd", "content": 3}}), &[]);
}

#[test]
fn what_is_no_reply_is_told() {
    let refused = |message: &str| Err(WireError::Refused { status: None, message: message.into() });
    assert_eq!(hear_one(&OllamaChat, r#"{"error": "out of memory"}"#), refused("out of memory"));
    assert_eq!(reply(&OllamaChat, &json!({"error": "out of memory"})), refused("out of memory"));
    let unreadable = |message: &str| Err(WireError::Unreadable(message.into()));
    assert_eq!(hear_one(&OllamaChat, "oops"), unreadable("expected value at line 1 column 1 in `oops`"));
    assert_eq!(reply(&OllamaChat, &json!({"id": 1})), unreadable("there is no `message` in `{\"id\":1}`"));
}

#[tokio::test]
async fn a_refusal_says_what_may_help() {
    #[track_caller]
    fn check(error: ModelError, expect: &str) {
        let ModelError::Status { hint, .. } = &error else { panic!("{error:?}") };
        assert_eq!(hint, expect, "{error}");
    }
    let cases = [
        (
            400,
            "m does not support tools",
            "take a model that calls tools, or a `CodeAgent`, which needs none of it",
        ),
        (400, "\"m\" does not support thinking", "leave `think` out of `extra_body`"),
        (404, "model 'm' not found", "fetch it with `ollama pull`; `ollama list` shows what is there"),
        (404, "404 page not found", "is the address right, without a `/v1` at its end?"),
        (400, "invalid options", ""),
    ];
    let json = "content-type: application/json\r\n";
    for (status, message, expect) in cases {
        let server = Server::start([Answer::new(status, json, &json!({ "error": message }).to_string())]);
        let model = OllamaModel::new("m").api_base(&server.url).retries(0);
        check(complete(&model, question()).await.unwrap_err(), expect);
    }
    let server = Server::start([Answer::stream(["{\"error\": \"m does not support tools\"}\n"])]);
    let model = OllamaModel::new("m").api_base(&server.url).retries(0);
    check(complete(&model, question()).await.unwrap_err(), cases[0].2);
}

#[test]
fn every_conversation_keeps_to_the_wire() {
    arbtest(|source| {
        let body = body(&any_request(source, "ollama")?);
        for message in body["messages"].as_array().unwrap() {
            assert!(message["content"].is_string(), "{message}");
            for call in message["tool_calls"].as_array().into_iter().flatten() {
                assert!(call["function"]["arguments"].is_object(), "{message}");
            }
            for image in message["images"].as_array().into_iter().flatten() {
                assert_eq!(image, "YWJj");
            }
        }
        Ok(())
    });
}
