//! Wires on values, and the parts that all of them share against servers that send exact bytes.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod anthropic;
mod cassettes;
mod errors;
mod gemini;
mod openai;
mod responses;
mod secrets;
mod server;
mod streams;
mod vertex;
mod wire;
