//! Tools and agents on the Hub: looked for, fetched, shared. They live in Spaces, as the original has it.
//!
//! The calls are those of the Hub's own API (<https://huggingface.co/docs/hub/api>). Everything that arrives goes the way
//! of [`Hub::fetch`]: its size is known and checked before, its content after, and only what is whole gets a name.

mod ask;
mod cache;
mod collection;
mod large;
mod push;
mod repo;
mod search;
mod snapshot;
mod trust;

pub use push::{Pushed, Pushing};
pub use repo::{RepoFile, RepoInfo, RepoName};
pub use search::{Found, Search, SortBy};
pub use snapshot::Snapshot;
