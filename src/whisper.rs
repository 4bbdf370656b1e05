//! Whisper models by name: the weights come from the Hub, the tool from the toolbox.

use crate::{
    hub::{self, HubError, ModelName, Progress},
    tools::{MediaError, Recording, Transcriber, Transcript, TranscriptionTool, Whisper},
};
use futures::lock::Mutex;
use std::path::Path;

/// The model that the original uses: 99 languages, 809 million parameters, 1.6 GB.
pub const DEFAULT: &str = "openai/whisper-large-v3-turbo";

/// The smallest one, for English alone, which comes out of a Python package: 39 million parameters, 76 MB.
pub const TINY: &str = "tiny.en";

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WhisperError {
    /// The name is none.
    #[error(
        "`{0}` is neither a folder nor a model on the Hub\n\nhint: give a folder, `tiny.en`, or a name such as `{DEFAULT}`"
    )]
    Name(String),
    /// Its weights could not be fetched.
    #[error(transparent)]
    Hub(#[from] HubError),
    /// Its weights could not be used.
    #[error(transparent)]
    Media(#[from] MediaError),
}

/// The Whisper model called `name`: a folder, [`TINY`], or a model on the Hub such as [`DEFAULT`]. What is not in the cache is
/// fetched; `progress` is called as bytes arrive.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use smolagents::{tools::TranscriptionTool, whisper};
///
/// let model = whisper::open(whisper::DEFAULT, |_| ()).await?;
/// let transcribe_audio = TranscriptionTool::new(model);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`WhisperError`] where it cannot be had or used.
pub async fn open(name: &str, progress: impl Fn(Progress)) -> Result<Whisper, WhisperError> {
    let folder = if Path::new(name).is_dir() {
        name.into()
    } else if name == TINY {
        hub::speech_model(progress).await?
    } else {
        let model = ModelName::parse(name).ok_or_else(|| WhisperError::Name(name.to_owned()))?;
        hub::model(&model, progress).await?
    };
    Ok(Whisper::open(folder)?)
}

/// A model that is fetched and read when it is first asked to hear something: who never asks does not pay for it.
pub struct OnDemand {
    name: String,
    model: Mutex<Option<Whisper>>,
}

impl OnDemand {
    /// The model that [`open`] knows by `name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), model: Mutex::new(None) }
    }

    async fn model(&self) -> Result<Whisper, WhisperError> {
        let mut model = self.model.lock().await;
        if let Some(model) = &*model {
            return Ok(model.clone());
        }
        let opened = open(&self.name, |_| ()).await?;
        Ok(model.insert(opened).clone())
    }
}

#[async_trait::async_trait]
impl Transcriber for OnDemand {
    async fn transcribe(
        &self,
        recording: Recording,
        language: Option<&str>,
    ) -> Result<Transcript, MediaError> {
        let model = self.model().await.map_err(|error| MediaError::NoModel(error.to_string()))?;
        model.transcribe(recording, language).await
    }
}

/// The tool that hears with [`DEFAULT`], which is fetched when it is first called. `name` is what code calls the tool:
/// `transcribe_audio`, or `transcriber` as in the original.
pub fn transcriber(name: &str) -> TranscriptionTool {
    TranscriptionTool::new(OnDemand::new(DEFAULT)).named(name)
}
