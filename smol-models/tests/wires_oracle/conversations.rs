//! Conversations as a run may remember them: in order, pruned, broken off, from another model.

use super::{
    super::arbitrary::{Result, Unstructured},
    wires,
};
use serde_json::json;
use smol_core::{
    message::{Media, Message, Opaque, Part, Role, ToolCall},
    model::{Request, ToolChoice},
    tool::ToolSpec,
};
use smol_models::dialect::Settings;

const TEXTS: &[&str] = &["", " ", "\n", "a", "grüße", "🦀", "\"quoted\"", "</code>"];
const IDS: &[&str] = &["", "a", "b", "functions.f:0", "call_0"];
const MODELS: &[&str] = &["claude-sonnet-4-5", "gemini-3-pro", "gpt-5", "claude-opus-4-7"];

pub(super) fn check(source: &mut Unstructured) -> Result<()> {
    let mut request = Request::new(Vec::new());
    while request.messages.len() < 12 && !source.is_empty() {
        request.messages.push(message(source)?);
    }
    let choices = [ToolChoice::Auto, ToolChoice::Required, ToolChoice::None, ToolChoice::Tool("f".into())];
    request.tool_choice = source.choose(&choices)?.clone();
    request.stop = vec![text(source)?];
    if source.arbitrary()? {
        request.tools.push(ToolSpec::new("f", "Does it."));
    }
    // Without a limit the model's own is looked up, which takes its time.
    let max_tokens = if source.ratio(1, 16)? { None } else { Some(100) };
    let settings =
        Settings { model: (*source.choose(MODELS)?).to_owned(), max_tokens, ..Settings::default() };
    for wire in wires() {
        let body = wire.dialect.request(&request, &settings, false).expect("a request can be made");
        (wire.rules)(&body);
    }
    Ok(())
}

/// A text that may be blank, or end inside what a service takes for something else.
pub(super) fn text(source: &mut Unstructured) -> Result<String> {
    let pieces = source.int_in_range(0..=3)?;
    (0..pieces).map(|_| source.choose(TEXTS).copied()).collect()
}

fn message(source: &mut Unstructured) -> Result<Message> {
    let roles = [Role::System, Role::User, Role::Assistant, Role::Assistant, Role::Tool, Role::Tool];
    let mut message = Message::new(*source.choose(&roles)?, text(source)?);
    if source.ratio(1, 4)? {
        message.content.push(Part::Image(Media::bytes("image/png", b"png")));
    }
    if source.ratio(1, 8)? {
        message.content.clear();
    }
    match message.role {
        Role::Tool => message.tool_call_id = Some((*source.choose(IDS)?).to_owned()),
        Role::Assistant => {
            for _ in 0..source.int_in_range(0..=2)? {
                let arguments =
                    source.choose(&[json!({}), json!({"x": 1}), json!("{broken"), json!(null)])?.clone();
                message.tool_calls.push(ToolCall {
                    id: (*source.choose(IDS)?).to_owned(),
                    name: "f".into(),
                    arguments,
                });
            }
            if source.ratio(1, 8)? {
                message.opaque.push(Opaque { wire: "another".into(), value: json!({"part": 1}) });
            }
        }
        _ => {}
    }
    Ok(message)
}
