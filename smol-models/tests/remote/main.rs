//! Wires on values, and the parts that all of them share against servers that send exact bytes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod errors;
mod openai;
mod secrets;
mod server;
mod streams;
mod wire;
