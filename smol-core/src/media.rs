//! Pictures, recordings and films that go with a task. The one place of this crate that reads a file, and only one
//! that the caller named.

use crate::message::{Media, Part};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Something that was given with a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its path or address, by which tools can find it; empty if it was given as bytes.
    pub name: String,
    /// The thing itself.
    pub part: Part,
}

/// A file that could not be attached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("could not read `{path}`: {cause}\n\nhint: give a file's path, or an address that begins with http")]
pub struct MediaError {
    /// The file.
    pub path: String,
    /// What the system said.
    pub cause: String,
}

impl Media {
    /// An address (`http://`, `https://`, `data:`) as it is, anything else as a file, whose type its name tells.
    pub fn open(source: impl AsRef<Path>) -> Result<Self, MediaError> {
        let path = source.as_ref();
        let name = path.to_string_lossy();
        if ["http://", "https://", "data:"].iter().any(|scheme| name.starts_with(scheme)) {
            return Ok(Self::Url(name.into_owned()));
        }
        let bytes = std::fs::read(path)
            .map_err(|error| MediaError { path: name.into_owned(), cause: error.to_string() })?;
        Ok(Self::bytes(media_type(path), &bytes))
    }

    /// Bytes of this media type, such as `image/png`.
    pub fn bytes(mime: impl Into<String>, bytes: &[u8]) -> Self {
        Self::Inline { mime: mime.into(), base64: STANDARD.encode(bytes) }
    }
}

/// The media type that a file's name tells.
fn media_type(path: &Path) -> &'static str {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref().unwrap_or_default() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "wav" => "audio/wav",
        "mp3" => "audio/mpeg",
        "flac" => "audio/flac",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "m4a" => "audio/mp4",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        "mkv" => "video/x-matroska",
        _ => "application/octet-stream",
    }
}
