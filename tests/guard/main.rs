//! The guard: what rules say of a call, what an approver can do in the middle of running code, and what is known of
//! where text came from.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail this way")]

mod approval;
mod example;
mod policy;
mod provenance;
mod support;
