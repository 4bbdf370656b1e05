//! A value as the protocol shows it: text for text, pictures as pictures, bytes as a resource, the rest as JSON.

use base64::{Engine, engine::general_purpose::STANDARD};
use rmcp::model::{ContentBlock, ResourceContents};
use serde_json::Value;
use smol_core::artifact::Artifact;

/// A block for a value, or one for each element of a list in which there is something to be shown as itself.
pub(super) fn blocks(value: &Value) -> Vec<ContentBlock> {
    match value {
        Value::Array(elements) if !Artifact::all(value).is_empty() => {
            elements.iter().enumerate().map(|(number, element)| block(number, element)).collect()
        }
        value => vec![block(0, value)],
    }
}

fn block(number: usize, value: &Value) -> ContentBlock {
    let Some(Artifact { media_type, extension, content }) = Artifact::all(value).into_iter().next() else {
        return ContentBlock::text(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    };
    if media_type == "text/csv" {
        return ContentBlock::text(String::from_utf8_lossy(&content));
    }
    let data = STANDARD.encode(content);
    if media_type.starts_with("image/") {
        return ContentBlock::image(data, media_type);
    }
    let uri = format!("result://{}.{extension}", number + 1);
    ContentBlock::resource(ResourceContents::blob(data, uri).with_mime_type(media_type))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_shown_as_what_they_are() {
        fn check(value: Value, expect: Value) {
            assert_eq!(serde_json::to_value(blocks(&value)).expect("it is JSON"), expect, "{value}");
        }
        let text = |text: &str| json!({"type": "text", "text": text});
        let png = json!({"__type__": "image", "format": "png", "base64": "aGk="});
        let image = json!({"type": "image", "data": "aGk=", "mimeType": "image/png"});
        check(json!("a"), json!([text("a")]));
        check(json!([1, "b"]), json!([text("[1,\"b\"]")]));
        check(json!(null), json!([text("null")]));
        check(png.clone(), json!([image]));
        check(json!(["see", png]), json!([text("see"), image]));
        let bytes = json!({"__type__": "bytes", "base64": "aGk="});
        let blob = json!({"uri": "result://1.bin", "mimeType": "application/octet-stream", "blob": "aGk="});
        check(bytes, json!([{"type": "resource", "resource": blob}]));
        let table = json!({"__type__": "table", "columns": ["a"], "index": [0], "rows": [[1]]});
        check(table, json!([text(",a\r\n0,1\r\n")]));
    }
}
