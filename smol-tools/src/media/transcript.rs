//! What was said, and who can tell it.

use super::MediaError;
use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// A recording as it was loaded: a file's bytes, in a format that its content tells.
#[derive(Debug, Clone)]
pub struct Recording {
    /// Its path or address, for errors.
    pub name: String,
    /// The file's content.
    pub content: Bytes,
}

/// What was said in a recording.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Transcript {
    /// all that was said
    pub text: String,
    /// the language's code, such as `en`; null where it is not known
    pub language: Option<String>,
    /// how long the recording is, in seconds
    pub duration: f64,
    /// what was said when
    pub segments: Vec<Segment>,
}

/// A few words of a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Segment {
    /// when it begins, in seconds
    pub start: f64,
    /// when it ends, in seconds
    pub end: f64,
    /// what was said
    pub text: String,
}

impl Transcript {
    /// Each segment on a line of its own, after its time as `[mm:ss.s - mm:ss.s]`.
    pub fn with_times(&self) -> String {
        let mut lines = String::new();
        for segment in &self.segments {
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "[{} - {}] {}", clock(segment.start), clock(segment.end), segment.text);
        }
        lines
    }
}

/// Seconds as minutes and seconds.
pub(super) fn clock(seconds: f64) -> String {
    let minutes = (seconds / 60.0).floor();
    format!("{minutes:02.0}:{:04.1}", seconds - minutes * 60.0)
}

/// Something that writes down what is said: Whisper on this machine, or a service.
#[async_trait::async_trait]
pub trait Transcriber: Send + Sync {
    /// What is said in `recording`, in `language` (a code of two letters) or whichever it seems to be.
    ///
    /// # Errors
    /// [`MediaError`] where it cannot be decoded or heard.
    async fn transcribe(
        &self,
        recording: Recording,
        language: Option<&str>,
    ) -> Result<Transcript, MediaError>;
}
