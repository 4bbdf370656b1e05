//! Conversations such as no agent has, but a resumed or shortened run may: for what must hold of every request.

use arbtest::arbitrary::{Result, Unstructured};
use serde_json::{Value, json};
use smol_core::{
    message::{Media, Message, Opaque, Part, Role, ToolCall},
    model::{Request, ToolChoice},
    tool::ToolSpec,
};

/// Texts, ids and names, some of which wires refuse.
const WORDS: [&str; 8] = ["", " \n", "a", "call_0", "call_1", "Zürich 🦀", "a b/c", "</code>"];
const LONG: &str = "an_id_that_is_much_longer_than_the_sixty_four_letters_that_a_service_takes";

fn word(source: &mut Unstructured) -> Result<String> {
    Ok((*source.choose(&WORDS)?).to_owned())
}

fn arguments(source: &mut Unstructured) -> Result<Value> {
    Ok(source.choose(&[json!({}), json!({"a": 1}), json!("{broken"), json!([1]), Value::Null])?.clone())
}

fn call(source: &mut Unstructured) -> Result<ToolCall> {
    let id = if source.ratio(1, 8)? { LONG.to_owned() } else { word(source)? };
    Ok(ToolCall { id, name: word(source)?, arguments: arguments(source)? })
}

fn part(source: &mut Unstructured) -> Result<Part> {
    let sound = || Part::Audio(Media::bytes("audio/wav", b"abc"));
    Ok(match source.int_in_range(0..=5)? {
        0 => Part::Image(Media::bytes("image/png", b"abc")),
        1 => sound(),
        _ => Part::Text(word(source)?),
    })
}

fn message(source: &mut Unstructured, wire: &str) -> Result<Message> {
    let role = *source.choose(&[
        Role::System,
        Role::User,
        Role::Assistant,
        Role::Assistant,
        Role::Tool,
        Role::Tool,
    ])?;
    let mut message = Message::new(role, "");
    let parts = source.int_in_range(0..=2)?;
    message.content = (0..parts).map(|_| part(source)).collect::<Result<_>>()?;
    if role == Role::Assistant {
        let calls = source.int_in_range(0..=2)?;
        message.tool_calls = (0..calls).map(|_| call(source)).collect::<Result<_>>()?;
        if source.ratio(1, 3)? {
            let wire = (*source.choose(&[wire, "another"])?).to_owned();
            message.opaque = vec![Opaque { wire, value: json!({"thinking": "so"}) }];
        }
    }
    if role == Role::Tool {
        message.tool_call_id = Some(word(source)?);
    }
    Ok(message)
}

/// Any request; what comes back with its turns may be marked with the name of this wire.
pub(crate) fn any_request(source: &mut Unstructured, wire: &str) -> Result<Request> {
    let count = source.int_in_range(0..=8)?;
    let messages = (0..count).map(|_| message(source, wire)).collect::<Result<_>>()?;
    let mut request = Request::new(messages);
    if source.arbitrary()? {
        request.tools = vec![ToolSpec::new("a", "Does it."), ToolSpec::new("b", "")];
    }
    request.stop = vec![word(source)?];
    let choices = [ToolChoice::Auto, ToolChoice::Required, ToolChoice::None, ToolChoice::Tool("a".into())];
    request.tool_choice = source.choose(&choices)?.clone();
    Ok(request)
}
