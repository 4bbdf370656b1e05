//! Tools for what is heard and seen: recordings, films, pictures.

mod error;
mod image;
mod remote;
mod source;
mod transcript;
mod transcription;
#[cfg(feature = "video")]
mod video;
#[cfg(feature = "transcription")]
mod whisper;

pub use error::MediaError;
pub use image::ImageAnalysisTool;
pub use remote::RemoteTranscriber;
pub use source::Access;
pub use transcript::{Recording, Segment, Transcriber, Transcript};
pub use transcription::TranscriptionTool;
#[cfg(feature = "video")]
pub use video::{FilmReport, Frame, VideoTranscriptionTool};
#[cfg(feature = "transcription")]
pub use whisper::Whisper;
