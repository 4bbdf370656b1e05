//! What holds for the parsers on any text whatever. Shared by the tests and the fuzz targets.

use serde_json::{Value, json};
use smol_core::parse::{Action, code_action, text_tool_calls};

/// Code that is put in tags comes out as it went in, whatever stands around it; and no text makes the parser fail.
pub(crate) fn check_code(text: &str) {
    let _ = code_action(text);
    let plain = !["<", "`"].iter().any(|mark| text.contains(mark)) && !text.trim().is_empty();
    if plain {
        let expect = Action::Code(text.trim_matches(['\n', '\r']).trim_end().to_owned());
        assert_eq!(code_action(&format!("Thought: so\n<code>\n{text}\n</code>")), expect);
        assert_eq!(code_action(&format!("Thought: so\n<code>\n{text}")), expect);
    }
}

/// A call that is written out is found, with its arguments, after any prose that has no braces of its own.
pub(crate) fn check_calls(text: &str) {
    let found = text_tool_calls(text);
    assert!(found.len() <= text.matches('{').count());
    if !text.contains(['{', '}']) {
        let call = json!({"name": "look", "arguments": {"text": text}});
        let found = text_tool_calls(&format!("{text} {call} {text}"));
        let arguments: Vec<&Value> = found.iter().map(|call| &call.arguments).collect();
        assert_eq!(arguments, [&json!({"text": text})]);
    }
}
