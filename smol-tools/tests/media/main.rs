//! Tools for what is heard and seen, with real parts: Whisper tiny.en, speech by espeak-ng, films by ffmpeg.

#[cfg(test)]
mod access;
#[cfg(test)]
mod image;
#[cfg(test)]
mod parts;
#[cfg(test)]
mod remote;
#[cfg(feature = "transcription")]
#[cfg(test)]
mod transcription;
#[cfg(feature = "video")]
#[cfg(test)]
mod video;
