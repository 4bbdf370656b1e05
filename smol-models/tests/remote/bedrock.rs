//! Bedrock's wire: what is sent, signed and read, without the service.

use super::{
    conversations::any_request,
    server::{Answer, Server, question},
    wire::{reply, sent, whole},
};
use arbtest::arbtest;
use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message as Frame};
use reqwest::Url;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};
use smol_core::{
    message::{Media, Message, Opaque, Part, Role, TokenUsage, ToolCall},
    model::{Delta, ModelError, Reply, Request, StopReason, ToolChoice, complete},
    tool::ToolSpec,
};
use smol_models::{
    bedrock::{BedrockConverse, BedrockModel, Credentials, Frames},
    dialect::{Dialect, Heard, Settings, Unsigned, WireError},
    sse::Event,
};
use std::{
    collections::HashSet,
    time::{Duration, SystemTime},
};

/// A model that takes no marks for caching.
const PLAIN: &str = "mistral.mistral-large-2402-v1:0";
const KEY: (&str, &str) = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

fn wire() -> BedrockConverse {
    BedrockConverse::new("us-east-1")
}

fn body_for(model: &str, request: &Request) -> Value {
    sent(&wire(), request, &Settings { model: model.into(), ..Settings::default() }, false)
}

fn body(request: &Request) -> Value {
    body_for(PLAIN, request)
}

fn asked(messages: Vec<Message>, tools: &[&str]) -> Request {
    let mut request = Request::new(messages);
    request.tools = tools.iter().map(|name| ToolSpec::new(*name, "")).collect();
    request
}

fn call(id: &str, name: &str, arguments: Value) -> ToolCall {
    ToolCall { id: id.into(), name: name.into(), arguments }
}

fn asks(text: &str, calls: Vec<ToolCall>) -> Message {
    Message { tool_calls: calls, ..Message::new(Role::Assistant, text) }
}

fn says(id: &str, text: &str) -> Message {
    Message { tool_call_id: Some(id.into()), ..Message::new(Role::Tool, text) }
}

fn used(id: &str, name: &str, input: Value) -> Value {
    json!({"toolUse": {"toolUseId": id, "name": name, "input": input}})
}

fn result(id: &str, text: &str) -> Value {
    json!({"toolResult": {"toolUseId": id, "content": [{"text": text}]}})
}

fn turn(role: &str, content: Value) -> Value {
    json!({"role": role, "content": content})
}

#[test]
fn turns_alternate() {
    #[track_caller]
    fn check(messages: &[(Role, &str)], expect: Value) {
        let messages = messages.iter().map(|(role, text)| Message::new(*role, *text)).collect();
        assert_eq!(body(&Request::new(messages))["messages"], expect);
    }
    let begin = || turn("user", json!([{"text": "(nothing)"}]));
    let (user, model) = (Role::User, Role::Assistant);
    check(&[(user, "a"), (user, "b")], json!([turn("user", json!([{"text": "a"}, {"text": "b"}]))]));
    check(&[(user, "a"), (user, " \n"), (model, "")], json!([turn("user", json!([{"text": "a"}]))]));
    check(&[], json!([begin()]));
    check(&[(model, "a")], json!([begin(), turn("assistant", json!([{"text": "a"}]))]));
    let system = Request::new(vec![Message::new(Role::System, "be brief"), Message::new(Role::System, "")]);
    assert_eq!(body(&system), json!({"system": [{"text": "be brief"}], "messages": [begin()]}));
}

#[test]
fn media_go_as_bytes_or_from_s3() {
    #[track_caller]
    fn check(part: Part, expect: Value) {
        let message = Message { content: vec![part], ..Message::new(Role::User, "") };
        assert_eq!(body(&Request::new(vec![message]))["messages"], json!([turn("user", json!([expect]))]));
    }
    let bytes = |format: &str| json!({"format": format, "source": {"bytes": "YWJj"}});
    check(Part::Image(Media::bytes("image/jpeg", b"abc")), json!({"image": bytes("jpeg")}));
    check(Part::Image(Media::Url("data:image/jpg;base64,YWJj".into())), json!({"image": bytes("jpeg")}));
    check(Part::Audio(Media::bytes("audio/x-wav", b"abc")), json!({"audio": bytes("wav")}));
    check(Part::Audio(Media::bytes("audio/mpeg", b"abc")), json!({"audio": bytes("mp3")}));
    check(Part::Video(Media::bytes("video/3gpp", b"abc")), json!({"video": bytes("three_gp")}));
    let far = json!({"format": "mkv", "source": {"s3Location": {"uri": "s3://b/a.mkv"}}});
    check(Part::Video(Media::Url("s3://b/a.mkv".into())), json!({ "video": far }));
    let content = vec![Part::Image(Media::Url("https://example.org/a.jpg".into()))];
    let asked = Request::new(vec![Message { content, ..Message::new(Role::User, "") }]);
    let error = wire().request(&asked, &Settings::default(), true).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the image at `https://example.org/a.jpg` cannot be sent: Bedrock fetches only from S3\n\n\
         hint: save it in a file and give the path of that, or an address such as `s3://bucket/key`"
    );
}

#[test]
fn every_call_has_its_result_in_the_next_turn() {
    #[track_caller]
    fn check(messages: Vec<Message>, expect: Value) {
        let mut all = vec![Message::new(Role::User, "go")];
        all.extend(messages);
        let mut turns = vec![turn("user", json!([{"text": "go"}]))];
        turns.extend(expect.as_array().unwrap().clone());
        assert_eq!(body(&asked(all, &["add"]))["messages"], Value::from(turns));
    }
    let add = |id: &str| call(id, "add", json!({"a": 1}));
    let used = |id: &str| used(id, "add", json!({"a": 1}));
    let unanswered = |id: &str| result(id, "no result: the call was not carried out");
    check(
        vec![
            asks("so", vec![add("x"), add("y")]),
            Message::new(Role::User, "and"),
            says("y", "2"),
            says("x", " "),
        ],
        json!([
            turn("assistant", json!([{"text": "so"}, used("x"), used("y")])),
            turn("user", json!([result("x", "(nothing)"), result("y", "2"), {"text": "and"}])),
        ]),
    );
    // Calls without results, results without calls, and ids that come again.
    check(
        vec![
            asks("", vec![add("x")]),
            Message::new(Role::User, "and"),
            asks("", vec![add("x")]),
            says("x", "1"),
            says("x", "2"),
        ],
        json!([
            turn("assistant", json!([used("x")])),
            turn("user", json!([unanswered("x"), {"text": "and"}])),
            turn("assistant", json!([used("x_2")])),
            turn("user", json!([result("x_2", "1"), {"text": "2"}])),
        ]),
    );
    let odd = call("a b/ü", "get time", "{broken".into());
    let wrapped = json!({"malformed_arguments": "{broken"});
    check(
        vec![asks("", vec![odd])],
        json!([
            turn(
                "assistant",
                json!([{"toolUse": {"toolUseId": "a_b__", "name": "get_time", "input": wrapped}}])
            ),
            turn("user", json!([unanswered("a_b__")])),
        ]),
    );
}

#[test]
fn without_tools_on_offer_calls_are_told() {
    let messages = vec![asks("", vec![call("x", "add", json!({"a": 1}))]), says("x", "1")];
    let expect = json!([
        turn("user", json!([{"text": "(nothing)"}])),
        turn("assistant", json!([{"text": "I call the tool `add` with {\"a\":1}"}])),
        turn("user", json!([{"text": "The tool `add` gave:"}, {"text": "1"}])),
    ]);
    assert_eq!(body(&Request::new(messages.clone())), json!({ "messages": expect }));
    let mut forbidden = asked(messages, &["add"]);
    forbidden.tool_choice = ToolChoice::None;
    assert_eq!(body(&forbidden), json!({ "messages": expect }));
}

#[test]
fn thoughts_go_back_before_what_they_led_to() {
    let thought = json!({"reasoningContent": {"reasoningText": {"text": "so", "signature": "s"}}});
    let opaque = |wire: &str| kept(wire, 0, 0, thought.clone());
    let opaque = vec![opaque("bedrock"), opaque("anthropic")];
    let thinks = |text: &str| Message { opaque: opaque.clone(), ..Message::new(Role::Assistant, text) };
    let sent =
        |message| body(&Request::new(vec![Message::new(Role::User, "go"), message]))["messages"][1].clone();
    assert_eq!(sent(thinks("a")), turn("assistant", json!([thought, {"text": "a"}])));
    assert_eq!(sent(thinks("")), turn("assistant", json!([thought, {"text": "(nothing)"}])));
}

/// A part that goes back after so many bytes of text and so many calls.
fn kept(wire: &str, text: usize, calls: usize, part: Value) -> Opaque {
    Opaque { wire: wire.into(), value: json!({"text": text, "instead": 0, "calls": calls, "part": part}) }
}

#[test]
fn settings_and_tools_become_fields() {
    let mut request = asked(vec![Message::new(Role::User, "go")], &["add"]);
    request.stop = vec!["</code>".into(), "\n".into()];
    request.schema = Some(json!({"type": "object"}));
    let extra = json!({
        "top_k": 5, "thinking": {"type": "enabled"}, "inferenceConfig": {"topP": 0.9, "temperature": null},
        "performanceConfig": {"latency": "optimized"}, "outputConfig": null,
    });
    let settings = Settings {
        model: PLAIN.into(),
        temperature: Some(0.5),
        max_tokens: Some(9),
        extra_body: extra.as_object().cloned().unwrap_or_default(),
    };
    let input = json!({"json": {"type": "object", "properties": {}}});
    let expect = json!({
        "messages": [turn("user", json!([{"text": "go"}]))],
        "inferenceConfig": {"maxTokens": 9, "stopSequences": ["</code>"], "topP": 0.9},
        "toolConfig": {"tools": [{"toolSpec": {"name": "add", "description": "add", "inputSchema": input}}], "toolChoice": {"auto": {}}},
        "additionalModelRequestFields": {"top_k": 5, "thinking": {"type": "enabled"}},
        "performanceConfig": {"latency": "optimized"},
    });
    assert_eq!(sent(&wire(), &request, &settings, true), expect);
    let settings = Settings { extra_body: Map::new(), ..settings };
    let schema = json!({"jsonSchema": {"name": "reply", "schema": "{\"type\":\"object\"}"}});
    let format = json!({"textFormat": {"type": "json_schema", "structure": schema}});
    assert_eq!(sent(&wire(), &request, &settings, true)["outputConfig"], format);
    assert_eq!(body_for("us.meta.llama3-3-70b-instruct-v1:0", &request).get("inferenceConfig"), None);
    for (choice, expect) in [
        (ToolChoice::Required, json!({"any": {}})),
        (ToolChoice::Tool("add".into()), json!({"tool": {"name": "add"}})),
    ] {
        request.tool_choice = choice;
        assert_eq!(body(&request)["toolConfig"]["toolChoice"], expect);
    }
}

#[test]
fn the_prompt_is_marked_where_it_may_be_kept() {
    let mark = json!({"cachePoint": {"type": "default"}});
    let check = |wire: BedrockConverse, model: &str, expect: bool| {
        let messages =
            [(Role::System, "be brief"), (Role::User, "a"), (Role::Assistant, "b"), (Role::User, "c")];
        let request = Request::new(messages.map(|(role, text)| Message::new(role, text)).into());
        let body = sent(&wire, &request, &Settings { model: model.into(), ..Settings::default() }, true);
        let marks = if expect { vec![mark.clone()] } else { Vec::new() };
        let with_marks = |block: Value| Value::from([vec![block], marks.clone()].concat());
        assert_eq!(body["system"], with_marks(json!({"text": "be brief"})), "{model}");
        assert_eq!(body["messages"][0]["content"], json!([{"text": "a"}]), "{model}");
        assert_eq!(body["messages"][2]["content"], with_marks(json!({"text": "c"})), "{model}");
    };
    check(wire(), "us.anthropic.claude-sonnet-4-20250514-v1:0", true);
    check(wire(), "amazon.nova-lite-v1:0", true);
    check(wire(), "anthropic.claude-3-5-haiku-20241022-v1:0", true);
    check(wire(), "anthropic.claude-3-haiku-20240307-v1:0", false);
    check(wire(), PLAIN, false);
    check(wire().prompt_caching(true), PLAIN, true);
    check(wire().prompt_caching(false), "amazon.nova-lite-v1:0", false);
    let answered = Request::new(vec![Message::new(Role::User, "a"), Message::new(Role::Assistant, "b")]);
    assert!(!body_for("amazon.nova-lite-v1:0", &answered).to_string().contains("cachePoint"));
}

#[test]
fn every_conversation_keeps_to_the_wire() {
    arbtest(|source| {
        let request = any_request(source, "bedrock")?;
        keeps_to_the_wire(&body(&request));
        keeps_to_the_wire(&body_for("amazon.nova-lite-v1:0", &request));
        Ok(())
    });
}

/// What the service would refuse.
#[track_caller]
fn keeps_to_the_wire(body: &Value) {
    let (mut ids, mut open) = (HashSet::new(), Vec::<String>::new());
    for (index, turn) in body["messages"].as_array().unwrap().iter().enumerate() {
        assert_eq!(turn["role"], if index % 2 == 0 { "user" } else { "assistant" }, "{body}");
        let content = turn["content"].as_array().unwrap();
        assert!(!content.is_empty(), "{body}");
        let results = content.iter().map_while(|block| block["toolResult"]["toolUseId"].as_str());
        let mut answered: Vec<String> = results.map(str::to_owned).collect();
        answered.sort();
        open.sort();
        assert_eq!(answered, open, "{body}");
        assert!(content[answered.len()..].iter().all(|block| block.get("toolResult").is_none()), "{body}");
        open.clear();
        for block in content {
            assert!(block["text"].as_str().is_none_or(|text| !text.trim().is_empty()), "{body}");
            if let Some(call) = block.get("toolUse") {
                assert!(call["input"].is_object() && is_spelled(&call["name"], "_-"), "{body}");
                assert!(is_spelled(&call["toolUseId"], "_.:-"), "{body}");
                open.push(call["toolUseId"].as_str().unwrap().to_owned());
                assert!(ids.insert(call["toolUseId"].clone()), "{body}");
                assert!(body.get("toolConfig").is_some(), "{body}");
            }
        }
    }
    assert!(open.is_empty() && body["messages"][0].is_object(), "{body}");
}

fn is_spelled(name: &Value, also: &str) -> bool {
    let name = name.as_str().unwrap();
    (1..=64).contains(&name.len())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || also.contains(letter))
}

/// A message of a stream, as bytes.
fn frame(headers: &[(&str, &str)], data: &str) -> Vec<u8> {
    let mut message = Frame::new(data.as_bytes().to_vec());
    for (name, value) in headers {
        message = message
            .add_header(Header::new((*name).to_owned(), HeaderValue::String((*value).to_owned().into())));
    }
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

fn event(name: &str, data: Value) -> Vec<u8> {
    let headers = [(":event-type", name), (":content-type", "application/json"), (":message-type", "event")];
    frame(&headers, &data.to_string())
}

fn exception(name: &str, data: Value) -> Vec<u8> {
    frame(&[(":exception-type", name), (":message-type", "exception")], &data.to_string())
}

/// A stream of the service.
fn stream() -> Vec<Vec<u8>> {
    let delta = |index: u64, delta: Value| {
        event("contentBlockDelta", json!({"contentBlockIndex": index, "delta": delta}))
    };
    let stop = |index: u64| event("contentBlockStop", json!({ "contentBlockIndex": index }));
    let start = |index: u64, id: &str, name: &str| {
        let call = json!({"toolUse": {"toolUseId": id, "name": name}});
        event("contentBlockStart", json!({"contentBlockIndex": index, "start": call}))
    };
    vec![
        event("messageStart", json!({"role": "assistant"})),
        delta(0, json!({"reasoningContent": {"text": "The user "}})),
        delta(0, json!({"reasoningContent": {"text": "asks."}})),
        delta(0, json!({"reasoningContent": {"signature": "sig"}})),
        stop(0),
        delta(1, json!({"reasoningContent": {"redactedContent": "cmVk"}})),
        stop(1),
        delta(2, json!({"text": "Grü"})),
        delta(2, json!({"text": "ße"})),
        stop(2),
        start(3, "x", "add"),
        delta(3, json!({"toolUse": {"input": "{\"a\""}})),
        delta(3, json!({"toolUse": {"input": ":1}"}})),
        stop(3),
        start(4, "y", "sub"),
        stop(4),
        event("messageStop", json!({"stopReason": "tool_use"})),
        event(
            "metadata",
            json!({"metrics": {"latencyMs": 1}, "usage": {"inputTokens": 3, "outputTokens": 7, "totalTokens": 30, "cacheReadInputTokens": 12, "cacheWriteInputTokens": 8}}),
        ),
    ]
}

fn told() -> Reply {
    let thought = |value: Value| kept("bedrock", 0, 0, json!({ "reasoningContent": value }));
    let signed = json!({"reasoningText": {"text": "The user asks.", "signature": "sig"}});
    Reply {
        text: "Grüße".into(),
        reasoning: "The user asks.".into(),
        tool_calls: vec![call("x", "add", json!({"a": 1})), call("y", "sub", json!({}))],
        opaque: vec![thought(signed), thought(json!({"redactedContent": "cmVk"}))],
        usage: Some(TokenUsage { cached_tokens: 12, ..TokenUsage::new(23, 7) }),
        stop: StopReason::ToolCalls,
    }
}

fn model(server: &Server) -> BedrockModel {
    BedrockModel::new("amazon.nova-lite-v1:0", "us-east-1").api_base(server.url.replace("/v1", "")).retries(0)
}

#[tokio::test]
async fn a_stream_is_the_same_in_network_chunks_of_any_size() {
    let bytes = stream().concat();
    let server = Server::start([1, 3, 7, 100, 10_000].map(|size| Answer::stream(bytes.chunks(size))));
    for _ in 0..5 {
        assert_eq!(complete(&model(&server).api_key("key"), question()).await.as_ref(), Ok(&told()));
    }
    let head = server.requests()[0].0.to_lowercase();
    assert!(head.starts_with("post /model/amazon.nova-lite-v1%3a0/converse-stream http/1.1\r\n"), "{head}");
    assert!(head.contains("\r\nauthorization: bearer key\r\n"), "{head}");
}

#[test]
fn a_whole_reply_is_read() {
    let body = json!({
        "output": {"message": {"role": "assistant", "content": [
            {"reasoningContent": {"reasoningText": {"text": "The user asks.", "signature": "sig"}}},
            {"reasoningContent": {"redactedContent": "cmVk"}},
            {"citationsContent": {"content": [{"text": "Grü"}], "citations": []}},
            {"text": "ße"},
            used("x", "add", json!({"a": 1})),
            used("y", "sub", json!({})),
        ]}},
        "stopReason": "tool_use",
        "usage": {"inputTokens": 3, "outputTokens": 7, "cacheReadInputTokens": 12, "cacheWriteInputTokens": 8},
    });
    assert_eq!(reply(&wire(), &body).map(whole), Ok(told()));
    let unsigned = json!({"reasoningContent": {"reasoningText": {"text": "so"}}});
    let body =
        json!({"output": {"message": {"content": [unsigned, {"text": "a"}]}}, "stopReason": "max_tokens"});
    let expect =
        Reply { text: "a".into(), reasoning: "so".into(), stop: StopReason::Length, ..Reply::default() };
    assert_eq!(reply(&wire(), &body).map(whole), Ok(expect));
    let error = reply(&wire(), &json!({"id": 1})).unwrap_err();
    assert_eq!(error.to_string(), "there is no `output` in `{\"id\":1}`");
}

#[test]
fn why_it_ended() {
    #[track_caller]
    fn check(reason: &str, expect: StopReason) {
        let event = Event { name: "messageStop".into(), data: json!({ "stopReason": reason }).to_string() };
        assert_eq!(wire().events().event(&event), Ok(Heard::Deltas(vec![Delta::Stop(expect)])));
    }
    check("end_turn", StopReason::End);
    check("stop_sequence", StopReason::End);
    check("max_tokens", StopReason::Length);
    check("model_context_window_exceeded", StopReason::Length);
    check("guardrail_intervened", StopReason::Other("guardrail_intervened".into()));
}

#[test]
fn exceptions_have_the_status_of_answers() {
    #[track_caller]
    fn check(name: &str, data: Value, status: u16, message: &str) {
        let mut frames = Frames::new(1000);
        frames.feed(&exception(name, data));
        let event = frames.next_event().unwrap().unwrap();
        let expect = WireError::Refused { status: Some(status), message: message.into() };
        assert_eq!(wire().events().event(&event), Err(expect));
    }
    let says = || json!({"message": "no"});
    check("throttlingException", says(), 429, "no");
    check("validationException", says(), 400, "no");
    check("internalServerException", says(), 500, "no");
    check("serviceUnavailableException", says(), 503, "no");
    check("modelTimeoutException", says(), 408, "no");
    check(
        "modelStreamErrorException",
        json!({"message": "no", "originalMessage": "too long"}),
        424,
        "too long",
    );
    check("newerException", json!({}), 500, "newerException");
}

#[tokio::test]
async fn a_passing_exception_is_tried_again() {
    let slow = exception("throttlingException", json!({"message": "slow down"}));
    let odd =
        frame(&[(":message-type", "error"), (":error-code", "Odd"), (":error-message", "it broke")], "");
    let server =
        Server::start([Answer::stream([slow]), Answer::stream([stream().concat()]), Answer::stream([odd])]);
    assert_eq!(complete(&model(&server).retries(1), question()).await.as_ref(), Ok(&told()));
    let error = complete(&model(&server), question()).await.unwrap_err();
    assert!(
        matches!(&error, ModelError::Status { message, .. } if message == "in its reply, Odd: it broke"),
        "{error:?}"
    );
}

#[test]
fn frames_are_events_however_they_arrive() {
    arbtest(|source| {
        let count = source.int_in_range(0..=4)?;
        let texts = (0..count).map(|_| source.arbitrary::<String>()).collect::<Result<Vec<_>, _>>()?;
        let bytes = texts.iter().map(|text| event("e", json!(text))).collect::<Vec<_>>().concat();
        let (mut frames, mut found, mut rest) = (Frames::new(1 << 20), Vec::new(), &bytes[..]);
        while !rest.is_empty() {
            let (chunk, after) = rest.split_at(source.int_in_range(0..=rest.len())?.max(1));
            rest = after;
            frames.feed(chunk);
            while let Some(event) = frames.next_event().unwrap() {
                found.push(event);
            }
        }
        let expect = |text: &String| Event { name: "e".into(), data: json!(text).to_string() };
        assert_eq!(found, texts.iter().map(expect).collect::<Vec<_>>());
        Ok(())
    });
}

#[test]
fn what_is_no_frame_is_refused() {
    #[track_caller]
    fn check(bytes: &[u8], expect: &str) {
        let mut frames = Frames::new(200);
        frames.feed(bytes);
        let error = frames.next_event().unwrap_err();
        assert!(error.starts_with(expect), "{error}");
    }
    let good = event("e", json!("abc"));
    check(&event("e", json!("a".repeat(200))), "an event is longer than 200 bytes");
    check(b"HTTP/1.1 200 OK", "an event is longer than 200 bytes");
    check(&[0, 0, 0, 0], "an event is damaged: invalid message length");
    for (place, byte) in good.iter().enumerate().skip(4) {
        let mut bytes = good.clone();
        bytes[place] = !byte;
        check(&bytes, "an event is damaged: ");
    }
    arbtest(|source| {
        let mut frames = Frames::new(1 << 10);
        frames.feed(source.bytes(source.len().min(64))?);
        while let Ok(Some(_)) = frames.next_event() {}
        Ok(())
    });
}

/// The signatures are those of botocore 1.44.5 for the same requests.
#[tokio::test]
async fn requests_are_signed_as_other_clients_sign_them() {
    let body = r#"{"messages":[{"role":"user","content":[{"text":"Grüße"}]}]}"#;
    let check = async |credentials: Credentials, base: &str, model: &str, expect: [&str; 3]| {
        let wire = wire().clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_323_045));
        let settings = Settings { model: model.into(), ..Settings::default() };
        let url = wire.url(&Url::parse(base).unwrap(), &settings, expect[1].contains("token"));
        let signed = wire.credentials(credentials);
        let headers = signed.sign(Unsigned { url: &url, body: body.as_bytes() }).await.unwrap();
        let found = |name: &str| {
            let header = headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name));
            header.map(|(_, value)| value.expose_secret().to_owned()).unwrap_or_default()
        };
        assert_eq!(found("x-amz-date"), "20260102T030405Z");
        assert_eq!(found("x-amz-security-token"), expect[0]);
        let scope = format!("AWS4-HMAC-SHA256 Credential={}/20260102/us-east-1/bedrock/aws4_request", KEY.0);
        let expect = format!("{scope}, SignedHeaders={}, Signature={}", expect[1], expect[2]);
        assert_eq!(found("authorization"), expect);
    };
    check(
        Credentials::new(KEY.0, KEY.1),
        "https://bedrock-runtime.us-east-1.amazonaws.com",
        "amazon.nova-lite-v1:0",
        [
            "",
            "content-type;host;x-amz-date",
            "e4bef65653601f9ebddd77e4713c87b082c9c751598166108c7969da99d876e0",
        ],
    )
    .await;
    check(
        Credentials::new(KEY.0, KEY.1).session_token("TOKEN/+="),
        "http://127.0.0.1:8080/prefix/",
        "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.x",
        [
            "TOKEN/+=",
            "content-type;host;x-amz-date;x-amz-security-token",
            "f3e3bc632ec9d8eb9d579c8cc302653db7e6de841db90f82ed93a16418e0f5e8",
        ],
    )
    .await;
}

#[tokio::test]
async fn no_error_or_debug_output_holds_what_signs() {
    let echo = json!({"message": format!("the string should have been {} {} token-canary", KEY.0, KEY.1)})
        .to_string();
    let server = Server::start([Answer::new(403, "content-type: application/json\r\n", &echo)]);
    let model = model(&server).credentials(Credentials::new(KEY.0, KEY.1).session_token("token-canary"));
    let error = complete(&model, question()).await.unwrap_err();
    let hint = "hint: are the credentials right, and may they use this model in this region?";
    let expect = format!("403: the string should have been *** *** ***\n\n{hint}");
    assert!(error.to_string().ends_with(&expect), "{error}");
    let debug = format!("{model:?}");
    assert!(![KEY.0, KEY.1, "canary"].iter().any(|secret| debug.contains(secret)), "{debug}");
    let head = server.requests()[0].0.to_lowercase();
    assert!(head.contains("\r\nx-amz-security-token: token-canary\r\n"), "{head}");
}

#[test]
fn refusals_are_explained() {
    #[track_caller]
    fn check(status: u16, said: &str, expect: Option<&str>) {
        assert_eq!(wire().hint(status, said).as_deref(), expect);
    }
    let profile = "put the group of regions before the model's name, such as `us.` or `eu.`";
    check(400, "Invocation of model ID x with on-demand throughput isn’t supported.", Some(profile));
    let stops =
        "set `inferenceConfig` in `extra_body` to `{\"stopSequences\": null}`: replies are cut all the same";
    check(400, "This model doesn't support the stopSequences field.", Some(stops));
    let once = "ask for replies at once, with `streaming(false)`";
    check(400, "This model doesn't support tool use in streaming mode.", Some(once));
    let marks = "switch the marks off, with `prompt_caching(false)`";
    check(403, "your request did not allow prompt caching", Some(marks));
    check(
        403,
        "The security token included in the request is expired",
        Some("the credentials have run out: get new ones"),
    );
    check(404, "no", Some("is the model's name right, and is it there in this region?"));
    check(400, "no", None);
    check(403, "no", None);
}

#[test]
fn each_region_has_its_address() {
    #[track_caller]
    fn check(region: &str, expect: &str) {
        let debug = format!("{:?}", BedrockModel::new("m", region));
        assert!(debug.contains(&format!("api_base: \"{expect}\"")), "{debug}");
    }
    check("eu-west-1", "https://bedrock-runtime.eu-west-1.amazonaws.com");
    check("cn-north-1", "https://bedrock-runtime.cn-north-1.amazonaws.com.cn");
}
