//! Conversations as attributes: each message is several, by its place.

use super::attributes::REDACTED;
use crate::{
    message::{Media, Message, Part, Role, ToolCall},
    model::{Reply, Request},
};
use opentelemetry::KeyValue;

/// Letters of base64 that a picture or recording may have: what OpenInference leaves in a trace.
const LARGEST_MEDIA: usize = 32_000;

/// The request without the bytes of pictures and recordings that are too large for a trace.
pub(super) fn without_large_media(mut request: Request) -> Request {
    for part in request.messages.iter_mut().flat_map(|message| &mut message.content) {
        let (Part::Image(media) | Part::Audio(media) | Part::Video(media)) = part else { continue };
        if matches!(media, Media::Inline { base64, .. } if base64.len() > LARGEST_MEDIA) {
            *media = Media::Url(REDACTED.to_owned());
        }
    }
    request
}

/// What the model was shown.
pub(super) fn inputs(messages: &[Message]) -> Vec<KeyValue> {
    let mut attributes = Vec::new();
    for (at, message) in messages.iter().enumerate() {
        let at = format!("llm.input_messages.{at}.message");
        let role = match message.role {
            Role::System => "system",
            Role::User => "user",
            Role::Assistant => "assistant",
            Role::Tool => "tool",
        };
        attributes.push(KeyValue::new(format!("{at}.role"), role));
        match message.content.as_slice() {
            [Part::Text(text)] => attributes.push(KeyValue::new(format!("{at}.content"), text.clone())),
            parts => {
                attributes.extend(parts.iter().enumerate().filter_map(|place| part(&at, place)).flatten())
            }
        }
        if let Some(id) = &message.tool_call_id {
            attributes.push(KeyValue::new(format!("{at}.tool_call_id"), id.clone()));
        }
        attributes.extend(calls(&at, &message.tool_calls));
    }
    attributes
}

/// What the model said.
pub(super) fn output(reply: &Reply) -> Vec<KeyValue> {
    let at = "llm.output_messages.0.message";
    let mut attributes = vec![KeyValue::new(format!("{at}.role"), "assistant")];
    if reply.reasoning.is_empty() {
        attributes.push(KeyValue::new(format!("{at}.content"), reply.text.clone()));
    } else {
        attributes.extend(content(at, 0, "reasoning", "text", reply.reasoning.clone()));
        attributes.extend(content(at, 1, "text", "text", reply.text.clone()));
    }
    attributes.extend(calls(at, &reply.tool_calls));
    attributes
}

fn part(at: &str, (place, part): (usize, &Part)) -> Option<[KeyValue; 2]> {
    match part {
        Part::Text(text) => Some(content(at, place, "text", "text", text.clone())),
        Part::Image(media) => Some(content(at, place, "image", "image.image.url", address(media))),
        Part::Audio(media) => Some(content(at, place, "audio", "audio.audio.url", address(media))),
        Part::Video(media) => Some(content(at, place, "video", "video.video.url", address(media))),
        _ => None,
    }
}

fn content(at: &str, place: usize, kind: &'static str, field: &str, value: String) -> [KeyValue; 2] {
    let at = format!("{at}.contents.{place}.message_content");
    [KeyValue::new(format!("{at}.type"), kind), KeyValue::new(format!("{at}.{field}"), value)]
}

fn address(media: &Media) -> String {
    match media {
        Media::Url(url) => url.clone(),
        Media::Inline { mime, base64 } => format!("data:{mime};base64,{base64}"),
    }
}

fn calls(at: &str, calls: &[ToolCall]) -> Vec<KeyValue> {
    let call = |(place, call): (usize, &ToolCall)| {
        let at = format!("{at}.tool_calls.{place}.tool_call");
        [
            KeyValue::new(format!("{at}.id"), call.id.clone()),
            KeyValue::new(format!("{at}.function.name"), call.name.clone()),
            KeyValue::new(format!("{at}.function.arguments"), call.arguments.to_string()),
        ]
    };
    calls.iter().enumerate().flat_map(call).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_sent_unless_it_is_large() {
        let check = |letters: usize, expect: &str| {
            let picture = Media::Inline { mime: "image/png".into(), base64: "A".repeat(letters) };
            let mut message = Message::new(Role::User, "look");
            message.content.push(Part::Image(picture));
            let request = without_large_media(Request::new(vec![message]));
            let attributes = inputs(&request.messages);
            let found: Vec<(&str, String)> = attributes
                .iter()
                .map(|attribute| (attribute.key.as_str(), attribute.value.to_string()))
                .collect();
            let at = "llm.input_messages.0.message.contents.1.message_content";
            assert_eq!(found[3], (format!("{at}.type").as_str(), "image".to_owned()));
            assert_eq!(found[4].0, format!("{at}.image.image.url"));
            assert!(found[4].1.starts_with(expect), "{found:?}");
        };
        check(LARGEST_MEDIA, "data:image/png;base64,AAAA");
        check(LARGEST_MEDIA + 1, "__REDACTED__");
    }
}
