//! What a server gives as what code can work with: text as text, pictures and bytes as the artifacts of the sandbox.

use super::plain;
use rmcp::model::{CallToolResult, ContentBlock, ResourceContents};
use serde_json::{Value, json};
use smol_core::{
    message::{Media, Part},
    tool::ToolError,
};

/// Characters of an error that the model reads.
const LONGEST_ERROR: usize = 4_000;

/// One piece of what a server gives.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Content {
    /// Text.
    Text(String),
    /// Bytes of a kind: a picture, a recording, a file.
    Bytes {
        /// Such as `image/png`; `application/octet-stream` where the server does not say.
        media_type: String,
        /// The bytes, in base64 with the standard alphabet.
        base64: String,
    },
    /// The address of a resource, to be read by whoever wants it.
    Link {
        /// Its address on the server.
        uri: String,
        /// What the server calls it.
        name: String,
    },
}

impl Content {
    pub(super) fn of(block: ContentBlock) -> Self {
        match block {
            ContentBlock::Text(text) => Self::Text(text.text),
            ContentBlock::Image(image) => Self::bytes(Some(image.mime_type), image.data),
            ContentBlock::Audio(audio) => Self::bytes(Some(audio.mime_type), audio.data),
            ContentBlock::Resource(embedded) => Self::of_resource(embedded.resource),
            ContentBlock::ResourceLink(link) => Self::Link { uri: link.uri, name: link.name },
            other => Self::Text(format!("{other:?}")),
        }
    }

    pub(super) fn of_resource(resource: ResourceContents) -> Self {
        match resource {
            ResourceContents::TextResourceContents { text, .. } => Self::Text(text),
            ResourceContents::BlobResourceContents { mime_type, blob, .. } => Self::bytes(mime_type, blob),
            other => Self::Text(format!("{other:?}")),
        }
    }

    fn bytes(media_type: Option<String>, base64: String) -> Self {
        let media_type = media_type.unwrap_or_else(|| "application/octet-stream".to_owned());
        Self::Bytes { media_type, base64 }
    }

    /// As a value of code: a text, a tagged picture or tagged bytes ([`smol_core::artifact`]), a link as an object.
    pub fn value(self) -> Value {
        match self {
            Self::Text(text) => text.into(),
            Self::Bytes { media_type, base64 } => match media_type.as_str() {
                "image/png" => json!({"__type__": "image", "format": "png", "base64": base64}),
                "image/jpeg" | "image/jpg" => {
                    json!({"__type__": "image", "format": "jpeg", "base64": base64})
                }
                "image/svg+xml" => json!({"__type__": "image", "format": "svg", "base64": base64}),
                _ => json!({"__type__": "bytes", "base64": base64}),
            },
            Self::Link { uri, name } => json!({"uri": uri, "name": name}),
        }
    }

    /// As a part of a message; a link as its address, other bytes as a word on what they are.
    pub fn part(self) -> Part {
        match self {
            Self::Text(text) => Part::Text(text),
            Self::Link { uri, .. } => Part::Text(uri),
            Self::Bytes { media_type, base64 } => {
                let kind = media_type.split('/').next().unwrap_or_default().to_owned();
                let media = Media::Inline { mime: media_type, base64 };
                match (kind.as_str(), media) {
                    ("image", media) => Part::Image(media),
                    ("audio", media) => Part::Audio(media),
                    ("video", media) => Part::Video(media),
                    (_, Media::Inline { mime, .. }) => Part::Text(format!("[a file of type {mime}]")),
                    (_, Media::Url(url)) => Part::Text(url),
                }
            }
        }
    }
}

/// Several pieces as one value: nothing as `None`, one as itself, more as a list; texts alone as one text.
pub(super) fn value(contents: Vec<Content>) -> Value {
    let texts: Option<Vec<&str>> = contents
        .iter()
        .map(|content| if let Content::Text(text) = content { Some(text.as_str()) } else { None })
        .collect();
    match texts {
        Some(texts) if !texts.is_empty() => texts.join("\n").into(),
        Some(_) => Value::Null,
        None => {
            let mut values: Vec<Value> = contents.into_iter().map(Content::value).collect();
            if values.len() == 1 { values.remove(0) } else { values.into() }
        }
    }
}

/// The value of a tool call. With `structured`, the tool said that it gives a value of its own schema.
pub(super) fn outcome(result: CallToolResult, structured: bool) -> Result<Value, ToolError> {
    let contents = result.content.into_iter().map(Content::of).collect();
    if result.is_error == Some(true) {
        let words = match value(contents) {
            Value::Null => "it reports an error, and does not say which".to_owned(),
            Value::String(text) => text,
            other => other.to_string(),
        };
        return Err(ToolError(plain(&words, LONGEST_ERROR)));
    }
    match result.structured_content {
        Some(value) => Ok(value),
        None if structured => {
            let said = value(contents).to_string();
            let fault = "it promises a value of a schema, and its server gave none; it said";
            Err(ToolError(format!("{fault}: {}", plain(&said, LONGEST_ERROR))))
        }
        None => Ok(value(contents)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(result: Value, structured: bool, expect: Result<Value, &str>) {
        let result: CallToolResult = serde_json::from_value(result).expect("a result");
        assert_eq!(outcome(result, structured).map_err(|error| error.0), expect.map_err(str::to_owned));
    }

    #[test]
    fn a_result_is_a_value_that_code_can_use() {
        let text = |text: &str| json!({"type": "text", "text": text});
        check(json!({"content": []}), false, Ok(Value::Null));
        check(json!({"content": [text("a")]}), false, Ok("a".into()));
        check(json!({"content": [text("a"), text("b")]}), false, Ok("a\nb".into()));
        check(json!({"content": [text("a")], "structuredContent": {"x": 1}}), true, Ok(json!({"x": 1})));
        let png = json!({"type": "image", "data": "aGk=", "mimeType": "image/png"});
        let image = json!({"__type__": "image", "format": "png", "base64": "aGk="});
        check(json!({"content": [png]}), false, Ok(image.clone()));
        check(json!({"content": [text("see"), png]}), false, Ok(json!(["see", image])));
        let wav = json!({"type": "audio", "data": "aGk=", "mimeType": "audio/wav"});
        check(json!({"content": [wav]}), false, Ok(json!({"__type__": "bytes", "base64": "aGk="})));
        let link = json!({"type": "resource_link", "uri": "file:///a", "name": "a"});
        check(json!({"content": [link]}), false, Ok(json!({"uri": "file:///a", "name": "a"})));
        let resource = json!({"type": "resource", "resource": {"uri": "x:", "text": "t"}});
        check(json!({"content": [resource]}), false, Ok("t".into()));
    }

    #[test]
    fn an_error_of_a_tool_is_one_the_model_reads() {
        let text = json!({"type": "text", "text": "no\u{1b}[2Jsuch file"});
        check(json!({"content": [text], "isError": true}), false, Err("no[2Jsuch file"));
        check(
            json!({"content": [], "isError": true}),
            true,
            Err("it reports an error, and does not say which"),
        );
        check(
            json!({"content": [{"type": "text", "text": "3"}]}),
            true,
            Err("it promises a value of a schema, and its server gave none; it said: \"3\""),
        );
    }
}
