//! A value as the protocol shows it: text for text, pictures as pictures, bytes as a resource, the rest as JSON.

use base64::{Engine, engine::general_purpose::STANDARD};
use rmcp::model::{ContentBlock, ResourceContents};
use serde_json::Value;
use smol_core::artifact::Artifact;

pub(super) fn blocks(value: &Value) -> Vec<ContentBlock> {
    let artifacts = Artifact::all(value);
    if artifacts.is_empty() {
        return vec![ContentBlock::text(match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })];
    }
    artifacts.into_iter().enumerate().map(|(number, artifact)| block(number, artifact)).collect()
}

fn block(number: usize, artifact: Artifact) -> ContentBlock {
    let Artifact { media_type, extension, content } = artifact;
    match (media_type, String::from_utf8(content)) {
        ("text/csv", Ok(text)) => ContentBlock::text(text),
        (kind, content) => {
            let bytes = content.map_or_else(|error| error.into_bytes(), String::into_bytes);
            let data = STANDARD.encode(bytes);
            if kind.starts_with("image/") {
                return ContentBlock::image(data, kind);
            }
            let uri = format!("result://{}.{extension}", number + 1);
            ContentBlock::resource(ResourceContents::blob(data, uri).with_mime_type(kind))
        }
    }
}
