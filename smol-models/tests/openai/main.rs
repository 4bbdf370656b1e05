//! The OpenAI wire, against servers that send exact bytes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod errors;
mod secrets;
mod server;
mod streams;
mod wire;
