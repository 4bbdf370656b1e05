//! Models for smolagents: chat services reached over their wires, local models, and scripted ones for tests.
//!
//! Each implements [`smol_core::model::Model`] and knows nothing of the agent loop. What a wire looks like is plain
//! functions from values to values ([`dialect::Dialect`]), apart from the code that moves the bytes ([`remote`]).

#[cfg(feature = "openai")]
pub mod cassette;
#[cfg(feature = "openai")]
pub mod dialect;
#[cfg(feature = "openai")]
pub mod inference;
#[cfg(feature = "candle")]
pub mod local;
#[cfg(feature = "openai")]
pub mod openai;
#[cfg(feature = "openai")]
pub mod prices;
#[cfg(feature = "openai")]
pub mod provider;
#[cfg(feature = "openai")]
pub mod remote;
#[cfg(feature = "openai")]
pub mod router;
pub mod scripted;
pub mod sse;
pub mod stop;
#[cfg(feature = "openai")]
pub mod vllm;
