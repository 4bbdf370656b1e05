//! `transcribe_audio`: what is said in a recording.

use super::{Access, Transcriber};
use crate::macro_support::{Arguments, Signature};
use serde_json::Value;
use smol_core::tool::{Effect, Tool, ToolError, ToolSpec};
use std::{sync::Arc, time::Duration};

/// The original's tool by the guide's name for it.
const PYTHON: &str = "import smolagents\n\n\nclass TranscriptionTool(smolagents.SpeechToTextTool):\n    \
                      name = \"transcribe_audio\"\n";

/// How long a call may take unless the program says otherwise.
const LIMIT: Duration = Duration::from_secs(3600);

/// The tool `transcribe_audio(audio, language = None, timestamps = False)`: the words of a recording, as one text or as a
/// line with its time for each segment.
///
/// It reads wav, mp3, flac, ogg (Vorbis) and m4a (AAC). What it may read files from is its [`Access`].
pub struct TranscriptionTool {
    spec: ToolSpec,
    transcriber: Arc<dyn Transcriber>,
    access: Access,
    limit: Duration,
}

impl TranscriptionTool {
    /// Has `transcriber` write down what it is given: `Whisper` on this machine, or a
    /// [`RemoteTranscriber`](super::RemoteTranscriber).
    pub fn new(transcriber: impl Transcriber + 'static) -> Self {
        let description = "Writes down what is said in a recording, in the language that is spoken. Use it for audio \
                           files such as wav, mp3, flac or ogg.";
        let spec = Signature::new()
            .required::<Value>(
                "audio",
                "the recording: a file's path, an address that begins with http, or its bytes",
            )
            .optional::<Option<String>>("language", "the language that is spoken, as a code such as `en`")
            .with_default("timestamps", "whether to begin each line with its time", false)
            .spec::<String>("transcribe_audio", description, Effect::Reads);
        let spec = ToolSpec { untrusted: true, ..spec };
        Self { spec, transcriber: Arc::new(transcriber), access: Access::new(), limit: LIMIT }
    }

    /// Calls the tool something else, such as `transcriber`, the original's name for it.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.spec.name = name.into();
        self
    }

    /// How long a call may take; an hour unless told.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// What it may read; addresses alone unless told.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }
}

#[async_trait::async_trait]
impl Tool for TranscriptionTool {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    /// Hours of speech take longer than most calls.
    fn time_limit(&self) -> Option<Duration> {
        Some(self.limit)
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let mut arguments = Arguments::new(arguments)?;
        let source: Value = arguments.take("audio")?;
        let language: Option<String> = arguments.take_or("language", || None)?;
        let timestamps = arguments.take_or("timestamps", || false)?;
        let recording = self.access.load(&source).await?;
        let transcript = self.transcriber.transcribe(recording, language.as_deref()).await?;
        Ok(Value::String(if timestamps { transcript.with_times() } else { transcript.text }))
    }

    /// The original's own, which hears with the same models.
    fn python_source(&self) -> Option<String> {
        let code = match self.spec.name.as_str() {
            "transcribe_audio" => PYTHON,
            "transcriber" => "from smolagents import SpeechToTextTool\n",
            _ => return None,
        };
        Some(code.to_owned())
    }
}
