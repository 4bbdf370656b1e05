//! Tool calls in the forms that families were trained to write them, where they are not the JSON the agent finds by itself.
//!
//! Each is taken only if it names a tool that was offered: text that merely looks like a call stays text.

mod literal;

use serde_json::{Map, Value};
use smol_core::{message::ToolCall, parse::text_tool_calls};

/// Marks around calls that are text in some vocabularies.
const MARKS: [&str; 8] = [
    "[TOOL_CALLS]",
    "[ARGS]",
    "<|tool_call_start|>",
    "<|tool_call_end|>",
    "<|tool_call|>",
    "<|/tool_call|>",
    "<tool_call>",
    "</tool_call>",
];

/// The calls in `reply` that the agent would miss, if it would find none: of the tools `names`, in order.
///
/// They are JSON with `parameters` (Llama 3), a name before a JSON object (GLM-4, later Mistrals), and a list of Python
/// calls (LFM2, Llama 3.2).
pub(super) fn missed(reply: &str, names: &[&str]) -> Vec<ToolCall> {
    if names.is_empty() || !text_tool_calls(reply).is_empty() {
        return Vec::new();
    }
    let bare = MARKS.iter().fold(reply.to_owned(), |text, mark| text.replace(mark, " "));
    let forms = [with_parameters, after_name, python_calls];
    let found = forms.iter().map(|form| form(&bare, names)).find(|calls| !calls.is_empty());
    let calls = found.unwrap_or_default().into_iter().enumerate();
    calls
        .map(|(index, (name, arguments))| ToolCall { id: format!("call_{index}"), name, arguments })
        .collect()
}

/// A name and arguments.
type Call = (String, Value);

fn with_parameters(text: &str, names: &[&str]) -> Vec<Call> {
    let call = |value: Value| {
        let name = value.get("name")?.as_str().filter(|name| names.contains(name))?.to_owned();
        let arguments = value.get("parameters").cloned().unwrap_or_else(|| Map::new().into());
        Some((name, arguments))
    };
    objects(text).filter_map(|(_, value)| call(value)).collect()
}

fn after_name(text: &str, names: &[&str]) -> Vec<Call> {
    let call = |(start, arguments): (usize, Value)| {
        let before = text.get(..start)?.trim_end();
        let name = before.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_').next()?;
        Some((name.to_owned(), arguments)).filter(|_| names.contains(&name))
    };
    objects(text).filter_map(call).collect()
}

/// The JSON objects in `text` that lie in no other, with the place of each.
fn objects(text: &str) -> impl Iterator<Item = (usize, Value)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text.get(from..)?.find('{')?;
            let mut values = serde_json::Deserializer::from_str(text.get(start..)?).into_iter::<Value>();
            match values.next() {
                Some(Ok(value)) => {
                    from = start + values.byte_offset();
                    return Some((start, value));
                }
                _ => from = start + 1,
            }
        }
    })
}

fn python_calls(text: &str, names: &[&str]) -> Vec<Call> {
    let Some(start) = text.find('[') else { return Vec::new() };
    let list = text.get(start + 1..).unwrap_or_default();
    let calls = literal::calls(list).unwrap_or_default();
    calls.into_iter().filter(|(name, _)| names.contains(&name.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(reply: &str, expect: &[(&str, Value)]) {
        let found = missed(reply, &["weather", "now"]);
        let found = found.iter().map(|call| (call.name.as_str(), call.arguments.clone())).collect::<Vec<_>>();
        assert_eq!(found, expect, "{reply}");
    }

    #[test]
    fn native_forms_are_found() {
        let paris = json!({"city": "Paris"});
        check(r#"{"name": "weather", "parameters": {"city": "Paris"}}"#, &[("weather", paris.clone())]);
        check(r#"<tool_call>{"name": "now"}</tool_call>"#, &[("now", json!({}))]);
        check("weather\n{\"city\": \"Paris\"}", &[("weather", paris.clone())]);
        check(r#"[TOOL_CALLS]weather[ARGS]{"city": "Paris"}"#, &[("weather", paris.clone())]);
        check(
            "I look.<|tool_call_start|>[weather(city='Paris'), now()]<|tool_call_end|>",
            &[("weather", paris), ("now", json!({}))],
        );
        check(
            r#"[weather(city="a \"b\"\n", days=-3, near=[1.5, True, None], by={'x': 'y'})]"#,
            &[(
                "weather",
                json!({"city": "a \"b\"\n", "days": -3, "near": [1.5, true, null], "by": {"x": "y"}}),
            )],
        );
    }

    #[test]
    fn other_text_stays_text() {
        // The agent finds this one.
        check(r#"{"name": "weather", "arguments": {"city": "Paris"}}"#, &[]);
        check(r#"{"name": "Paul", "parameters": {"city": "Paris"}}"#, &[]);
        check("the weather is [nice(very=True)]", &[]);
        check("weather {not json}", &[]);
        for cut in [
            "[weather(city='Par",
            "[weather(city=",
            "[weather(",
            "[weather",
            "[",
            "[weather(1)]",
            "[weather(a=b)]",
        ] {
            check(cut, &[]);
        }
        check(&"[".repeat(100_000), &[]);
        check(&format!("[weather(a={}", "[".repeat(100_000)), &[]);
    }
}
