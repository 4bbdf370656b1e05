//! The grammar of a reply that calls tools: any thought without braces, then calls as JSON, as the core's parser finds them.
//!
//! A call names a tool that was offered, and its arguments follow that tool's schema, without names that it does not list.
//! The marks that some models were taught to put around a call may stand there.

use super::code::unstopped;
use serde_json::Value;
use smol_core::{
    model::{Request, ToolChoice},
    tool::ToolSpec,
};

/// The grammar for `request`, in llguidance's dialect of Lark.
pub(super) fn lark(request: &Request) -> String {
    let unstopped = unstopped(&request.stop);
    let start = match request.tool_choice {
        ToolChoice::Auto => "start: THOUGHT | THOUGHT calls",
        _ => "start: THOUGHT calls",
    };
    let offered = request.tools.iter().filter(|tool| match &request.tool_choice {
        ToolChoice::Tool(name) => tool.name == *name,
        _ => true,
    });
    let calls = offered.map(call).collect::<Vec<_>>().join(" | ");
    format!(
        "{start}\ncalls: call (BETWEEN call)* AFTER?\ncall: {calls}\nTHOUGHT: /[^{{]*/ & {unstopped}\n\
         BETWEEN: /\\n?(<\\/tool_call>\\n<tool_call>)?\\n/\nAFTER: /\\n?<\\/tool_call>/\n"
    )
}

fn call(tool: &ToolSpec) -> String {
    let opening = format!(r#"{{"name": {}, "arguments": "#, Value::from(tool.name.as_str()));
    format!("({} %json {} \"}}\")", Value::from(opening), compact(closed(tool.input.clone())))
}

/// The schema without names that it does not list: a tool could do nothing with them.
fn closed(mut schema: Value) -> Value {
    if let Value::Object(object) = &mut schema
        && object.contains_key("properties")
        && !object.contains_key("additionalProperties")
    {
        object.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    schema
}

/// The schema of JSON on one line: a small model that may write spaces anywhere may never stop to.
pub(super) fn compact(mut schema: Value) -> Value {
    if let Value::Object(object) = &mut schema {
        let spacing = serde_json::json!({
            "whitespace_flexible": false, "item_separator": ", ", "key_separator": ": ",
        });
        object.insert("x-guidance".to_owned(), spacing);
    }
    schema
}
