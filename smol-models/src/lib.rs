//! Models for smolagents.

#[cfg(feature = "candle")]
pub mod local;
#[cfg(feature = "openai")]
pub mod openai;
pub mod scripted;
