//! What can be wrong with a file of a run.

use super::header::VERSION;
use std::{io, path::PathBuf};

/// Why a run could not be written to its file, or read from one. The file is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunFileError {
    /// The system refused.
    #[error("could not {action} `{}`: {cause}", path.display())]
    Io {
        /// What was tried, such as `read`.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// It is something else.
    #[error(
        "`{}` is not the file of a run\n\nhint: such files begin with a line `{{\"format\":\"smolagents-run\",…}}`",
        path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A later version of this crate wrote it.
    #[error(
        "`{}` is of version {version} of its format, and this program reads up to version {VERSION}\n\nhint: use a newer smolagents",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version it says it is of.
        version: u64,
    },
    /// Nothing of a run is in it.
    #[error(
        "`{}` holds no run: it ends before the run begins\n\nhint: its recording was cut at once; begin the run anew",
        path.display()
    )]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The first event is not the one that every run begins with.
    #[error(
        "`{}` does not say how its run began\n\nhint: its second line must be the `begin` event; was the file cut?",
        path.display()
    )]
    NoBegin {
        /// The file.
        path: PathBuf,
    },
    /// A complete line is no event.
    #[error(
        "line {line} of `{}` cannot be read: {cause}\n\nhint: the file is damaged; a copy without this line and all after it is a run again",
        path.display()
    )]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        cause: String,
    },
    /// Two would write to it at once.
    #[error(
        "`{}` is being written by another process\n\nhint: wait until that run ends, or stop it",
        path.display()
    )]
    Busy {
        /// The file.
        path: PathBuf,
    },
}

/// What ended a stream of events that were recorded on the way.
#[derive(Debug, thiserror::Error)]
pub enum TeeError<E> {
    /// The run failed.
    #[error("{0}")]
    Run(E),
    /// The event could not be recorded.
    #[error(transparent)]
    File(#[from] RunFileError),
}
