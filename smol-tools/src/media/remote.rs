//! A service that transcribes, by the wire that OpenAI, Groq, vLLM and whisper.cpp's server speak:
//! `POST /audio/transcriptions` with a form, and JSON with segments back.

use super::{MediaError, Recording, Segment, Transcriber, Transcript};
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use std::{path::Path, time::Duration};

/// Transcribes with a service.
///
/// ```
/// use smol_tools::{RemoteTranscriber, TranscriptionTool};
///
/// let service = RemoteTranscriber::new("https://api.openai.com/v1", "whisper-1").key("sk-…");
/// let tool = TranscriptionTool::new(service);
/// ```
pub struct RemoteTranscriber {
    base_url: String,
    model: String,
    key: Option<String>,
    timeout: Duration,
}

/// What the service says in its verbose form; a plain one has the text alone.
#[derive(Deserialize)]
struct Answer {
    text: String,
    language: Option<String>,
    #[serde(default)]
    duration: f64,
    #[serde(default)]
    segments: Vec<Segment>,
}

/// The longest part of a service's complaint that is told.
const MAX_COMPLAINT: usize = 500;
/// The most of an answer that is taken in, in bytes.
const MAX_ANSWER: usize = 16 << 20;

impl RemoteTranscriber {
    /// The service at `base_url`, up to and without `/audio/transcriptions`, with its name for the model.
    pub fn new(base_url: impl Into<String>, model: impl Into<String>) -> Self {
        let base_url = base_url.into().trim_end_matches('/').to_owned();
        Self { base_url, model: model.into(), key: None, timeout: Duration::from_secs(600) }
    }

    /// Sends this key.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Gives it this long; ten minutes unless told.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    fn form(&self, recording: &Recording, language: Option<&str>) -> Form {
        // Services tell the format by the name's ending.
        let name = Path::new(&recording.name).file_name().map(|name| name.to_string_lossy().into_owned());
        let file =
            Part::stream(recording.content.clone()).file_name(name.unwrap_or_else(|| "audio.wav".to_owned()));
        let form = Form::new().part("file", file).text("model", self.model.clone());
        // OpenAI's newer models know the plain form alone.
        let verbose = if self.model.contains("whisper") { "verbose_json" } else { "json" };
        let form = form.text("response_format", verbose);
        match language {
            Some(language) => form.text("language", language.to_owned()),
            None => form,
        }
    }

    async fn ask(&self, url: &str, form: Form) -> Result<(reqwest::StatusCode, Vec<u8>), reqwest::Error> {
        let client = reqwest::Client::builder().timeout(self.timeout).build()?;
        let request = client.post(url).multipart(form);
        let request = match &self.key {
            Some(key) => request.bearer_auth(key),
            None => request,
        };
        let mut response = request.send().await?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > MAX_ANSWER {
                break;
            }
            body.extend_from_slice(&chunk);
        }
        Ok((response.status(), body))
    }
}

fn trimmed(segment: Segment) -> Segment {
    Segment { text: segment.text.trim().to_owned(), ..segment }
}

#[async_trait::async_trait]
impl Transcriber for RemoteTranscriber {
    async fn transcribe(
        &self,
        recording: Recording,
        language: Option<&str>,
    ) -> Result<Transcript, MediaError> {
        let url = format!("{}/audio/transcriptions", self.base_url);
        let failed = |cause: String| MediaError::Service { url: url.clone(), cause };
        let answer = self.ask(&url, self.form(&recording, language)).await;
        let (status, body) = answer.map_err(|error| failed(error.without_url().to_string()))?;
        if !status.is_success() {
            let complaint: String = String::from_utf8_lossy(&body).chars().take(MAX_COMPLAINT).collect();
            return Err(failed(format!("{status}: {}", complaint.trim())));
        }
        let answer: Answer = serde_json::from_slice(&body)
            .map_err(|error| failed(format!("its answer cannot be read: {error}")))?;
        Ok(Transcript {
            text: answer.text.trim().to_owned(),
            language: answer.language,
            duration: answer.duration,
            segments: answer.segments.into_iter().map(trimmed).collect(),
        })
    }
}
