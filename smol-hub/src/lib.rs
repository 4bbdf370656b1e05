//! Files from the Hugging Face Hub: fetched once, checked by their SHA-256, kept in a cache.
//!
//! ```no_run
//! # async fn example() -> Result<(), smol_hub::HubError> {
//! let path = smol_hub::default_model(|progress| eprintln!("{} of {}", progress.received, progress.total)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A file is named by repository, revision, path, length and checksum, so what is in the cache is what was asked for, and
//! a file that is there needs no network. It appears under its name only when it is whole.
//!
//! Tools and agents that people share are fetched ([`Hub::snapshot`]), found ([`Hub::search`]) and shared ([`Hub::push`])
//! as the original does it; [`folder`] is what their files mean. Nothing of them is run here.

mod client;
mod default_model;
mod download;
mod environment;
mod error;
pub mod folder;
mod model;
mod package;
mod packages;
mod speech_model;
mod store;

pub use client::{Found, Pushed, Pushing, RepoFile, RepoInfo, RepoName, Search, Snapshot, SortBy};
pub use error::HubError;
pub use model::ModelName;

use secrecy::SecretString;
use std::path::PathBuf;

/// One file of a repository on the Hub, with what it must contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The repository, such as `owner/name`.
    pub repo: String,
    /// A commit, tag or branch. Only a commit always means the same file.
    pub revision: String,
    /// Where it lies in the repository.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// Its SHA-256, as 64 lower-case hexadecimal digits. Empty: the Hub knows none, as of small texts; then its length is
    /// compared alone.
    pub sha256: String,
}

/// How far a download is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that have arrived.
    pub received: u64,
    /// Bytes to come in all.
    pub total: u64,
}

/// Where files come from and where they are kept.
#[derive(Debug, Clone)]
pub struct Hub {
    /// The address before `/owner/name/resolve/...`, without a slash at its end.
    pub endpoint: String,
    /// Sent to the endpoint, and to no other host, for files that need an account.
    pub token: Option<SecretString>,
    /// Take files from the cache alone; ask the Hub for none.
    pub offline: bool,
    /// The folder that weights are kept in, under `models`.
    pub cache: PathBuf,
    /// The folder in which Python's `huggingface_hub` keeps what it fetched. Tools and agents are kept there as it does.
    pub shared: PathBuf,
}

impl Hub {
    /// The path of `file` in the cache, after fetching it if it is not there. `progress` is called as bytes arrive.
    ///
    /// # Errors
    /// Any [`HubError`] but [`HubError::NoModel`].
    pub async fn fetch(&self, file: &File, progress: impl Fn(Progress)) -> Result<PathBuf, HubError> {
        let target = store::place(&self.cache, file);
        if !store::is_there(&target, file.size) {
            download::download(self, file, &target, &progress).await?;
        }
        Ok(target)
    }
}

/// The path of `file`, fetched if needed from the Hub that the environment names: see [`Hub::fetch`].
///
/// # Errors
/// Any [`HubError`] but [`HubError::NoModel`].
pub async fn fetch(file: &File, progress: impl Fn(Progress)) -> Result<PathBuf, HubError> {
    Hub::from_environment()?.fetch(file, progress).await
}

/// The path of SmolLM2-135M-Instruct (98 MB, Apache-2.0), the model that needs no account: see [`Hub::default_model`].
///
/// # Errors
/// [`HubError::NoModel`] where it can be had from nowhere.
pub async fn default_model(progress: impl Fn(Progress)) -> Result<PathBuf, HubError> {
    Hub::from_environment()?.default_model(progress).await
}

/// The weights of `model`, fetched if needed from the Hub that the environment names: see [`Hub::model`].
///
/// # Errors
/// Any [`HubError`] but [`HubError::NoModel`].
pub async fn model(model: &ModelName, progress: impl Fn(Progress)) -> Result<PathBuf, HubError> {
    Hub::from_environment()?.model(model, progress).await
}

/// The folder of all-MiniLM-L6-v2 (91 MB, Apache-2.0), which turns texts into vectors: see [`Hub::embedding_model`].
///
/// # Errors
/// [`HubError::NoModel`] where it can be had from nowhere.
pub async fn embedding_model(progress: impl Fn(Progress)) -> Result<PathBuf, HubError> {
    Hub::from_environment()?.embedding_model(progress).await
}

/// The folder of Whisper tiny.en (76 MB, MIT), which writes down English: see [`Hub::speech_model`].
///
/// # Errors
/// [`HubError`] where it can be had from nowhere.
pub async fn speech_model(progress: impl Fn(Progress)) -> Result<PathBuf, HubError> {
    Hub::from_environment()?.speech_model(progress).await
}
