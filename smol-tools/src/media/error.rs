//! Why nothing was heard or seen.

use smol_core::{model::ModelError, tool::ToolError};
use std::path::PathBuf;

/// Why a recording, a film or a picture could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// The argument names nothing that could be loaded.
    #[error(
        "{found} is neither a path, nor an address, nor bytes\n\nhint: give a file's path or an address that begins with http"
    )]
    NoSource {
        /// What was given, in words.
        found: String,
    },
    /// A path outside of what the tool was granted.
    #[error("`{path}` is not a file that this tool may read\n\nhint: {}", granted(.folders))]
    NotGranted {
        /// The path as it was given.
        path: String,
        /// The folders whose files it may read.
        folders: Vec<PathBuf>,
    },
    /// A file that could not be read.
    #[error("could not read `{path}`: {cause}")]
    Read {
        /// The path as it was given.
        path: String,
        /// What the system said.
        cause: String,
    },
    /// An address that could not be fetched.
    #[error("could not fetch `{url}`: {cause}")]
    Fetch {
        /// The address.
        url: String,
        /// What went wrong.
        cause: String,
    },
    /// More bytes than are taken.
    #[error("`{name}` is larger than the limit of {limit} bytes\n\nhint: cut it into parts")]
    TooLarge {
        /// What was loaded.
        name: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// More to hear or to watch than is taken.
    #[error("`{name}` lasts longer than the limit of {limit} s\n\nhint: cut it into parts")]
    TooLong {
        /// What was loaded.
        name: String,
        /// The limit, in seconds.
        limit: u64,
    },
    /// Bytes of no format that is known here.
    #[error("`{name}` is no {wanted} that can be read here: {cause}\n\nhint: {hint}")]
    Format {
        /// What was loaded.
        name: String,
        /// What it should have been, such as `recording`.
        wanted: &'static str,
        /// What was wrong.
        cause: String,
        /// What would do.
        hint: &'static str,
    },
    /// Weights that are not there, or are not those of a Whisper model.
    #[error("could not load Whisper from `{}`: {cause}\n\nhint: give the folder of a Whisper model as it is on the Hub, in safetensors or for CTranslate2", .path.display())]
    Weights {
        /// The folder.
        path: PathBuf,
        /// What was wrong.
        cause: String,
    },
    /// Weights that could not be had.
    #[error("there is no model to hear with: {0}")]
    NoModel(String),
    /// The computation failed.
    #[error("could not compute what was said: {0}")]
    Compute(String),
    /// A language that is none.
    #[error(
        "`{0}` is no language that this model knows\n\nhint: give a code of two letters such as `en`, or leave it out"
    )]
    Language(String),
    /// A service that transcribes answered with an error.
    #[error("the service at `{url}` did not transcribe: {cause}")]
    Service {
        /// Its address.
        url: String,
        /// What it said.
        cause: String,
    },
    /// A program that is not installed.
    #[error(
        "`{program}` is not installed\n\nhint: install ffmpeg, such as by `apt install ffmpeg` or `brew install ffmpeg`"
    )]
    NoProgram {
        /// Its name.
        program: String,
    },
    /// A program that failed.
    #[error("`{program}` could not read `{name}`: {cause}")]
    Program {
        /// Its name.
        program: String,
        /// What it was to read.
        name: String,
        /// Its last words.
        cause: String,
    },
    /// It took too long.
    #[error("`{name}` took longer than {seconds} s\n\nhint: ask for fewer frames, or cut it into parts")]
    Timeout {
        /// What was loaded.
        name: String,
        /// The limit.
        seconds: u64,
    },
    /// The model that was to look did not answer.
    #[error("the model that looks at pictures failed: {0}")]
    Vision(#[from] ModelError),
}

fn granted(folders: &[PathBuf]) -> String {
    let names: Vec<_> = folders.iter().map(|folder| format!("`{}`", folder.display())).collect();
    match names.as_slice() {
        [] => "it was granted no folder; give an address or bytes".to_owned(),
        names => format!("it may read what lies in {}", names.join(", ")),
    }
}

impl From<MediaError> for ToolError {
    fn from(error: MediaError) -> Self {
        Self(error.to_string())
    }
}
