//! Replies that are held to a form: whatever noise the model makes, they have it.

use super::{
    replies::{ask, llama, refused, reply},
    tiny::Tiny,
};
use crate::local::{
    LocalModel,
    checkpoint::Checkpoint,
    grammar::{Grammar, Grammars},
    vocabulary::Vocabulary,
};
use arbtest::arbtest;
use candle_core::quantized::GgmlDType;
use serde_json::{Value, json};
use smol_core::{
    model::{Reply, Request, StopReason, ToolChoice},
    parse::{Action, code_action, text_tool_calls},
    tool::ToolSpec,
};
use std::sync::{Arc, LazyLock};

/// The grammars of the tiny models, whose tokens are bytes, and how they write text.
static BYTES: LazyLock<(Grammars, Arc<Vocabulary>)> = LazyLock::new(|| {
    let (_folder, path) = Tiny::new("llama", GgmlDType::Q8_0).write();
    let vocabulary = Vocabulary::load(&Checkpoint::open(&path).unwrap().header).unwrap();
    (Grammars::default(), Arc::new(vocabulary))
});

fn code_request() -> Request {
    let mut request = ask("write code");
    request.stop = vec!["</code>".to_owned(), "Observation:".to_owned()];
    request
}

fn grammar(request: &Request) -> Grammar {
    BYTES.0.grammar(&BYTES.1, request).unwrap().unwrap()
}

/// Whether a reply of this text, all of it, has the form of `request`.
fn takes(request: &Request, text: &str) -> bool {
    let mut grammar = grammar(request);
    let tokens = BYTES.1.pieces(text);
    if grammar.allowed(&tokens) != tokens.len() {
        return false;
    }
    tokens.iter().for_each(|token| grammar.accept(*token).unwrap());
    grammar.ending(0).is_some()
}

/// `start`, then tokens at random among those that may come, then the way out.
fn noise(request: &Request, start: &str, random: &mut arbtest::arbitrary::Unstructured<'_>) -> String {
    let mut grammar = grammar(request);
    let mut text = start.as_bytes().to_vec();
    BYTES.1.pieces(start).iter().for_each(|token| grammar.accept(*token).unwrap());
    for _ in 0..random.int_in_range(0..=80).unwrap_or(0) {
        if grammar.is_complete() {
            break;
        }
        let mut scores = vec![0.0; BYTES.1.count()];
        grammar.mask(&mut scores).unwrap();
        let legal: Vec<u32> =
            (0..).zip(&scores).filter(|(_, score)| **score == 0.0).map(|(token, _)| token).collect();
        let Ok(token) = random.choose(&legal) else { break };
        if BYTES.1.is_end(*token) {
            break;
        }
        grammar.accept(*token).unwrap();
        text.extend_from_slice(BYTES.1.text(*token));
    }
    let way =
        grammar.ending(200).unwrap_or_else(|| panic!("no way out of {:?}", String::from_utf8_lossy(&text)));
    text.extend(way.iter().flat_map(|token| BYTES.1.text(*token)));
    String::from_utf8(text).unwrap()
}

/// Whether an agent finds one block of code in a whole reply. (That it parses is seen to where a parser is at hand, in
/// the facade's tests.)
fn holds_code(text: &str) {
    assert!(!text.contains("Observation:"), "{text}");
    let (_, block) = text.split_once("<code>").unwrap_or_else(|| panic!("no block in {text}"));
    let (block, rest) = block.split_once("</code>").unwrap_or_else(|| panic!("no end in {text}"));
    let Action::Code(code) = code_action(text) else { panic!("no code in {text}") };
    assert_eq!((code.trim(), rest), (block.trim(), ""), "{text}");
    assert!(!code.trim().is_empty());
}

#[test]
fn code_that_people_write_is_taken() {
    let check = |code: &str, expect| {
        assert_eq!(
            takes(&code_request(), &format!("Thought: so.\n<code>\n{code}\n</code>")),
            expect,
            "{code}"
        );
    };
    for code in include_str!("code.py").split("\n# ---\n") {
        check(code, true);
    }
    for code in [
        "",
        "x = ",
        "x = (1",
        "x = [1)",
        "print('a)",
        "if x:",
        "if x:\nprint(1)",
        "  x = 1",
        "x = 1\n  y = 2",
        "return 1",
        "for x in y:\n    def f():\n        break",
        "try:\n    x = 1",
        "def f(a=1, b):\n    pass",
        "f(a=1, 2)",
        "x = 012",
        "1 = x",
        "class = 1",
        "print(\"Observation: 3\")",
        "Observation: int = 3",
        "a + not b",
        "x = *y",
        "f'{x'",
        "f'{}'",
        "'\\x1'",
        "import",
        "x = 5 if y",
        "a b",
        "lambda x, y",
        "while True print(1)",
        "else:\n    pass",
        "x = 1 # <code>",
    ] {
        check(code, false);
    }
}

#[test]
fn noise_in_the_form_of_code_is_a_block() {
    arbtest(|random| {
        holds_code(&noise(&code_request(), "<code>\n", random));
        Ok(())
    })
    .budget_ms(800);
}

#[test]
fn every_reply_of_a_code_agent_holds_a_block() {
    for (seed, tokens) in (0..40).zip([24, 60, 200, 400].into_iter().cycle()) {
        let model = llama().temperature(3.0).seed(seed).max_new_tokens(tokens);
        let reply = reply(&model, code_request());
        assert!(reply.usage.unwrap().output_tokens <= tokens as u64, "{reply:?}");
        assert_eq!(reply.stop, StopReason::End, "{reply:?}");
        holds_code(&(reply.text + "</code>"));
    }
}

fn tool(name: &str, input: Value) -> ToolSpec {
    ToolSpec { input, ..ToolSpec::new(name, "A tool.") }
}

fn tools_request(choice: ToolChoice) -> Request {
    let mut request = ask("call a tool");
    request.stop = vec!["Observation:".to_owned()];
    request.tool_choice = choice;
    request.tools = vec![
        tool("no_arguments", json!({"type": "object", "properties": {}})),
        tool(
            "weather \"now\"",
            json!({"type": "object", "properties": {
                "city": {"type": "string"}, "days": {"type": "integer", "minimum": 1, "maximum": 9},
                "unit": {"enum": ["celsius", "fahrenheit"]},
            }, "required": ["city", "unit"]}),
        ),
        tool(
            "tree",
            json!({"type": "object", "properties": {"root": {"$ref": "#/$defs/node"}}, "required": ["root"],
                "$defs": {"node": {"type": "object", "properties": {
                    "size": {"type": "integer"}, "parts": {"type": "array", "items": {"$ref": "#/$defs/node"}},
                }, "required": ["size", "parts"]}}}),
        ),
    ];
    request
}

fn calls_tools(request: &Request, text: &str) {
    let calls = text_tool_calls(text);
    assert!(!calls.is_empty(), "{text}");
    for call in calls {
        let tool = request.tools.iter().find(|tool| tool.name == call.name);
        let tool = tool.unwrap_or_else(|| panic!("`{}` is no tool: {text}", call.name));
        let valid = jsonschema::validate(&tool.input, &call.arguments);
        assert!(valid.is_ok(), "{valid:?}: {text}");
    }
}

#[test]
fn noise_in_the_form_of_calls_calls_known_tools() {
    let request = tools_request(ToolChoice::Required);
    arbtest(|random| {
        calls_tools(&request, &noise(&request, "So {", random));
        Ok(())
    })
    .budget_ms(800);
    for seed in 0..20 {
        let model = llama().temperature(3.0).seed(seed).max_new_tokens(200);
        calls_tools(&request, &reply(&model, request.clone()).text);
    }
}

#[test]
fn calls_as_models_write_them_are_taken() {
    let check = |choice: ToolChoice, text: &str, expect| {
        assert_eq!(takes(&tools_request(choice), text), expect, "{text}")
    };
    let call = r#"{"name": "no_arguments", "arguments": {}}"#;
    let marked = format!("<tool_call>\n{call}\n</tool_call>");
    check(ToolChoice::Required, call, true);
    check(ToolChoice::Required, &format!("I call it.\n{call}\n{call}"), true);
    check(ToolChoice::Required, &marked, true);
    check(ToolChoice::Required, &format!("{marked}\n{marked}"), true);
    check(ToolChoice::Required, "I call nothing.", false);
    check(ToolChoice::Auto, "I call nothing.", true);
    check(ToolChoice::Auto, &format!("I call it. {call}"), true);
    check(ToolChoice::Tool("tree".to_owned()), call, false);
    check(ToolChoice::Required, r#"{"name": "weather", "arguments": {}}"#, false);
    check(ToolChoice::Required, r#"{"name": "no_arguments", "arguments": {"x": 1}}"#, false);
    let weather = |arguments: &str| format!(r#"{{"name": "weather \"now\"", "arguments": {arguments}}}"#);
    check(ToolChoice::Required, &weather(r#"{"city": "Rome", "unit": "celsius"}"#), true);
    check(ToolChoice::Required, &weather(r#"{"city": "Rome"}"#), false);
    check(ToolChoice::Required, &weather(r#"{"city": "Rome", "days": 10, "unit": "celsius"}"#), false);
}

/// A reply to a request for JSON of `schema`.
fn json_reply(schema: &Value, seed: u64) -> (Reply, LocalModel) {
    let model = llama().temperature(3.0).seed(seed).max_new_tokens(120);
    let mut request = ask("answer in JSON");
    request.schema = Some(schema.clone());
    (reply(&model, request), model)
}

#[test]
fn replies_keep_to_a_schema() {
    let schemas = [
        json!({"type": "object", "properties": {"thought": {"type": "string"}, "code": {"type": "string"}},
            "required": ["thought", "code"], "additionalProperties": false}),
        json!({"type": "array", "items": {"type": "integer"}, "minItems": 3, "maxItems": 5}),
        json!({"type": "string", "minLength": 12, "maxLength": 14}),
        json!({"type": "string", "pattern": "^[a-c]{4}-[0-9]{2}$"}),
        json!({"enum": ["left", "right", 7, null]}),
        json!({"anyOf": [{"type": "boolean"}, {"type": "object", "required": ["a"]}]}),
        json!({}),
    ];
    for (schema, seed) in schemas.iter().flat_map(|schema| (0..5).map(move |seed| (schema, seed))) {
        let (reply, _) = json_reply(schema, seed);
        let value: Value = match serde_json::from_str(&reply.text) {
            Ok(value) => value,
            // JSON has numbers that no machine does.
            Err(error) if error.to_string().starts_with("number out of range") => continue,
            Err(error) => panic!("{error}: {reply:?}"),
        };
        assert!(jsonschema::is_valid(schema, &value), "{schema}: {value}");
        assert_eq!(reply.stop, StopReason::End);
    }
}

#[test]
fn a_form_that_cannot_be_had_is_an_error() {
    let mut request = ask("answer in JSON");
    request.schema = Some(json!({"type": "string", "pattern": "(?=a)b"}));
    let message = refused(&llama(), request.clone());
    assert!(message.starts_with("replies cannot be held to the schema"), "{message}");
    assert!(!message.contains('\u{2}') && message.len() < 600, "{message}");
    request.schema = Some(json!({"type": "string", "minLength": 30}));
    let message = refused(&llama(), request);
    assert!(message.contains("a reply of 24 tokens has no room for the form"), "{message}");
    let mut request = code_request();
    request.messages[0] = smol_core::message::Message::new(smol_core::message::Role::User, "a".repeat(485));
    let message = refused(&llama(), request);
    assert!(message.contains("the prompt has 504 tokens, but the model's context is 512"), "{message}");
}

#[test]
fn models_say_whether_they_keep_to_schemas() {
    use smol_core::model::Model;
    assert!(llama().info().structured_output);
    assert!(!llama().constrained(false).info().structured_output);
}

#[test]
fn without_a_form_nothing_changes() {
    for seed in 0..8 {
        let model = |constrained| llama().temperature(1.5).seed(seed).constrained(constrained);
        let mut request = ask("hello");
        assert_eq!(reply(&model(true), request.clone()), reply(&model(false), request.clone()));
        request.tools = tools_request(ToolChoice::None).tools;
        request.tool_choice = ToolChoice::None;
        assert_eq!(reply(&model(true), request.clone()), reply(&model(false), request));
    }
}
