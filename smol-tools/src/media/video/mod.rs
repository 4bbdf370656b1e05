//! `transcribe_video`: what is said and seen in a film, with times.

mod ffmpeg;

use super::{
    Access, MediaError, Recording, Segment, Transcriber, Transcript, image::look, transcript::clock,
};
use crate::macro_support::{Arguments, Signature};
use ffmpeg::{Film, Streams};
use futures::{StreamExt, TryStreamExt, stream};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use smol_core::{
    message::Media,
    model::Model,
    tool::{Effect, Tool, ToolError, ToolSpec},
};
use std::{path::Path, sync::Arc, time::Duration};

/// Frames that are looked at unless the model asks for another number.
const FRAMES: usize = 8;
/// The most that it may ask for.
const MOST_FRAMES: usize = 100;
/// Frames that are looked at side by side.
const AT_ONCE: usize = 4;
/// How long a call may take: several programs run, a transcriber listens, and a model looks.
const CALL_LIMIT: Duration = Duration::from_secs(3600);
/// Longer films are refused.
const LONGEST: u64 = 4 * 3600;

const QUESTION: &str =
    "This is a frame of a film. Say in one or two sentences what it shows, and what is written on it.";

/// What a film holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FilmReport {
    /// how long it is, in seconds
    pub duration: f64,
    /// all that is said; empty if nobody speaks
    pub transcript: String,
    /// what is said when
    pub segments: Vec<Segment>,
    /// what is seen when
    pub frames: Vec<Frame>,
    /// what it is about, if that was asked for
    pub summary: Option<String>,
}

/// What is seen at one time of a film.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Frame {
    /// when, in seconds
    pub time: f64,
    /// what
    pub description: String,
}

/// The tool `transcribe_video(video, frames = 8, scenes = False, question = None, summarize = False)`: what is said, by a
/// [`Transcriber`], and what is seen, by a model that sees. It gives a [`FilmReport`].
///
/// It needs the programs `ffmpeg` and `ffprobe`.
pub struct VideoTranscriptionTool {
    spec: ToolSpec,
    transcriber: Arc<dyn Transcriber>,
    viewer: Arc<dyn Model>,
    access: Access,
    limit: Duration,
}

/// What is to be looked at.
struct Wanted {
    frames: usize,
    scenes: bool,
    question: String,
}

impl VideoTranscriptionTool {
    /// Has `transcriber` listen and `viewer` look.
    pub fn new(transcriber: impl Transcriber + 'static, viewer: Arc<dyn Model>) -> Self {
        let description =
            "Watches a film: gives what is said in it, with times, and what is seen in some of its frames.";
        let spec = Signature::new()
            .required::<Value>("video", "the film: a file's path, or an address that begins with http")
            .with_default("frames", "how many frames to look at, from 0 to 100", FRAMES)
            .with_default(
                "scenes",
                "whether to look at the beginnings of scenes, not at even intervals",
                false,
            )
            .optional::<Option<String>>("question", "what to find out about each frame")
            .with_default("summarize", "whether to sum up what is said and seen", false)
            .spec::<FilmReport>("transcribe_video", description, Effect::Reads);
        let spec = ToolSpec { untrusted: true, ..spec };
        let access = Access::new().most_bytes(4 << 30);
        Self { spec, transcriber: Arc::new(transcriber), viewer, access, limit: Duration::from_secs(600) }
    }

    /// What it may read; addresses alone unless told. Up to 4 GiB unless it says otherwise.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    /// How long each run of ffmpeg may take; ten minutes unless told.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    async fn watch(&self, source: &Value, wanted: Wanted) -> Result<FilmReport, MediaError> {
        // Gone with all that is in it, however this ends.
        let folder = tempfile::tempdir().map_err(|error| disk(&error))?;
        let (name, path) = self.access.place(source, folder.path()).await?;
        let film = Film { name: &name, path: &path, limit: self.limit };
        let streams = film.streams().await?;
        #[expect(clippy::cast_precision_loss, reason = "hours in seconds")]
        if streams.duration > LONGEST as f64 {
            return Err(MediaError::TooLong { name, limit: LONGEST });
        }
        let heard =
            if streams.sound { self.listen(&film, folder.path()).await? } else { Transcript::default() };
        let frames = if streams.picture {
            self.look(&film, streams, &wanted, folder.path()).await?
        } else {
            Vec::new()
        };
        Ok(FilmReport {
            duration: streams.duration,
            transcript: heard.text,
            segments: heard.segments,
            frames,
            summary: None,
        })
    }

    async fn listen(&self, film: &Film<'_>, folder: &Path) -> Result<Transcript, MediaError> {
        let path = folder.join("sound.wav");
        film.sound(&path, LONGEST).await?;
        let content = std::fs::read(&path).map_err(|error| disk(&error))?;
        self.transcriber
            .transcribe(Recording { name: "sound.wav".to_owned(), content: content.into() }, None)
            .await
    }

    async fn look(
        &self,
        film: &Film<'_>,
        streams: Streams,
        wanted: &Wanted,
        folder: &Path,
    ) -> Result<Vec<Frame>, MediaError> {
        let times = match wanted.scenes {
            true => film.scenes().await?.into_iter().take(wanted.frames).collect(),
            false => evenly(streams.duration, wanted.frames),
        };
        let describe = |(index, time): (usize, f64)| async move {
            let path = folder.join(format!("{index}.jpg"));
            film.frame(time, &path).await?;
            // Some films end before they say they do.
            let Ok(frame) = std::fs::read(&path) else { return Ok(None) };
            let pictures = vec![Media::bytes("image/jpeg", &frame)];
            let description = look(self.viewer.as_ref(), wanted.question.clone(), pictures).await?;
            Ok::<_, MediaError>(Some(Frame { time, description }))
        };
        let frames = stream::iter(times.into_iter().enumerate()).map(describe).buffered(AT_ONCE);
        frames.try_filter_map(|frame| async { Ok(frame) }).try_collect().await
    }

    async fn sum_up(&self, report: &FilmReport) -> Result<String, MediaError> {
        let said =
            report.segments.iter().map(|segment| format!("{} said: {}", clock(segment.start), segment.text));
        let seen =
            report.frames.iter().map(|frame| format!("{} seen: {}", clock(frame.time), frame.description));
        let notes: Vec<String> = said.chain(seen).collect();
        let question = "These are notes about a film. Sum up in a few sentences what it is about.";
        look(self.viewer.as_ref(), format!("{question}\n\n{}", notes.join("\n")), Vec::new()).await
    }
}

#[async_trait::async_trait]
impl Tool for VideoTranscriptionTool {
    fn spec(&self) -> &ToolSpec {
        &self.spec
    }

    fn time_limit(&self) -> Option<Duration> {
        Some(CALL_LIMIT.max(self.limit))
    }

    async fn call(&self, arguments: Value) -> Result<Value, ToolError> {
        let mut arguments = Arguments::new(arguments)?;
        let source: Value = arguments.take("video")?;
        let wanted = Wanted {
            frames: arguments.take_or("frames", || FRAMES)?.min(MOST_FRAMES),
            scenes: arguments.take_or("scenes", || false)?,
            question: arguments
                .take_or::<Option<String>>("question", || None)?
                .unwrap_or_else(|| QUESTION.to_owned()),
        };
        let mut report = self.watch(&source, wanted).await?;
        if arguments.take_or("summarize", || false)? {
            report.summary = Some(self.sum_up(&report).await?);
        }
        serde_json::to_value(report).map_err(|error| ToolError(error.to_string()))
    }
}

/// The middles of `count` equal parts of `duration`.
#[expect(clippy::cast_precision_loss, reason = "at most a hundred")]
fn evenly(duration: f64, count: usize) -> Vec<f64> {
    (0..count).map(|index| duration * (index as f64 + 0.5) / count as f64).collect()
}

fn disk(error: &std::io::Error) -> MediaError {
    MediaError::Read { path: "a folder for passing files".to_owned(), cause: error.to_string() }
}
