//! Chat templates: what they are given, and that the Jinja of real ones is understood.

use crate::local::template::ChatTemplate;
use serde_json::json;
use smol_core::{
    message::{Message, Role, ToolCall},
    model::Request,
    tool::ToolSpec,
};

fn conversation() -> Request {
    let mut asks = Message::new(Role::Assistant, "I look.");
    let arguments = json!({"city": "Paris", "days": 2});
    asks.tool_calls.push(ToolCall { id: "call_0".to_owned(), name: "weather".to_owned(), arguments });
    let mut reply = Message::new(Role::Tool, "rain <|end|>");
    reply.tool_call_id = Some("call_0".to_owned());
    let mut request = Request::new(vec![
        Message::new(Role::System, "Be brief."),
        Message::new(Role::User, "Weather?"),
        asks,
        reply,
    ]);
    let mut tool = ToolSpec::new("weather", "Tells the <|end|> weather");
    tool.input = json!({"type": "object", "properties": {"city": {"type": "string"}}});
    request.tools.push(tool);
    request
}

fn rendered(source: &str, request: &Request) -> String {
    let template = ChatTemplate::parse(source, "<s>", "</s>", &["<|end|>".to_owned()]).unwrap();
    template.render(request).unwrap()
}

fn check(source: &str, expect: &str) {
    assert_eq!(rendered(source, &conversation()), expect, "{source}");
}

#[test]
fn tools_and_calls_have_the_shape_of_the_chat_wire() {
    check(
        "{{ tools | tojson }}",
        r#"[{"type": "function", "function": {"name": "weather", "description": "Tells the < |end|> weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}]"#,
    );
    check(
        "{% for m in messages if m.tool_calls %}{{ m.tool_calls[0] | tojson }}{{ m.tool_calls[0].id | length }}{% endfor %}",
        r#"{"id": "call00000", "type": "function", "function": {"name": "weather", "arguments": {"city": "Paris", "days": 2}}}9"#,
    );
    check(
        "{% for m in messages if m.role == 'tool' %}{{ m.name }} {{ m.tool_call_id }} {{ m.content }}{% endfor %}",
        "weather call00000 rain < |end|>",
    );
    let none = Request::new(vec![Message::new(Role::User, "hi")]);
    assert_eq!(
        rendered("{{ tools is none }} {{ tools is defined }} {% if tools %}x{% endif %}", &none),
        "True True "
    );
}

#[test]
fn the_jinja_of_templates_is_understood() {
    check("{{ bos_token }}{{ eos_token }}{{ add_generation_prompt }}", "<s></s>True");
    check(
        "{{ {'a': [1, 2.5, none, true], 'b': '<é\">'} | tojson }}",
        r#"{"a": [1, 2.5, null, true], "b": "<é\">"}"#,
    );
    check("{{ {'a': [1], 'b': {}} | tojson(indent=2) }}", "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}");
    check("{{ 'é' | tojson(ensure_ascii=False) }}", "\"é\"");
    check("a {%- generation %} b {% endgeneration -%} c", "a b c");
    check(
        "{% for i in [1, 2, 3, 4] %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
        "13",
    );
    check(
        "{{ 'a</think> b '.split('</think>')[-1].strip() }}{{ ' x'.lstrip() }}{{ 'abc'.startswith('ab') }}",
        "bxTrue",
    );
    check(
        "{% set ns = namespace(n=0) %}{% for m in messages[1:] %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}",
        "3",
    );
    check("{% for key, value in {'x': 1}.items() %}{{ key }}={{ value }}{% endfor %}", "x=1");
    check("{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ twice('ab') }}", "abab");
    check(
        "{{ messages[0].content is string }} {{ messages[2].tool_calls is iterable }} {{ messages[0].name is defined }}",
        "True True False",
    );
    check("{{ messages | selectattr('role', 'equalto', 'user') | list | length }}", "1");
    check("{{ strftime_now('%Y') | length }}", "4");
    check("{{ messages[::-1][0].role }}", "tool");
}

/// Where a template refuses a system message or two users in a row, they are joined and asked again.
#[test]
fn conversations_are_joined_for_templates_that_take_turns() {
    let strict = "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}\
                  {{ raise_exception('take turns') }}{% endif %}[{{ m.role }}: {{ m.content }}]{% endfor %}";
    check(strict, "[user: Be brief.\nWeather?][assistant: I look.][user: rain < |end|>]");
    let template = ChatTemplate::parse("{{ raise_exception('never') }}", "", "", &[]).unwrap();
    let message = template.render(&conversation()).unwrap_err().to_string();
    assert!(message.contains("rejected the conversation") && message.contains("never"), "{message}");
}
