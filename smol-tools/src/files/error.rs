//! What can be wrong with a folder, for whoever grants it, and with a file, for the model.

use std::io::{self, ErrorKind};

/// A folder cannot be granted.
#[derive(Debug, thiserror::Error)]
#[error("could not open the folder `{path}`: {cause}")]
#[non_exhaustive]
pub struct FolderError {
    /// The folder.
    pub path: String,
    /// What the system says.
    pub cause: io::Error,
}

/// Why a tool could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    #[error("`{path}`: {cause}{}", hint(.cause))]
    Io { path: String, cause: io::Error },
    #[error("`{path}` is no file\n\nhint: see what there is by `list_files`")]
    NoFile { path: String },
    #[error(
        "`{path}` is not UTF-8 text: the byte 0x{byte:02x} at {at} cannot be read\n\nhint: this tool reads text only"
    )]
    NoText { path: String, byte: u8, at: usize },
    #[error("`{path}`: more than the limit of {limit} bytes at once\n\nhint: {hint}")]
    TooLarge { path: String, limit: usize, hint: &'static str },
    #[error("there are more than {limit} of them\n\nhint: {hint}")]
    TooMany { limit: usize, hint: &'static str },
    #[error("`{pattern}` is no pattern: {cause}\n\nhint: {hint}")]
    Pattern { pattern: String, cause: String, hint: &'static str },
}

impl FileError {
    /// For `map_err`: the system's word about `path`.
    pub(super) fn io(path: &str) -> impl Fn(io::Error) -> Self + '_ {
        |cause| Self::Io { path: path.to_owned(), cause }
    }
}

fn hint(cause: &io::Error) -> &'static str {
    match cause.kind() {
        ErrorKind::NotFound => "\n\nhint: see what there is by `list_files`",
        ErrorKind::PermissionDenied => {
            "\n\nhint: a path is relative to the granted folder and stays inside of it"
        }
        _ => "",
    }
}
