//! Gemini's wire on bodies and events as its documentation shows them.

use super::{
    server::{Answer, Server, event, question},
    wire::{body, hear, hear_one, reply, whole},
};
use serde_json::{Value, json};
use smol_core::{
    message::{Media, Message, Part, Role, TokenUsage, ToolCall},
    model::{Delta, ModelError, Request, StopReason, ToolChoice, complete},
    tool::ToolSpec,
};
use smol_models::{
    dialect::WireError,
    gemini::{Gemini, GeminiModel},
};

fn said(role: Role, text: &str) -> Message {
    Message::new(role, text)
}

#[track_caller]
fn check(model: &str, messages: Vec<Message>, expect: Value) {
    assert_eq!(body(&Gemini, &Request::new(messages), model, json!({}))["contents"], expect);
}

#[test]
fn a_whole_request() {
    let mut request = Request::new(vec![said(Role::System, "be brief"), said(Role::User, "hi")]);
    request.stop = ["a", "b", "", "c", "d", "e", "f"].map(str::to_owned).to_vec();
    let mut add = ToolSpec::new("add", "Adds.");
    add.input = json!({"$schema": "x", "type": "object", "properties": {"n": {"type": "integer", "exclusiveMinimum": 0}}});
    request.tools = vec![ToolSpec::new("now", "Tells the time."), add];
    request.tool_choice = ToolChoice::Tool("add".into());
    request.temperature = Some(0.5);
    request.max_tokens = Some(99);
    request.schema = Some(json!({"type": "object", "properties": {"kind": {"const": "x"}}}));
    let further = json!({"generationConfig": {"thinkingConfig": {"includeThoughts": true}, "temperature": null}, "cachedContent": "c"});
    let expect = json!({
        "systemInstruction": {"parts": [{"text": "be brief"}]},
        "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
        "tools": [{"functionDeclarations": [
            {"name": "now", "description": "Tells the time."},
            {"name": "add", "description": "Adds.",
                "parametersJsonSchema": {"type": "object", "properties": {"n": {"type": "integer"}}}},
        ]}],
        "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["add"]}},
        "generationConfig": {
            "stopSequences": ["a", "b", "c", "d", "e"], "maxOutputTokens": 99,
            "responseMimeType": "application/json",
            "responseJsonSchema": {"type": "object", "properties": {"kind": {"enum": ["x"]}}},
            "thinkingConfig": {"includeThoughts": true},
        },
        "cachedContent": "c",
    });
    assert_eq!(body(&Gemini, &request, "gemini-2.5-flash", further), expect);
    for (choice, mode) in [(ToolChoice::Required, "ANY"), (ToolChoice::None, "NONE")] {
        request.tool_choice = choice;
        let body = body(&Gemini, &request, "gemini-2.5-flash", json!({}));
        assert_eq!(body["toolConfig"], json!({"functionCallingConfig": {"mode": mode}}));
    }
}

#[test]
fn a_model_without_system_text_hears_it_from_the_person() {
    let messages = vec![said(Role::System, "be brief"), said(Role::User, "hi")];
    let expect = json!({"contents": [{"role": "user", "parts": [{"text": "be brief"}, {"text": "hi"}]}]});
    assert_eq!(body(&Gemini, &Request::new(messages), "gemma-3-27b-it", json!({})), expect);
}

#[test]
fn parts_of_all_kinds() {
    let content = vec![
        Part::Text("see".into()),
        Part::Image(Media::bytes("image/png", b"abc")),
        Part::Audio(Media::Url("https://example.org/a.wav?x=1".into())),
        Part::Video(Media::Url("https://example.org/watch".into())),
        Part::Image(Media::Url("data:image/gif;base64,eHl6".into())),
    ];
    let expect = json!([{"role": "user", "parts": [
        {"text": "see"},
        {"inlineData": {"mimeType": "image/png", "data": "YWJj"}},
        {"fileData": {"mimeType": "audio/wav", "fileUri": "https://example.org/a.wav?x=1"}},
        {"fileData": {"mimeType": "video/mp4", "fileUri": "https://example.org/watch"}},
        {"inlineData": {"mimeType": "image/gif", "data": "eHl6"}},
    ]}]);
    check("gemini-2.5-flash", vec![Message { content, ..said(Role::User, "") }], expect);
}

#[test]
fn calls_of_another_model_and_their_answers() {
    let call = |id: &str| ToolCall { id: id.into(), name: "look".into(), arguments: json!({"at": id}) };
    let calling = Message { tool_calls: vec![call("a"), call("b")], ..said(Role::Assistant, "I look.") };
    let seen = vec![Part::Text("seen".into()), Part::Image(Media::bytes("image/png", b"abc"))];
    let answer = Message { content: seen, tool_call_id: Some("b".into()), ..said(Role::Tool, "") };
    let asked = |id: &str| json!({"functionCall": {"id": id, "name": "look", "args": {"at": id}}});
    let answered = |id: &str, response: Value| json!({"functionResponse": {"id": id, "name": "look", "response": response}});
    let mut first = asked("a");
    for (model, signature) in
        [("gemini-2.5-flash", None), ("gemini-3-pro-preview", Some("skip_thought_signature_validator"))]
    {
        if let Some(signature) = signature {
            first["thoughtSignature"] = signature.into();
        }
        let expect = json!([
            {"role": "user", "parts": [{"text": "go"}]},
            {"role": "model", "parts": [{"text": "I look."}, first, asked("b")]},
            {"role": "user", "parts": [
                answered("a", json!({"error": "no result: the call was not carried out"})),
                answered("b", json!({"output": "seen"})),
                {"inlineData": {"mimeType": "image/png", "data": "YWJj"}},
            ]},
        ]);
        check(model, vec![said(Role::User, "go"), calling.clone(), answer.clone()], expect);
    }
}

fn chunk(parts: Value) -> Value {
    json!({"responseId": "r1", "candidates": [{"index": 0, "content": {"role": "model", "parts": parts}}]})
}

#[test]
fn a_stream_is_read_and_signatures_go_back() {
    let mut last = chunk(json!([{"text": "", "thoughtSignature": "sig-text"}]));
    last["candidates"][0]["finishReason"] = "STOP".into();
    last["usageMetadata"] = json!({"promptTokenCount": 20, "toolUsePromptTokenCount": 1, "cachedContentTokenCount": 8,
        "candidatesTokenCount": 5, "thoughtsTokenCount": 30, "totalTokenCount": 56});
    let code = json!({"executableCode": {"language": "PYTHON", "code": "1"}});
    let events = [
        chunk(json!([{"text": "Let me look.", "thought": true}])),
        chunk(json!([{"text": "I "}])),
        chunk(json!([{"text": "look."}, code])),
        chunk(
            json!([{"functionCall": {"name": "look", "args": {"at": "Zürich"}}, "thoughtSignature": "sig-call"}]),
        ),
        chunk(json!([{"functionCall": {"id": "own", "name": "now"}}])),
        last,
    ];
    let reply = whole(hear(&Gemini, &events));
    assert_eq!((reply.text.as_str(), reply.reasoning.as_str()), ("I look.", "Let me look."));
    let call = |id: &str, name: &str, arguments| ToolCall { id: id.into(), name: name.into(), arguments };
    let calls = [call("r1_0", "look", json!({"at": "Zürich"})), call("own", "now", json!({}))];
    assert_eq!((&reply.tool_calls[..], &reply.stop), (&calls[..], &StopReason::ToolCalls));
    assert_eq!(reply.usage, Some(TokenUsage { cached_tokens: 8, ..TokenUsage::new(21, 35) }));
    let calling =
        Message { tool_calls: reply.tool_calls, opaque: reply.opaque, ..said(Role::Assistant, &reply.text) };
    let body = body(&Gemini, &Request::new(vec![said(Role::User, "go"), calling]), "gemini-3-pro", json!({}));
    let expect = json!([
        {"text": "I look."},
        code,
        {"functionCall": {"id": "r1_0", "name": "look", "args": {"at": "Zürich"}}, "thoughtSignature": "sig-call"},
        {"functionCall": {"id": "own", "name": "now", "args": {}}},
        {"text": "", "thoughtSignature": "sig-text"},
    ]);
    assert_eq!(body["contents"][1]["parts"], expect);
}

#[test]
fn reasons_to_stop() {
    #[track_caller]
    fn check(reason: &str, expect: StopReason) {
        let mut body = chunk(json!([{"text": "a"}]));
        body["candidates"][0]["finishReason"] = reason.into();
        let text = Delta::Text("a".into());
        assert_eq!(reply(&Gemini, &body), Ok(vec![text, Delta::Stop(expect)]), "{reason}");
    }
    check("STOP", StopReason::End);
    check("MAX_TOKENS", StopReason::Length);
    check("SAFETY", StopReason::Other("SAFETY".into()));
    check("MALFORMED_FUNCTION_CALL", StopReason::Other("MALFORMED_FUNCTION_CALL".into()));
}

#[test]
fn refusals_are_told() {
    #[track_caller]
    fn check(body: Value, status: Option<u16>, message: &str) {
        let expect = WireError::Refused { status, message: message.into() };
        assert_eq!(hear_one(&Gemini, &body.to_string()), Err(expect.clone()), "{body}");
        assert_eq!(reply(&Gemini, &body), Err(expect), "{body}");
    }
    let error = json!({"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}});
    check(error.clone(), Some(503), "overloaded");
    check(json!([error]), Some(503), "overloaded");
    check(
        json!({"promptFeedback": {"blockReason": "SAFETY"}}),
        Some(400),
        "the prompt was blocked (`SAFETY`)",
    );
    let more = json!({"promptFeedback": {"blockReason": "OTHER", "blockReasonMessage": "no"}});
    check(more, Some(400), "the prompt was blocked (`OTHER`): no");
    let error = reply(&Gemini, &json!({"id": 1})).unwrap_err().to_string();
    assert_eq!(error, "there are no `candidates` in `{\"id\":1}`");
}

#[tokio::test]
async fn where_it_asks() {
    let mut last = chunk(json!([{"text": "hi"}]));
    last["candidates"][0]["finishReason"] = "STOP".into();
    let gone = json!({"error": {"code": 404, "message": "no such model", "status": "NOT_FOUND"}}).to_string();
    let server = Server::start([
        Answer::stream([event(&last)]),
        Answer::json(&last),
        Answer::new(404, "content-type: application/json\r\n", &gone),
    ]);
    let model = |name: &str| GeminiModel::new(name).api_base(&server.url).api_key("AIza-key").retries(0);
    assert_eq!(complete(&model("gemini-2.5-flash"), question()).await.unwrap().text, "hi");
    assert_eq!(complete(&model("tunedModels/mine").streaming(false), question()).await.unwrap().text, "hi");
    let error = complete(&model("gone"), question()).await.unwrap_err();
    let ModelError::Status { status: 404, hint, .. } = &error else { panic!("{error:?}") };
    assert_eq!(hint, "is the model there, and is the address right up to its `/v1`?");
    let heads: Vec<String> = server.requests().into_iter().map(|(head, _)| head).collect();
    for (head, path) in heads.iter().zip([
        "POST /v1/models/gemini-2.5-flash:streamGenerateContent?alt=sse HTTP/1.1\r\n",
        "POST /v1/tunedModels/mine:generateContent HTTP/1.1\r\n",
    ]) {
        assert!(head.starts_with(path), "{head}");
        assert!(head.contains("x-goog-api-key: AIza-key\r\n"), "{head}");
    }
}
