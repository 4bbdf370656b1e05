//! The client against servers of others, against servers that misbehave, and the server against a client of others.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail this way")]

#[cfg(test)]
mod common;
#[cfg(test)]
mod everything;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod http;
#[cfg(test)]
#[path = "../oracle/mod.rs"]
mod oracle;
#[cfg(test)]
mod others;
#[cfg(test)]
mod served;
