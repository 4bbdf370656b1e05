//! What holds of an inspection, whatever the code.

use serde_json::json;
use smolagents::{
    ToolSpec,
    inspect::{Inspector, PythonInspector, Session},
};

/// Tools with names as short as code that is made up.
fn tools() -> Vec<ToolSpec> {
    let tool = |name: &str, input| ToolSpec { input, ..ToolSpec::new(name, "A tool.") };
    vec![
        tool("f", json!({"properties": {"a": {}, "in": {"default": 1}}, "required": ["a"]})),
        tool("g", json!({"properties": {}, "additionalProperties": true})),
        ToolSpec::new("search", "A tool."),
    ]
}

/// Panics unless the inspection of `code` is one of that code.
pub fn check(earlier: &str, code: &str) {
    let tools = tools();
    let session = Session { earlier: &[earlier], variables: &["x"], tools: &tools };
    let found = PythonInspector.inspect(code, &session);
    assert_eq!(found, PythonInspector.inspect(code, &session), "{code:?}");
    for call in &found.calls {
        assert!(tools.iter().any(|tool| tool.name == call.tool && tool.effect == call.effect), "{code:?}");
        assert_eq!(found.calls.iter().filter(|other| other.tool == call.tool).count(), 1, "{code:?}");
        assert!(call.lines.is_sorted_by(|one, next| one < next), "{code:?}");
        let is_there = |line: &u32| (1..=1 + code.matches(['\r', '\n']).count()).contains(&(*line as usize));
        assert!(!call.lines.is_empty() && call.lines.iter().all(is_there), "{code:?}");
    }
    assert!(found.faults.len() <= 10 && found.faults.iter().all(|fault| fault.starts_with('`')), "{code:?}");
}
