//! What is no JSON: files that an app takes are uploaded, files that it gives are downloaded.

use super::{
    SpaceError,
    app::{App, below, take},
};
use crate::media::Access;
use base64::{Engine, engine::general_purpose::STANDARD};
use futures::{FutureExt, future::BoxFuture};
use reqwest::multipart::{Form, Part};
use serde_json::{Map, Value, json};
use std::path::Path;

impl App {
    /// Makes `value` (a path, an address, an image or bytes) what the app takes for a file.
    pub(super) async fn send(&self, value: &Value, access: &Access) -> Result<Value, SpaceError> {
        let meta = json!({"_type": "gradio.FileData"});
        if let Some(url) =
            value.as_str().filter(|text| text.starts_with("http://") || text.starts_with("https://"))
        {
            return Ok(json!({"path": url, "url": url, "orig_name": file_name(url), "meta": meta}));
        }
        let file = access.load(value).await.map_err(|error| SpaceError::Argument(error.to_string()))?;
        let name = file_name(&file.name);
        let form = Form::new().part("files", Part::stream(file.content).file_name(name.clone()));
        let paths: Vec<String> = self.upload("upload", form).await?;
        let path = paths.into_iter().next();
        let path = path.ok_or_else(|| SpaceError::Argument(format!("the app did not take `{name}`")))?;
        Ok(json!({"path": path, "orig_name": name, "meta": meta}))
    }

    /// A result with the files in it: pictures as images, others as bytes.
    pub(super) fn receive(&self, value: Value) -> BoxFuture<'_, Result<Value, SpaceError>> {
        async move {
            match value {
                Value::Object(object) if is_file(&object) => self.download(&object).await,
                Value::Object(object) => {
                    let mut received = Map::new();
                    for (name, value) in object {
                        received.insert(name, self.receive(value).await?);
                    }
                    Ok(received.into())
                }
                Value::Array(values) => {
                    let mut received = Vec::new();
                    for value in values {
                        received.push(self.receive(value).await?);
                    }
                    Ok(received.into())
                }
                value => Ok(value),
            }
        }
        .boxed()
    }

    async fn download(&self, file: &Map<String, Value>) -> Result<Value, SpaceError> {
        let path = file.get("path").and_then(Value::as_str).unwrap_or_default();
        // Not its `url`: an app behind others often names an address that cannot be reached, and may name any.
        let url = below(&self.api, &format!("file={path}"))?;
        let response = self.open(url.clone()).await?;
        let limit = usize::try_from(self.largest_file).unwrap_or(usize::MAX);
        let content = take(response, limit).await;
        let content =
            content.map_err(|_| SpaceError::TooLarge { url: url.into(), limit: self.largest_file })?;
        let base64 = STANDARD.encode(&content);
        Ok(match picture(&content) {
            Some(format) => json!({"__type__": "image", "format": format, "base64": base64}),
            None => json!({"__type__": "bytes", "base64": base64}),
        })
    }
}

fn is_file(object: &Map<String, Value>) -> bool {
    let is_marked = object.get("meta").and_then(|meta| meta.get("_type")) == Some(&json!("gradio.FileData"));
    is_marked && object.get("path").is_some_and(Value::is_string)
}

/// The format of a picture that code knows as an image.
fn picture(content: &[u8]) -> Option<&'static str> {
    match content {
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("jpeg"),
        _ => None,
    }
}

/// The last part of a path or an address.
fn file_name(path: &str) -> String {
    let name = Path::new(path.split(['?', '#']).next().unwrap_or_default()).file_name();
    name.map_or_else(|| "file".to_owned(), |name| name.to_string_lossy().into_owned())
}
