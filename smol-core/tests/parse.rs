//! What counts as code, and what as a tool call, in the many shapes models write them.

use serde_json::{Value, json};
use smol_core::parse::{Action, code_action, text_tool_calls};

#[track_caller]
fn code(reply: &str, expect: &str) {
    assert_eq!(code_action(reply), Action::Code(expect.to_owned()), "{reply:?}");
}

#[track_caller]
fn bare(reply: &str, expect: &str) {
    assert_eq!(code_action(reply), Action::Bare(expect.to_owned()), "{reply:?}");
}

#[test]
fn code_in_tags() {
    code("Thought: go\n<code>\nx = 1\n</code>", "x = 1");
    code("<code>x = 1</code>", "x = 1");
    code("<code>\nx = 1\n", "x = 1");
    code("<code>x = 1", "x = 1");
    code("<code>\nx = 1\n</code", "x = 1");
    code("<code>\nx = 1\n</cod", "x = 1");
    code("<code>\nx = 1\n</", "x = 1");
    code("<code>\nif a:\n    b()\n\n    c()\n</code> and so on", "if a:\n    b()\n\n    c()");
    code("<code>\nx = 1\n</code>\nThen:\n<code>\ny = 2\n</code>", "x = 1\n\ny = 2");
    code("<code>\nx = '<b>'\n</code>\n<code></code>", "x = '<b>'");
    code("x = 1\n</code>", "x = 1");
    code("I put it in <code> tags:\n<code>\nx = 1\n</code>", "x = 1");
    code("Inline: <code>x = 1</code> done", "x = 1");
}

#[test]
fn code_in_fences() {
    code("```python\nx = 1\n```", "x = 1");
    code("```py\nx = 1\n```", "x = 1");
    code("```Python\r\nx = 1\r\n```", "x = 1");
    code("Thought\n```\nx = 1\n```\nmore", "x = 1");
    code("```python\nx = 1", "x = 1");
    code("```python x = 1 ```", "x = 1");
    code("  ```python\nx = 1\n  ```", "x = 1");
    code("```python\nx = 1\n```\ntext\n```py\ny = 2\n```", "x = 1\n\ny = 2");
    code("```json\n{}\n```\n```python\nx = 1\n```", "x = 1");
    code("```python\nx = 1\n```\nprints\n```\n1\n```", "x = 1");
    code("<code>\n```python\nx = 1\n```\n</code>", "x = 1");
    code("<code>```\nx = 1\n```</code>", "x = 1");
    code("<code>\ntext = '''\n```\nnot a fence\n```\n'''\n</code>", "text = '''\n```\nnot a fence\n```\n'''");
}

#[test]
fn no_marked_code() {
    bare("print(1)", "print(1)");
    bare("x = 1\nx + 1\n", "x = 1\nx + 1");
    bare("The answer is 4.", "The answer is 4.");
    bare("a < b and c </", "a < b and c </");
    for empty in ["", " \n ", "<code>", "<code></code>", "```python\n```"] {
        let action = code_action(empty);
        assert!(!matches!(action, Action::Code(_)), "{empty:?} gave {action:?}");
    }
}

#[track_caller]
fn calls(reply: &str, expect: &[(&str, Value)]) {
    let found = text_tool_calls(reply);
    let found: Vec<(&str, Value)> =
        found.iter().map(|call| (call.name.as_str(), call.arguments.clone())).collect();
    assert_eq!(found, expect, "{reply:?}");
}

#[test]
fn tool_calls_in_text() {
    let add = || ("add", json!({"a": 1}));
    calls(r#"{"name": "add", "arguments": {"a": 1}}"#, &[add()]);
    calls(r#"{"tool": "add", "arguments": {"a": 1}}"#, &[add()]);
    calls(r#"{"arguments": {"a": 1}, "name": "add"}"#, &[add()]);
    calls(r#"{"name": "add", "arguments": "{\"a\": 1}"}"#, &[add()]);
    calls(r#"I use {curly} braces {"x": 1}. {"name": "add", "arguments": {"a": 1}} Done {"#, &[add()]);
    calls("Action:\n{\n  \"name\": \"add\",\n  \"arguments\": {\"a\": 1}\n}\nObservation", &[add()]);
    calls("<tool_call>{\"name\": \"add\", \"arguments\": {\"a\": 1}}</tool_call>", &[add()]);
    calls(r#"{"name":"add","arguments":{"a":1}}{"tool":"sub","arguments":{}}"#, &[add(), ("sub", json!({}))]);
    calls(r#"[{"name":"add","arguments":{"a":1}}, {"name":"add","arguments":{"a":1}}]"#, &[add(), add()]);
    calls(r#"{"tool_calls": [{"name": "add", "arguments": {"a": 1}}]}"#, &[add()]);
    calls(
        "{\"name\": \"say\", \"arguments\": {\"text\": \"two\nlines and a }\"}}",
        &[("say", json!({"text": "two\nlines and a }"}))],
    );
    calls(r#"{"name": "add", "arguments": [1]}"#, &[("add", json!([1]))]);
}

#[test]
fn no_tool_calls_in_text() {
    for reply in [
        "",
        "{",
        "{}",
        r#"{"name": "add"}"#,
        r#"{"name": 1, "arguments": {}}"#,
        r#"{"name": "a", "arguments": {"#,
    ] {
        calls(reply, &[]);
    }
    calls(&"{\"a\":[".repeat(20_000), &[]);
    calls(&"{".repeat(100_000), &[]);
}

#[test]
fn ids_count_the_calls() {
    let found = text_tool_calls(&r#"{"name": "a", "arguments": {}} "#.repeat(3));
    let ids: Vec<&str> = found.iter().map(|call| call.id.as_str()).collect();
    assert_eq!(ids, ["call_0", "call_1", "call_2"]);
}

mod oracle;

/// What the fuzz targets hold the parsers to, on text made of the pieces that matter to them.
#[test]
fn any_text_is_parsed() {
    let pieces = [
        "<code>",
        "</code>",
        "</co",
        "```",
        "python",
        "\n",
        "x = '{'",
        "{",
        "}",
        "\"name\": \"a\", ",
        "\"arguments\": ",
        "\\",
        "\"",
        "é",
        " ",
    ];
    let mut state = 1_u64;
    for _ in 0..5_000 {
        let mut text = String::new();
        for _ in 0..state % 23 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        oracle::check_code(&text);
        oracle::check_calls(&text);
    }
}
