//! Anthropic's wire on bodies and events as its documentation shows them.

use super::{
    server::{Answer, Server, event, question},
    wire::{body, hear, hear_one, reply, whole},
};
use serde_json::{Value, json};
use smol_core::{
    message::{Media, Message, Part, Role, TokenUsage, ToolCall},
    model::{Delta, ModelError, Reply, Request, StopReason, ToolChoice, complete},
    tool::ToolSpec,
};
use smol_models::{
    anthropic::{Anthropic, AnthropicModel},
    dialect::WireError,
};

fn said(role: Role, text: &str) -> Message {
    Message::new(role, text)
}

/// The messages of the body that asks for these, without the marks for the cache.
#[track_caller]
fn check(messages: Vec<Message>, expect: Value) {
    let mut body = body(&Anthropic::default(), &Request::new(messages), "claude-sonnet-4-5", json!({}));
    for turn in body["messages"].as_array_mut().unwrap() {
        for block in turn["content"].as_array_mut().unwrap() {
            block.as_object_mut().unwrap().remove("cache_control");
        }
    }
    assert_eq!(body["messages"], expect);
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

#[test]
fn a_whole_request() {
    let mut request = Request::new(vec![said(Role::System, "be brief"), said(Role::User, "hi")]);
    request.stop = vec!["</code>".into(), "\n".into()];
    request.tools = vec![ToolSpec::new("now", "Tells the time."), ToolSpec::new("add", "Adds.")];
    request.tool_choice = ToolChoice::Required;
    request.temperature = Some(0.5);
    request.schema = Some(json!({"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}}));
    let mark = json!({"type": "ephemeral"});
    let schema =
        json!({"type": "object", "properties": {"n": {"type": "integer"}}, "additionalProperties": false});
    let nothing = json!({"type": "object", "properties": {}});
    let expect = json!({
        "model": "claude-sonnet-4-5", "max_tokens": 64000,
        "system": [{"type": "text", "text": "be brief", "cache_control": mark}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hi", "cache_control": mark}]}],
        "stop_sequences": ["</code>"],
        "tools": [
            {"name": "now", "description": "Tells the time.", "input_schema": nothing},
            {"name": "add", "description": "Adds.", "input_schema": nothing, "cache_control": mark},
        ],
        "tool_choice": {"type": "any"},
        "output_config": {"format": {"type": "json_schema", "schema": schema}},
        "temperature": 0.5, "top_k": 5, "stream": true,
    });
    assert_eq!(body(&Anthropic::default(), &request, "claude-sonnet-4-5", json!({"top_k": 5})), expect);
}

#[test]
fn turns_alternate_and_blank_ones_are_left_out() {
    check(vec![], json!([{"role": "user", "content": [text("(nothing)")]}]));
    check(
        vec![said(Role::User, "a"), said(Role::User, " "), said(Role::Assistant, ""), said(Role::User, "b")],
        json!([{"role": "user", "content": [text("a"), text("b")]}]),
    );
    check(
        vec![said(Role::Assistant, "a"), said(Role::Assistant, "b")],
        json!([
            {"role": "user", "content": [text("(nothing)")]},
            {"role": "assistant", "content": [text("a"), text("b")]},
        ]),
    );
}

#[test]
fn pictures_go_with_what_is_said_and_with_what_tools_answer() {
    let inline = Part::Image(Media::bytes("image/png", b"abc"));
    let address = Part::Image(Media::Url("https://example.org/a.png".into()));
    let data = Part::Image(Media::Url("data:image/gif;base64,eHl6".into()));
    let base64 = |kind: &str, data: &str| json!({"type": "image", "source": {"type": "base64", "media_type": kind, "data": data}});
    let far = json!({"type": "image", "source": {"type": "url", "url": "https://example.org/a.png"}});
    let call = ToolCall { id: "c".into(), name: "look".into(), arguments: json!({}) };
    let seen = vec![Part::Text("seen".into()), inline.clone()];
    check(
        vec![
            Message { content: vec![inline, address, data], ..said(Role::User, "") },
            Message { tool_calls: vec![call], ..said(Role::Assistant, "") },
            Message { content: seen, tool_call_id: Some("c".into()), ..said(Role::Tool, "") },
        ],
        json!([
            {"role": "user", "content": [base64("image/png", "YWJj"), far, base64("image/gif", "eHl6")]},
            {"role": "assistant", "content": [{"type": "tool_use", "id": "c", "name": "look", "input": {}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "c", "content": [text("seen"), base64("image/png", "YWJj")]},
            ]},
        ]),
    );
}

#[test]
fn every_call_is_answered_right_after_it() {
    let call = |id: &str, arguments: Value| ToolCall { id: id.into(), name: "f".into(), arguments };
    let calls = vec![call("functions.f:0", json!("{broken")), call("b", json!({"x": 1}))];
    let answer = |id: &str, text: &str| Message { tool_call_id: Some(id.into()), ..said(Role::Tool, text) };
    let result =
        |id: &str, content: Value| json!({"type": "tool_result", "tool_use_id": id, "content": content});
    let asks = json!({"role": "assistant", "content": [
        {"type": "tool_use", "id": "functions_f_0", "name": "f", "input": {"malformed_arguments": "{broken"}},
        {"type": "tool_use", "id": "b", "name": "f", "input": {"x": 1}},
    ]});
    let calling = Message { tool_calls: calls, ..said(Role::Assistant, "") };
    let start = json!({"role": "user", "content": [text("go")]});
    // Answers out of order, with something said between; one that answers nothing is said.
    let messages = vec![
        said(Role::User, "go"),
        calling.clone(),
        answer("b", "two"),
        said(Role::User, "hurry"),
        answer("functions.f:0", "one"),
        answer("lost", "three"),
    ];
    let answers = json!({"role": "user", "content": [
        result("functions_f_0", json!([text("one")])), result("b", json!([text("two")])), text("hurry"), text("three"),
    ]});
    check(messages, json!([start, asks, answers]));
    // No answers, because the run was broken off.
    let lost = |id: &str| {
        let mut lost = result(id, "no result: the call was not carried out".into());
        lost["is_error"] = true.into();
        lost
    };
    let answers = json!({"role": "user", "content": [lost("functions_f_0"), lost("b")]});
    check(vec![said(Role::User, "go"), calling], json!([start, asks, answers]));
}

#[test]
fn a_conversation_with_calls_names_their_tools_even_where_none_is_offered() {
    let call = ToolCall { id: "c".into(), name: "f".into(), arguments: json!({}) };
    let calling = Message { tool_calls: vec![call], ..said(Role::Assistant, "") };
    let body = body(&Anthropic::default(), &Request::new(vec![calling]), "m", json!({}));
    assert_eq!(body["tools"][0]["name"], "f");
    assert_eq!(body["tool_choice"], json!({"type": "none"}));
    assert_eq!(body["max_tokens"], 8192);
}

#[tokio::test]
async fn thoughts_leave_no_temperature_and_no_forced_tool() {
    async fn check(model: AnthropicModel, expect: &[(&str, Value)]) {
        let server = Server::start([Answer::json(&json!({"content": [], "stop_reason": "end_turn"}))]);
        let mut request = question();
        request.tools = vec![ToolSpec::new("f", "Does it.")];
        request.tool_choice = ToolChoice::Tool("f".into());
        complete(&model.api_base(&server.url).temperature(0.3), request).await.unwrap();
        let body = &server.requests()[0].1;
        for (field, value) in expect {
            assert_eq!(body.get(field).unwrap_or_default(), value, "{field}");
        }
    }
    let model = AnthropicModel::new;
    let forced = json!({"type": "tool", "name": "f"});
    let enabled = |budget: u64| json!({"type": "enabled", "budget_tokens": budget});
    let adaptive = json!({"type": "adaptive", "display": "summarized"});
    check(
        model("claude-sonnet-4-5"),
        &[("thinking", Value::Null), ("temperature", json!(0.3)), ("tool_choice", forced)],
    )
    .await;
    check(
        model("claude-sonnet-4-5").thinking_budget(4096),
        &[("thinking", enabled(4096)), ("temperature", Value::Null), ("tool_choice", Value::Null)],
    )
    .await;
    // The thoughts come on top of a limit that they would eat up.
    check(
        model("claude-sonnet-4-5").thinking_budget(1).max_tokens(500),
        &[("thinking", enabled(1024)), ("max_tokens", json!(1524))],
    )
    .await;
    check(
        model("claude-opus-4-7").thinking_budget(4096).max_tokens(500),
        &[("thinking", adaptive), ("temperature", Value::Null), ("max_tokens", json!(500))],
    )
    .await;
    check(model("claude-opus-4-7"), &[("thinking", Value::Null), ("temperature", Value::Null)]).await;
}

#[test]
fn a_turn_that_began_without_a_thought_goes_on_without() {
    let call = ToolCall { id: "c".into(), name: "f".into(), arguments: json!({}) };
    let calling = Message { tool_calls: vec![call], ..said(Role::Assistant, "") };
    let messages = [said(Role::User, "go"), calling];
    let wire = Anthropic::default().thinking_budget(2048);
    let thinks = |messages: &[Message], model: &str| {
        body(&wire, &Request::new(messages.to_vec()), model, json!({})).get("thinking").is_some()
    };
    assert!(!thinks(&messages, "claude-sonnet-4-5"));
    assert!(thinks(&messages, "claude-sonnet-5"));
    assert!(thinks(&messages[..1], "claude-sonnet-4-5"));
}

/// A stream with thoughts, text, a block of the service's own and a call.
fn thoughtful() -> Vec<Value> {
    let start = |index: u64, block: Value| json!({"type": "content_block_start", "index": index, "content_block": block});
    let more =
        |index: u64, delta: Value| json!({"type": "content_block_delta", "index": index, "delta": delta});
    let end = |index: u64| json!({"type": "content_block_stop", "index": index});
    vec![
        json!({"type": "message_start", "message": {"id": "msg_1", "content": [], "stop_reason": null, "usage": {
            "input_tokens": 20, "cache_creation_input_tokens": 7, "cache_read_input_tokens": 100, "output_tokens": 1}}}),
        start(0, json!({"type": "thinking", "thinking": "", "signature": ""})),
        json!({"type": "ping"}),
        more(0, json!({"type": "thinking_delta", "thinking": "Let me "})),
        more(0, json!({"type": "thinking_delta", "thinking": "look."})),
        more(0, json!({"type": "signature_delta", "signature": "EqQB"})),
        end(0),
        start(1, json!({"type": "redacted_thinking", "data": "Emwk"})),
        end(1),
        start(2, json!({"type": "text", "text": ""})),
        more(2, json!({"type": "text_delta", "text": "I look"})),
        more(2, json!({"type": "text_delta", "text": " it up."})),
        more(2, json!({"type": "citations_delta", "citation": {}})),
        end(2),
        start(3, json!({"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {}})),
        more(3, json!({"type": "input_json_delta", "partial_json": "{\"query\":"})),
        more(3, json!({"type": "input_json_delta", "partial_json": "\"rain\"}"})),
        end(3),
        start(4, json!({"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}})),
        more(4, json!({"type": "input_json_delta", "partial_json": ""})),
        more(4, json!({"type": "input_json_delta", "partial_json": "{\"city\": \"Zü"})),
        more(4, json!({"type": "input_json_delta", "partial_json": "rich\"}"})),
        end(4),
        json!({"type": "a_kind_of_tomorrow", "x": 1}),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 42}}),
        json!({"type": "message_stop"}),
    ]
}

#[test]
fn a_stream_is_read_and_what_must_go_back_goes_back_in_its_place() {
    let reply = whole(hear(&Anthropic::default(), &thoughtful()));
    assert_eq!((reply.text.as_str(), reply.reasoning.as_str()), ("I look it up.", "Let me look."));
    let call =
        ToolCall { id: "toolu_1".into(), name: "weather".into(), arguments: json!({"city": "Zürich"}) };
    assert_eq!((&reply.tool_calls[..], &reply.stop), (&[call][..], &StopReason::ToolCalls));
    let usage = TokenUsage { cached_tokens: 100, ..TokenUsage::new(127, 42) };
    assert_eq!(reply.usage, Some(usage));
    let calling =
        Message { tool_calls: reply.tool_calls, opaque: reply.opaque, ..said(Role::Assistant, &reply.text) };
    let answer = Message { tool_call_id: Some("toolu_1".into()), ..said(Role::Tool, "rain") };
    check(
        vec![said(Role::User, "rain?"), calling, answer],
        json!([
            {"role": "user", "content": [text("rain?")]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "Let me look.", "signature": "EqQB"},
                {"type": "redacted_thinking", "data": "Emwk"},
                text("I look it up."),
                {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {"query": "rain"}},
                {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Zürich"}},
            ]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": [text("rain")]}]},
        ]),
    );
}

#[test]
fn a_reply_at_once() {
    let body = json!({"type": "message", "role": "assistant", "stop_reason": "end_turn", "content": [
        {"type": "thinking", "thinking": "so", "signature": "s"}, {"type": "text", "text": "a"},
    ], "usage": {"input_tokens": 3, "output_tokens": 4}});
    let deltas = reply(&Anthropic::default(), &body).unwrap();
    let read = whole(deltas);
    assert_eq!((read.text.as_str(), read.reasoning.as_str(), read.opaque.len()), ("a", "so", 1));
    assert_eq!((read.usage, read.stop), (Some(TokenUsage::new(3, 4)), StopReason::End));
    let error = reply(&Anthropic::default(), &json!({"id": 1})).unwrap_err().to_string();
    assert_eq!(error, "there is no `content` in `{\"id\":1}`");
}

#[test]
fn reasons_to_stop() {
    for (word, expect) in [
        ("end_turn", StopReason::End),
        ("stop_sequence", StopReason::End),
        ("max_tokens", StopReason::Length),
        ("model_context_window_exceeded", StopReason::Length),
        ("tool_use", StopReason::ToolCalls),
        ("refusal", StopReason::Other("refusal".into())),
        ("pause_turn", StopReason::Other("pause_turn".into())),
    ] {
        let event = json!({"type": "message_delta", "delta": {"stop_reason": word}});
        let heard = hear_one(&Anthropic::default(), &event.to_string());
        assert_eq!(heard, Ok(vec![Delta::Stop(expect)]), "{word}");
    }
}

#[test]
fn an_error_in_a_stream_has_the_status_of_its_name() {
    let error = json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}});
    let expect = WireError::Refused { status: Some(529), message: "Overloaded".into() };
    assert_eq!(hear_one(&Anthropic::default(), &error.to_string()), Err(expect));
}

#[tokio::test]
async fn an_overload_is_tried_again_until_the_reply_has_begun() {
    let named = |event: &Value| format!("event: {}\ndata: {event}\n\n", event["type"].as_str().unwrap());
    let overload =
        named(&json!({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}));
    let start = named(
        &json!({"type": "message_start", "message": {"usage": {"input_tokens": 1, "output_tokens": 1}}}),
    );
    let begun = named(
        &json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a"}}),
    );
    let end = [
        named(
            &json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 2}}),
        ),
        named(&json!({"type": "message_stop"})),
    ];
    let server = Server::start([
        Answer::stream([named(&json!({"type": "ping"})), overload.clone()]),
        Answer::stream([start.clone(), begun.clone(), end.concat()]),
        Answer::stream([start, begun, overload]),
    ]);
    let model =
        AnthropicModel::new("claude-sonnet-4-5").api_base(&server.url).api_key("sk-ant-key").retries(1);
    let expect = Reply { text: "a".into(), usage: Some(TokenUsage::new(1, 2)), ..Reply::default() };
    assert_eq!(complete(&model, question()).await, Ok(expect));
    let error = complete(&model, question()).await.unwrap_err();
    assert!(matches!(&error, ModelError::Status { status: 529, .. }), "{error:?}");
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    let head = requests[0].0.to_lowercase();
    for line in
        ["post /v1/messages http/1.1", "x-api-key: sk-ant-key\r\n", "anthropic-version: 2023-06-01\r\n"]
    {
        assert!(head.contains(line), "{head}");
    }
    assert!(!head.contains("authorization"), "{head}");
}

#[tokio::test]
async fn the_cache_can_be_left_alone() {
    let server = Server::start([Answer::stream([event(
        &json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}}),
    )])]);
    let model = AnthropicModel::new("m").api_base(&server.url).prompt_caching(false);
    complete(&model, question()).await.unwrap();
    assert!(!server.requests()[0].1.to_string().contains("cache_control"));
}
