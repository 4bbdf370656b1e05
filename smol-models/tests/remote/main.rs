//! Wires on values, and the parts that all of them share against servers that send exact bytes.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod anthropic;
mod azure;
#[cfg(feature = "bedrock")]
mod bedrock;
mod cassettes;
mod cohere;
mod conversations;
mod errors;
mod gemini;
mod ollama;
mod openai;
mod responses;
mod secrets;
mod server;
mod streams;
mod vertex;
mod wire;
