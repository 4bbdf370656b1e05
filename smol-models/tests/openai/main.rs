//! The OpenAI wire, against servers that send exact bytes.

mod errors;
mod secrets;
mod server;
mod streams;
mod wire;
