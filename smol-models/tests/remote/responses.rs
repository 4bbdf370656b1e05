//! OpenAI's responses on bodies and events as their documentation shows them.

use super::{
    server::{Answer, Server, event, question},
    wire::{body, hear, hear_one, reply, whole},
};
use serde_json::{Value, json};
use smol_core::{
    message::{Media, Message, Part, Role, TokenUsage, ToolCall},
    model::{Reply, Request, StopReason, ToolChoice, complete},
    tool::ToolSpec,
};
use smol_models::{
    dialect::WireError,
    responses::{Responses, ResponsesModel},
};

fn said(role: Role, text: &str) -> Message {
    Message::new(role, text)
}

#[track_caller]
fn check(messages: Vec<Message>, expect: Value) {
    assert_eq!(body(&Responses, &Request::new(messages), "gpt-4.1", json!({}))["input"], expect);
}

#[test]
fn a_whole_request() {
    let mut request = Request::new(vec![said(Role::System, "be brief"), said(Role::User, "hi")]);
    request.stop = vec!["</code>".into()];
    request.tools = vec![ToolSpec::new("now", "Tells the time.")];
    request.tool_choice = ToolChoice::Tool("now".into());
    request.temperature = Some(0.5);
    request.max_tokens = Some(3);
    request.schema = Some(json!({"type": "object", "additionalProperties": false}));
    let mut expect = json!({
        "model": "gpt-4.1", "instructions": "be brief",
        "input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}],
        "tools": [{"type": "function", "name": "now", "description": "Tells the time.",
            "parameters": {"type": "object", "properties": {}}, "strict": false}],
        "tool_choice": {"type": "function", "name": "now"},
        "text": {"format": {"type": "json_schema", "name": "reply", "strict": true,
            "schema": {"type": "object", "additionalProperties": false}}},
        "temperature": 0.5, "max_output_tokens": 16, "store": false, "stream": true, "user": "u",
    });
    assert_eq!(body(&Responses, &request, "gpt-4.1", json!({"user": "u"})), expect);
    expect["model"] = "gpt-5-mini".into();
    expect["include"] = json!(["reasoning.encrypted_content"]);
    assert_eq!(body(&Responses, &request, "gpt-5-mini", json!({"user": "u"})), expect);
    for (choice, word) in [
        (ToolChoice::Required, json!("required")),
        (ToolChoice::None, json!("none")),
        (ToolChoice::Auto, Value::Null),
    ] {
        request.tool_choice = choice;
        assert_eq!(body(&Responses, &request, "m", json!({})).get("tool_choice").unwrap_or_default(), &word);
    }
}

#[test]
fn turns_become_items() {
    check(vec![], json!([{"role": "user", "content": "(nothing)"}]));
    let call = |id: &str, arguments| ToolCall { id: id.into(), name: "look".into(), arguments };
    let calls = vec![call("a", json!({"at": "ü"})), call("b", json!("{broken")), call("c", json!({}))];
    let picture = Part::Image(Media::bytes("image/png", b"abc"));
    let far = Part::Image(Media::Url("https://example.org/a.png".into()));
    let answer =
        |id: &str, content| Message { content, tool_call_id: Some(id.into()), ..said(Role::Tool, "") };
    let asked = |id: &str, arguments: &str| json!({"type": "function_call", "call_id": id, "name": "look", "arguments": arguments});
    let answered =
        |id: &str, output: Value| json!({"type": "function_call_output", "call_id": id, "output": output});
    let image = |url: &str| json!({"type": "input_image", "image_url": url, "detail": "auto"});
    let messages = vec![
        Message { content: vec![Part::Text("see".into()), far], ..said(Role::User, "") },
        Message { tool_calls: calls, ..said(Role::Assistant, "I look.") },
        answer("b", vec![Part::Text("seen".into()), picture]),
        answer("a", vec![Part::Text("one".into()), Part::Text("two".into())]),
    ];
    let text = json!({"type": "input_text", "text": "seen"});
    let expect = json!([
        {"role": "user", "content": [{"type": "input_text", "text": "see"}, image("https://example.org/a.png")]},
        {"role": "assistant", "content": "I look."},
        asked("a", "{\"at\":\"ü\"}"), asked("b", "{\"malformed_arguments\":\"{broken\"}"), asked("c", "{}"),
        answered("a", "one\ntwo".into()),
        answered("b", json!([text, image("data:image/png;base64,YWJj")])),
        answered("c", "no result: the call was not carried out".into()),
    ]);
    check(messages, expect);
}

fn item(kind: &str, index: u64, item: Value) -> Value {
    json!({"type": format!("response.output_item.{kind}"), "output_index": index, "item": item})
}

/// A stream with reasoning, a message that says which part of the work it is, and two calls.
fn events() -> Vec<Value> {
    let reasoning =
        |secret: &str| json!({"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": secret});
    let call = |id: &str, arguments: &str| json!({"id": format!("fc_{id}"), "type": "function_call", "call_id": id, "name": "look", "arguments": arguments});
    let message = |text: &str| json!({"id": "msg_1", "type": "message", "role": "assistant", "phase": "commentary", "content": [{"type": "output_text", "text": text}]});
    let piece = |kind: &str, id: &str, delta: &str| json!({"type": format!("response.{kind}.delta"), "item_id": id, "delta": delta});
    vec![
        json!({"type": "response.created", "response": {"id": "resp_1", "status": "in_progress", "error": null}}),
        item("added", 0, reasoning("")),
        piece("reasoning_summary_text", "rs_1", "Let me "),
        piece("reasoning_summary_text", "rs_1", "look."),
        item("done", 0, reasoning("gAAA")),
        item("added", 1, message("")),
        piece("output_text", "msg_1", "I "),
        piece("output_text", "msg_1", "look."),
        json!({"type": "response.output_text.done", "item_id": "msg_1", "text": "I look."}),
        item("done", 1, message("I look.")),
        item("added", 2, call("a", "")),
        item("added", 3, call("b", "")),
        piece("function_call_arguments", "fc_a", "{\"at\":"),
        piece("function_call_arguments", "fc_a", "\"Zürich\"}"),
        json!({"type": "response.function_call_arguments.done", "item_id": "fc_a", "arguments": "{\"at\":\"Zürich\"}"}),
        item("done", 2, call("a", "{\"at\":\"Zürich\"}")),
        item("done", 3, call("b", "{\"at\":\"Bern\"}")),
        json!({"type": "response.completed", "response": {"status": "completed", "error": null, "usage": {
            "input_tokens": 30, "input_tokens_details": {"cached_tokens": 20}, "output_tokens": 9, "total_tokens": 39}}}),
    ]
}

#[test]
fn a_stream_is_read_and_reasoning_goes_back_in_its_place() {
    let reply = whole(hear(&Responses, &events()));
    assert_eq!((reply.text.as_str(), reply.reasoning.as_str()), ("I look.", "Let me look."));
    let call = |id: &str, place: &str| ToolCall {
        id: id.into(),
        name: "look".into(),
        arguments: json!({"at": place}),
    };
    assert_eq!(
        (&reply.tool_calls[..], &reply.stop),
        (&[call("a", "Zürich"), call("b", "Bern")][..], &StopReason::ToolCalls)
    );
    assert_eq!(reply.usage, Some(TokenUsage { cached_tokens: 20, ..TokenUsage::new(30, 9) }));
    let calling =
        Message { tool_calls: reply.tool_calls, opaque: reply.opaque, ..said(Role::Assistant, &reply.text) };
    let answer = |id: &str| Message { tool_call_id: Some(id.into()), ..said(Role::Tool, "rain") };
    let output = |id: &str| json!({"type": "function_call_output", "call_id": id, "output": "rain"});
    let asked = |id: &str, place: &str| json!({"type": "function_call", "call_id": id, "name": "look", "arguments": format!("{{\"at\":\"{place}\"}}")});
    let expect = json!([
        {"role": "user", "content": [{"type": "input_text", "text": "go"}]},
        {"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "gAAA"},
        {"id": "msg_1", "type": "message", "role": "assistant", "phase": "commentary",
            "content": [{"type": "output_text", "text": "I look."}]},
        asked("a", "Zürich"), asked("b", "Bern"), output("a"), output("b"),
    ]);
    check(vec![said(Role::User, "go"), calling, answer("a"), answer("b")], expect);
}

#[test]
fn a_reply_at_once_reads_as_its_stream() {
    let events = events();
    let done = events.iter().filter(|event| event["type"] == "response.output_item.done");
    let output: Vec<Value> = done.map(|event| event["item"].clone()).collect();
    let mut body = events.last().unwrap()["response"].clone();
    body["output"] = output.into();
    let expect = Reply { reasoning: String::new(), ..whole(hear(&Responses, &events)) };
    assert_eq!(whole(reply(&Responses, &body).unwrap()), expect, "its summary is empty");
    let error = reply(&Responses, &json!({"id": 1})).unwrap_err().to_string();
    assert_eq!(error, "there is no `output` in `{\"id\":1}`");
}

#[test]
fn ends_of_all_kinds() {
    #[track_caller]
    fn check(reply: Value, expect: StopReason) {
        let event = json!({"type": "response.incomplete", "response": reply});
        assert_eq!(whole(hear(&Responses, &[event])).stop, expect, "{reply}");
    }
    let because = |reason: &str| json!({"status": "incomplete", "incomplete_details": {"reason": reason}});
    check(because("max_output_tokens"), StopReason::Length);
    check(because("content_filter"), StopReason::Other("content_filter".into()));
    check(json!({"status": "incomplete"}), StopReason::Other("incomplete".into()));
    check(json!({"status": "completed"}), StopReason::End);
    check(json!({"status": "cancelled"}), StopReason::Other("cancelled".into()));
}

#[test]
fn failures_have_the_status_of_their_code() {
    #[track_caller]
    fn check(event: Value, status: Option<u16>, message: &str) {
        let expect = WireError::Refused { status, message: message.into() };
        assert_eq!(hear_one(&Responses, &event.to_string()), Err(expect), "{event}");
    }
    let failed = |code: &str| json!({"type": "response.failed", "response": {"status": "failed", "error": {"code": code, "message": "no"}}});
    check(failed("server_error"), Some(500), "no");
    check(failed("rate_limit_exceeded"), Some(429), "no");
    check(failed("invalid_prompt"), None, "no");
    check(json!({"type": "error", "code": "server_error", "message": "no", "param": null}), Some(500), "no");
}

#[test]
fn what_is_refused_is_read() {
    let piece = json!({"type": "response.refusal.delta", "delta": "I will not"});
    assert_eq!(whole(hear(&Responses, &[piece])).text, "I will not");
    let message = json!({"type": "message", "content": [{"type": "refusal", "refusal": "I will not"}]});
    let body = json!({"status": "completed", "output": [message, {"type": "reasoning", "summary": []}]});
    let read = whole(reply(&Responses, &body).unwrap());
    assert_eq!(
        (read.text.as_str(), read.opaque.len()),
        ("I will not", 0),
        "what is not encrypted is nowhere kept"
    );
}

#[tokio::test]
async fn a_stop_sequence_is_looked_for_here() {
    let text =
        |text: &str| event(&json!({"type": "response.output_text.delta", "item_id": "m", "delta": text}));
    let over = event(
        &json!({"type": "response.completed", "response": {"status": "completed", "usage": {"input_tokens": 1, "output_tokens": 2}}}),
    );
    let server = Server::start([Answer::stream([text("x = 1\n</co"), text("de> more"), over])]);
    let mut request = question();
    request.stop = vec!["</code>".into()];
    let model = ResponsesModel::new("gpt-5-mini").api_base(&server.url).api_key("sk-key");
    let expect = Reply { text: "x = 1\n".into(), usage: Some(TokenUsage::new(1, 2)), ..Reply::default() };
    assert_eq!(complete(&model, request).await, Ok(expect));
    let (head, body) = &server.requests()[0];
    assert!(head.starts_with("POST /v1/responses HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("authorization: Bearer sk-key\r\n") && body.get("stop").is_none(), "{head}");
}
