//! Whisper on this machine's processor, on candle.
//!
//! `audio`, `resample` and `mel` make what the model looks at of a file; `checkpoint`, `ctranslate2` and `vocabulary` read a
//! model; `encoder`, `decoder`, `layers` and `numbers` compute; `rules`, `attempt` and `windows` make a transcript, as
//! openai-whisper does: its rules, thresholds and second attempts, so that the same weights give the same words.

mod attempt;
mod audio;
mod checkpoint;
mod ctranslate2;
mod decoder;
mod encoder;
mod layers;
mod mel;
mod numbers;
mod resample;
mod rules;
mod vocabulary;
mod windows;

use super::{MediaError, Recording, Transcriber, Transcript};
use checkpoint::Checkpoint;
use decoder::Decoder;
use encoder::Encoder;
use rules::Rules;
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use vocabulary::Vocabulary;
use windows::WINDOW_SECONDS;

/// From so many tokens on a model knows more than English.
const MULTILINGUAL: usize = 51_865;

/// A Whisper model of any size, for English or for all languages.
///
/// ```no_run
/// # async fn example() -> Result<(), smol_tools::MediaError> {
/// use smol_tools::{Recording, Transcriber, Whisper};
///
/// let whisper = Whisper::open("whisper-tiny")?; // the folder, with its weights and `tokenizer.json`
/// let content = std::fs::read("hello.wav").unwrap_or_default().into();
/// let transcript = whisper.transcribe(Recording { name: "hello.wav".into(), content }, None).await?;
/// println!("{}", transcript.text);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Whisper {
    model: Arc<Model>,
    longest: Duration,
}

struct Model {
    encoder: Encoder,
    decoder: Decoder,
    vocabulary: Vocabulary,
    rules: Rules,
    bands: usize,
}

impl Whisper {
    /// Reads the model in `folder`: `model.safetensors`, `config.json` and `tokenizer.json` as on the Hub, or `model.bin` and
    /// `tokenizer.json` as for CTranslate2. Blocks while it reads: a tiny model for less than a second.
    ///
    /// # Errors
    /// [`MediaError::Weights`] where there is no such model in it.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, MediaError> {
        let folder = folder.as_ref();
        let checkpoint = Checkpoint::open(folder)?;
        let model = Model::new(checkpoint);
        let unusable = |error| MediaError::Weights { path: folder.into(), cause: plain(error) };
        Ok(Self { model: Arc::new(model.map_err(unusable)?), longest: Duration::from_secs(4 * 3600) })
    }

    /// Refuses recordings that are longer; four hours unless told. An hour takes about 400 MB while it is heard.
    #[must_use]
    pub fn longest(mut self, longest: Duration) -> Self {
        self.longest = longest;
        self
    }

    /// The codes of the languages it knows.
    pub fn languages(&self) -> Vec<&str> {
        match self.model.is_multilingual() {
            true => self.model.vocabulary.languages().iter().map(|(code, _)| code.as_str()).collect(),
            false => vec!["en"],
        }
    }
}

#[async_trait::async_trait]
impl Transcriber for Whisper {
    async fn transcribe(
        &self,
        recording: Recording,
        language: Option<&str>,
    ) -> Result<Transcript, MediaError> {
        let (model, longest, language) = (self.model.clone(), self.longest, language.map(str::to_owned));
        let stop = StopOnDrop(Arc::default());
        let stopped = stop.0.clone();
        let work = move || {
            let samples = audio::decode(&recording, longest)?;
            model.listen(&samples, language.as_deref(), &stopped)
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| MediaError::Compute(error.to_string()))?
    }
}

/// What went wrong, without the list of calls that candle adds where it is told to.
fn plain(error: candle_core::Error) -> String {
    match error {
        candle_core::Error::WithBacktrace { inner, .. } => plain(*inner),
        error => error.to_string(),
    }
}

/// Tells the thread that listens to stop when nobody waits for it any more.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Model {
    fn new(checkpoint: Checkpoint) -> candle_core::Result<Self> {
        let suppressed = checkpoint.settings.suppress_tokens.as_deref().unwrap_or_default();
        let not_first = checkpoint.settings.begin_suppress_tokens.as_deref();
        let bands = layers::tensor(&checkpoint.tensors, "encoder.conv1.weight")?.dim(1)?;
        Ok(Self {
            encoder: Encoder::new(&checkpoint)?,
            decoder: Decoder::new(&checkpoint)?,
            rules: Rules::new(&checkpoint.vocabulary, suppressed, not_first),
            vocabulary: checkpoint.vocabulary,
            bands,
        })
    }

    fn is_multilingual(&self) -> bool {
        self.decoder.vocabulary() >= MULTILINGUAL
    }

    /// The token of the language with this code; none if there is only one.
    fn language(&self, code: &str) -> Result<Option<u32>, MediaError> {
        let wanted = code.trim().to_ascii_lowercase();
        let unknown = || MediaError::Language(code.to_owned());
        if !self.is_multilingual() {
            return if wanted == "en" { Ok(None) } else { Err(unknown()) };
        }
        let known = self.vocabulary.languages().iter().find(|(known, _)| *known == wanted);
        known.map(|(_, token)| Some(*token)).ok_or_else(unknown)
    }
}
