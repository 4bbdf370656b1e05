//! Runs as files, with a real sandbox: what a crash leaves, what damage does, what a replay finds.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail this way")]

mod crashes;
mod forks;
mod format;
mod replays;
mod team;
