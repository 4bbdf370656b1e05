//! What is read, without a server.

use super::wire::{hear, hear_one, reply};
use serde_json::{Value, json};
use smol_core::{
    message::TokenUsage,
    model::{Delta, StopReason},
};
use smol_models::{dialect::WireError, openai::OpenAiChat};

fn text(text: &str) -> Delta {
    Delta::Text(text.into())
}

fn reasoning(text: &str) -> Delta {
    Delta::Reasoning(text.into())
}

fn call(index: usize, id: Option<&str>, name: Option<&str>, arguments: &str) -> Delta {
    Delta::ToolCall { index, id: id.map(Into::into), name: name.map(Into::into), arguments: arguments.into() }
}

fn usage(input_tokens: u64, output_tokens: u64) -> Delta {
    Delta::Usage(TokenUsage::new(input_tokens, output_tokens))
}

/// Reads the chunks whose first choice has these deltas.
#[track_caller]
fn check(deltas: &[Value], expect: &[Delta]) {
    let events: Vec<Value> = deltas.iter().map(|delta| json!({"choices": [{"delta": delta}]})).collect();
    assert_eq!(hear(&OpenAiChat::default(), &events), expect, "{deltas:?}");
}

#[test]
fn text_and_reasoning() {
    check(&[json!({"role": "assistant", "content": ""}), json!({"content": "a"})], &[text("a")]);
    check(&[json!({"content": null}), json!({}), Value::Null], &[]);
    check(&[json!({"reasoning_content": "so", "content": "a"})], &[reasoning("so"), text("a")]);
    check(&[json!({"reasoning": "so", "reasoning_content": null})], &[reasoning("so")]);
    check(&[json!({"reasoning": "so", "reasoning_content": "so"})], &[reasoning("so")]);
    check(&[json!({"refusal": "I will not"})], &[text("I will not")]);
    let parts = json!([{"type": "thinking", "thinking": [{"type": "text", "text": "so"}]}, {"type": "text", "text": "a"}]);
    check(&[json!({ "content": parts })], &[reasoning("so"), text("a")]);
    check(&[json!({"content": "print(\"a\\nb\")"})], &[text("print(\"a\\nb\")")]);
}

#[test]
fn tool_calls_in_pieces() {
    let piece = |index: Value, id: Value, name: Value, arguments: Value| json!({"tool_calls": [{"index": index, "id": id, "function": {"name": name, "arguments": arguments}}]});
    let null = Value::Null;
    let begins = call(0, Some("a"), Some("f"), "");
    let goes_on = [begins.clone(), call(0, None, None, "{\"x\":"), call(0, None, None, "1}")];
    let pieces = |again_id: &str, again_name: &str| {
        let given = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
        let more = |arguments: &str| piece(0.into(), given(again_id), given(again_name), arguments.into());
        [piece(0.into(), "a".into(), "f".into(), "".into()), more("{\"x\":"), more("1}")]
    };
    check(&pieces("", ""), &goes_on);
    // Servers that repeat the id or the name, or make up an id for every piece.
    check(&pieces("a", "f"), &goes_on);
    check(&pieces("other", ""), &goes_on);
    // No index at all: a new name begins a call.
    let unnumbered = [
        piece(null.clone(), "a".into(), "f".into(), "{}".into()),
        piece(null.clone(), "b".into(), "f".into(), "{".into()),
        piece(null.clone(), null.clone(), null.clone(), "}".into()),
        piece(null.clone(), "a".into(), null.clone(), " ".into()),
    ];
    let second = [call(1, Some("b"), Some("f"), "{"), call(1, None, None, "}"), call(0, None, None, " ")];
    check(&unnumbered, &[&[call(0, Some("a"), Some("f"), "{}")], &second[..]].concat());
    // The same index for several calls.
    let zeroes = [
        piece(0.into(), "a".into(), "f".into(), "{}".into()),
        piece(0.into(), "b".into(), "g".into(), "{}".into()),
    ];
    check(&zeroes, &[call(0, Some("a"), Some("f"), "{}"), call(1, Some("b"), Some("g"), "{}")]);
    // Indexes that start elsewhere, a name in two parts, arguments as JSON, and no arguments.
    let odd = [
        piece(7.into(), "a".into(), "get_".into(), null.clone()),
        piece(7.into(), null.clone(), "time".into(), json!({"x": 1})),
        piece(u64::MAX.into(), null.clone(), "g".into(), null),
    ];
    check(
        &odd,
        &[
            call(0, Some("a"), Some("get_"), ""),
            call(0, None, Some("time"), "{\"x\":1}"),
            call(1, None, Some("g"), ""),
        ],
    );
    // Interleaved, in one chunk.
    let two = json!({"tool_calls": [
        {"index": 0, "id": "a", "function": {"name": "f", "arguments": "{"}},
        {"index": 1, "id": "b", "function": {"name": "g", "arguments": "["}},
        {"index": 0, "function": {"arguments": "}"}},
    ]});
    check(
        &[two],
        &[call(0, Some("a"), Some("f"), "{"), call(1, Some("b"), Some("g"), "["), call(0, None, None, "}")],
    );
}

#[test]
fn counts_and_reasons() {
    #[track_caller]
    fn check(chunk: Value, expect: &[Delta]) {
        assert_eq!(hear_one(&OpenAiChat::default(), &chunk.to_string()).as_deref(), Ok(expect), "{chunk}");
    }
    check(
        json!({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}}),
        &[usage(3, 4)],
    );
    check(json!({"usage": {"prompt_tokens": 3}}), &[usage(3, 0)]);
    // Reasoning that only the total counts.
    check(
        json!({"usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 20}}),
        &[usage(3, 17)],
    );
    check(json!({"choices": [], "usage": null}), &[]);
    check(json!({"usage": {"prompt_tokens": -3}}), &[]);
    check(json!({"choices": [], "prompt_filter_results": []}), &[]);
    let ends = |reason: &str| json!({"choices": [{"delta": {}, "finish_reason": reason}]});
    check(ends("stop"), &[Delta::Stop(StopReason::End)]);
    check(ends("length"), &[Delta::Stop(StopReason::Length)]);
    check(ends("tool_calls"), &[Delta::Stop(StopReason::ToolCalls)]);
    check(ends("content_filter"), &[Delta::Stop(StopReason::Other("content_filter".into()))]);
    check(json!({"choices": [{"index": 1, "delta": {"content": "a second choice"}}]}), &[]);
    check(
        json!({"choices": [{"message": {"content": "a"}, "finish_reason": null}], "error": null}),
        &[text("a")],
    );
}

#[test]
fn errors_inside_a_reply() {
    #[track_caller]
    fn check(data: &str, status: Option<u16>, message: &str) {
        let expect = WireError::Refused { status, message: message.into() };
        assert_eq!(hear_one(&OpenAiChat::default(), data), Err(expect), "{data}");
    }
    check(r#"{"error": {"message": "overloaded", "code": 529}}"#, Some(529), "overloaded");
    check(r#"{"error": {"message": "overloaded", "code": "503"}}"#, Some(503), "overloaded");
    check(r#"{"error": {"message": "no", "code": "rate_limit"}, "choices": []}"#, None, "no");
    check(r#"{"error": "out of memory"}"#, None, "out of memory");
    check(r#"{"error": {"type": "x"}}"#, None, r#"{"type":"x"}"#);
    check(r#"{"object": "error", "message": "too long", "code": 400}"#, Some(400), "too long");
    check(
        r#"[{"error": {"code": 404, "message": "not found", "status": "NOT_FOUND"}}]"#,
        Some(404),
        "not found",
    );
    check(r#"{"error": {"message": "odd", "code": 200}}"#, None, "odd");
}

#[test]
fn what_is_no_completion_is_shown() {
    let error = hear_one(&OpenAiChat::default(), "<html>").unwrap_err();
    assert_eq!(error.to_string(), "expected value at line 1 column 1 in the event `<html>`");
    let error = reply(&OpenAiChat::default(), &json!({"id": 1})).unwrap_err();
    assert_eq!(error.to_string(), "it has no `choices`: `{\"id\":1}`");
    let long = hear_one(&OpenAiChat::default(), &"ü".repeat(5000)).unwrap_err().to_string();
    assert!(long.ends_with("ü…`") && long.chars().count() < 600, "{long}");
}

#[test]
fn a_whole_reply() {
    let body = json!({"choices": [{"index": 0, "finish_reason": "tool_calls", "message": {
        "role": "assistant", "content": "a", "reasoning_content": "so",
        "tool_calls": [
            {"id": "x", "type": "function", "function": {"name": "f", "arguments": "{\"city\":\"Zürich\"}"}},
            {"id": "", "type": "function", "function": {"name": "f", "arguments": "{}"}},
        ]}}], "usage": {"prompt_tokens": 1, "completion_tokens": 2}});
    let expect = [
        reasoning("so"),
        text("a"),
        call(0, Some("x"), Some("f"), "{\"city\":\"Zürich\"}"),
        call(1, None, Some("f"), "{}"),
        usage(1, 2),
        Delta::Stop(StopReason::ToolCalls),
    ];
    assert_eq!(reply(&OpenAiChat::default(), &body).as_deref(), Ok(&expect[..]));
}
