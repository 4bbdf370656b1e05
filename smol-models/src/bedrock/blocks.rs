//! The turns of a conversation as blocks.
//!
//! [`Conversation`] brings them into the order that the service insists on. What is left to see to here: where no tools
//! are on offer it refuses blocks that speak of any, and it takes neither blank texts nor turns of thoughts alone.

use super::WIRE;
use crate::{
    placed::{Piece, pieces},
    remote::shorten,
    turns::{self, Answer, NOTHING, Said, Turn, UNANSWERED, inline, worth_saying},
};
use serde_json::{Value, json};
use smol_core::{
    message::{Media, Part},
    model::ModelError,
};

/// A turn. Without tools on offer, calls and their results are told as text.
pub(super) fn turn(turn: &Turn, has_tools: bool) -> Result<Value, ModelError> {
    let (role, mut content) = match turn {
        Turn::Person { answers, parts } => ("user", person(answers, parts, has_tools)?),
        Turn::Model(said) => ("assistant", said.iter().flat_map(|said| model(said, has_tools)).collect()),
    };
    if content.iter().all(|block| block.get("reasoningContent").is_some()) {
        content.push(text(NOTHING));
    }
    Ok(json!({"role": role, "content": content}))
}

fn person(answers: &[Answer], parts: &[&Part], has_tools: bool) -> Result<Vec<Value>, ModelError> {
    let mut content = Vec::new();
    for answer in answers {
        let mut said = match answer.parts {
            Some(parts) => blocks(parts)?,
            None => vec![text(UNANSWERED)],
        };
        if has_tools {
            content.push(result(answer, said));
        } else {
            content.push(text(&format!("The tool `{}` gave:", answer.call.name)));
            content.append(&mut said);
        }
    }
    content.extend(blocks(parts.iter().copied())?);
    Ok(content)
}

/// A result must say something, and never in sounds.
fn result(answer: &Answer, mut content: Vec<Value>) -> Value {
    content.retain(|block| block.get("audio").is_none());
    if content.is_empty() {
        content.push(text(NOTHING));
    }
    json!({"toolResult": {"toolUseId": answer.id, "content": content}})
}

fn model(said: &Said, has_tools: bool) -> Vec<Value> {
    let whole = said.message.text();
    let calls: Vec<_> = said.calls().collect();
    let block = |piece| match piece {
        Piece::Text(said) => worth_saying(said).map(text),
        Piece::Kept(block) => Some(block.clone()),
        Piece::Call(index) => calls.get(index).map(|(id, call)| match has_tools {
            true => {
                let (name, input) = (turns::plain(&call.name), turns::arguments(call));
                json!({"toolUse": {"toolUseId": id, "name": name, "input": input}})
            }
            false => text(&format!("I call the tool `{}` with {}", call.name, call.arguments)),
        }),
    };
    pieces(said.message, &whole, WIRE).into_iter().filter_map(block).collect()
}

fn text(text: &str) -> Value {
    json!({ "text": text })
}

/// The parts as blocks, without blank texts.
fn blocks<'a>(parts: impl IntoIterator<Item = &'a Part>) -> Result<Vec<Value>, ModelError> {
    let block = |part: &Part| match part {
        Part::Text(said) => worth_saying(said).map(text).map(Ok),
        Part::Image(media) => Some(media_block("image", media)),
        Part::Audio(media) => Some(media_block("audio", media)),
        Part::Video(media) => Some(media_block("video", media)),
        _ => None,
    };
    parts.into_iter().filter_map(block).collect()
}

/// Bytes, or where they lie in S3: the service fetches nothing else.
fn media_block(kind: &str, media: &Media) -> Result<Value, ModelError> {
    let of =
        |format: &str, source: Value| json!({kind: {"format": format_name(kind, format), "source": source}});
    match (inline(media), media) {
        (Some((mime, base64)), _) => {
            let format = mime.split(';').next().unwrap_or(mime).rsplit('/').next().unwrap_or(mime);
            Ok(of(format, json!({ "bytes": base64 })))
        }
        (None, Media::Url(url)) if url.starts_with("s3://") => {
            let ending = url.rsplit('.').next().unwrap_or_default().to_lowercase();
            Ok(of(&ending, json!({"s3Location": {"uri": url}})))
        }
        (None, Media::Url(address) | Media::Inline { base64: address, .. }) => Err(ModelError::Setup {
            message: format!(
                "the {kind} at `{}` cannot be sent: Bedrock fetches only from S3",
                shorten(address)
            ),
            hint: "save it in a file and give the path of that, or an address such as `s3://bucket/key`"
                .to_owned(),
        }),
    }
}

/// What the service calls a format that is called so elsewhere.
fn format_name<'a>(kind: &str, name: &'a str) -> &'a str {
    match (kind, name.strip_prefix("x-").unwrap_or(name)) {
        ("image", "jpg") => "jpeg",
        ("audio", "mpeg") => "mp3",
        ("audio", "vnd.wave" | "wave") => "wav",
        ("video", "quicktime") => "mov",
        ("video", "ms-wmv") => "wmv",
        ("video", "3gpp" | "3gp") => "three_gp",
        (_, "matroska") => "mkv",
        (_, name) => name,
    }
}
