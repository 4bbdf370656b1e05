//! Whisper models by name: the weights come from the Hub, the tool from the toolbox.

use crate::{
    hub::{self, HubError, ModelName, Progress},
    tools::{MediaError, Whisper},
};
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
