//! Where recordings, films and pictures come from. A model names them, so what may be read is settled here: files of the
//! folders that were granted, addresses of the public Internet, and bytes that code holds.

use super::{MediaError, Recording};
use crate::guard::Guard;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::{Bytes, BytesMut};
use serde_json::Value;
use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    time::Duration,
};
use url::Url;

/// What a tool for media may read, and how much of it.
#[derive(Clone)]
pub struct Access {
    folders: Vec<PathBuf>,
    guard: Guard,
    most_bytes: u64,
    timeout: Duration,
}

impl Default for Access {
    fn default() -> Self {
        Self::new()
    }
}

impl Access {
    /// No files, any address of the public Internet, 512 MiB, and five minutes to fetch them.
    pub fn new() -> Self {
        Self {
            folders: Vec::new(),
            guard: Guard::new(false),
            most_bytes: 512 << 20,
            timeout: Duration::from_secs(300),
        }
    }

    /// Grants the files in `folder` and below. A path that is not absolute is looked for there.
    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.push(folder.into());
        self
    }

    /// Whether addresses on this machine and in private networks may be fetched from.
    #[must_use]
    pub fn allow_private(mut self, allow: bool) -> Self {
        self.guard = Guard::new(allow);
        self
    }

    /// Refuses what is larger than this, in bytes.
    #[must_use]
    pub fn most_bytes(mut self, bytes: u64) -> Self {
        self.most_bytes = bytes;
        self
    }

    /// What `source` names or holds: a path, an address (`http:`, `https:`, `data:`), or a value of code such as
    /// `{"__type__": "bytes", "base64": …}`.
    ///
    /// # Errors
    /// [`MediaError`] where it may not be read, or is not there, or is too large.
    pub async fn load(&self, source: &Value) -> Result<Recording, MediaError> {
        match source {
            Value::String(text) => match (local(text), text.strip_prefix("data:")) {
                (Some(path), _) => {
                    let (access, path) = (self.clone(), path.to_owned());
                    let read = tokio::task::spawn_blocking(move || access.read(&path)).await;
                    read.map_err(|error| MediaError::NoSource { found: error.to_string() })?
                }
                (None, Some(data)) => self.inline(data.split_once(";base64,").map(|(_, base64)| base64)),
                (None, None) => self.fetch(text).await,
            },
            Value::Object(value) => self.inline(value.get("base64").and_then(Value::as_str)),
            other => Err(MediaError::NoSource { found: format!("`{other}`") }),
        }
    }

    /// A file that holds what `source` names or holds, with a name for it: a granted file where it lies, anything else in
    /// `folder`.
    #[cfg(feature = "video")]
    pub(super) async fn place(&self, source: &Value, folder: &Path) -> Result<(String, PathBuf), MediaError> {
        if let Some(path) = source.as_str().and_then(local) {
            let found = self.find(path)?;
            let size = fs::metadata(&found).map_or(0, |data| data.len());
            if size > self.most_bytes {
                return Err(MediaError::TooLarge { name: path.to_owned(), limit: self.most_bytes });
            }
            return Ok((path.to_owned(), found));
        }
        let file = self.load(source).await?;
        let path = folder.join("film");
        let unwritable =
            |error: std::io::Error| MediaError::Read { path: file.name.clone(), cause: error.to_string() };
        fs::write(&path, &file.content).map_err(unwritable)?;
        Ok((file.name, path))
    }

    fn inline(&self, base64: Option<&str>) -> Result<Recording, MediaError> {
        let name = "the bytes given".to_owned();
        let Some(base64) = base64 else { return Err(MediaError::NoSource { found: name }) };
        if base64.len() as u64 / 4 * 3 > self.most_bytes {
            return Err(MediaError::TooLarge { name, limit: self.most_bytes });
        }
        match STANDARD.decode(base64) {
            Ok(content) => Ok(Recording { name, content: content.into() }),
            Err(error) => Err(MediaError::NoSource { found: format!("what was given as base64 ({error})") }),
        }
    }

    fn read(&self, path: &str) -> Result<Recording, MediaError> {
        let unreadable =
            |error: std::io::Error| MediaError::Read { path: path.to_owned(), cause: error.to_string() };
        let found = self.find(path)?;
        let file = fs::File::open(found).map_err(unreadable)?;
        if !file.metadata().map_err(unreadable)?.is_file() {
            return Err(MediaError::Read { path: path.to_owned(), cause: "it is no file".to_owned() });
        }
        let mut content = Vec::new();
        file.take(self.most_bytes + 1).read_to_end(&mut content).map_err(unreadable)?;
        if content.len() as u64 > self.most_bytes {
            return Err(MediaError::TooLarge { name: path.to_owned(), limit: self.most_bytes });
        }
        Ok(Recording { name: path.to_owned(), content: content.into() })
    }

    /// The file that `path` names, links followed, if it lies in a granted folder.
    fn find(&self, path: &str) -> Result<PathBuf, MediaError> {
        let mut cause = None;
        for folder in &self.folders {
            let Ok(folder) = folder.canonicalize() else { continue };
            match folder.join(path).canonicalize() {
                Ok(found) if found.starts_with(&folder) => return Ok(found),
                Ok(_) => {}
                Err(error) if lies_in(&folder, path) => cause = Some(error.to_string()),
                Err(_) => {}
            }
        }
        Err(match cause {
            Some(cause) => MediaError::Read { path: path.to_owned(), cause },
            None => MediaError::NotGranted { path: path.to_owned(), folders: self.folders.clone() },
        })
    }

    async fn fetch(&self, address: &str) -> Result<Recording, MediaError> {
        let failed = |cause: String| MediaError::Fetch { url: address.to_owned(), cause };
        let url = Url::parse(address).map_err(|error| failed(error.to_string()))?;
        self.guard.check(&url).map_err(|error| failed(error.to_string()))?;
        let client = self.guard.client(self.timeout).map_err(|error| failed(error.to_string()))?;
        let response = client.get(url).send().await.and_then(reqwest::Response::error_for_status);
        let mut response = response.map_err(|error| failed(error.without_url().to_string()))?;
        let mut content = BytesMut::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| failed(error.without_url().to_string()))?
        {
            if (content.len() + chunk.len()) as u64 > self.most_bytes {
                return Err(MediaError::TooLarge { name: address.to_owned(), limit: self.most_bytes });
            }
            content.extend_from_slice(&chunk);
        }
        Ok(Recording { name: address.to_owned(), content: Bytes::from(content) })
    }
}

/// The path that `text` is, unless it is an address.
fn local(text: &str) -> Option<&str> {
    let is_address = ["http://", "https://", "data:"].iter().any(|scheme| text.starts_with(scheme));
    (!is_address).then(|| text.strip_prefix("file://").unwrap_or(text))
}

/// Whether a path would lie in `folder` by its words alone: whoever asks for what is elsewhere does not learn whether it is
/// there.
fn lies_in(folder: &Path, path: &str) -> bool {
    let climbs = Path::new(path).components().any(|part| part == std::path::Component::ParentDir);
    !climbs && folder.join(path).starts_with(folder)
}
