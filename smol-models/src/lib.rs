//! Models for smolagents: chat services reached over their wires, local models, and scripted ones for tests.
//!
//! Each implements [`smol_core::model::Model`] and knows nothing of the agent loop. What a wire looks like is plain
//! functions from values to values ([`dialect::Dialect`]), apart from the code that moves the bytes ([`remote`]).

#[cfg(feature = "openai")]
pub mod anthropic;
#[cfg(feature = "openai")]
pub mod azure;
#[cfg(feature = "bedrock")]
pub mod bedrock;
#[cfg(feature = "openai")]
pub mod cassette;
#[cfg(feature = "openai")]
pub mod cohere;
#[cfg(feature = "openai")]
pub mod dialect;
#[cfg(feature = "openai")]
pub mod gemini;
#[cfg(feature = "openai")]
pub mod inference;
#[cfg(feature = "candle")]
pub mod local;
#[cfg(feature = "openai")]
pub mod ollama;
#[cfg(feature = "openai")]
pub mod openai;
#[cfg(feature = "openai-api-rs")]
pub mod openai_api_rs;
#[cfg(feature = "openai")]
mod placed;
#[cfg(feature = "openai")]
pub mod prices;
#[cfg(feature = "openai")]
pub mod provider;
#[cfg(feature = "openai")]
pub mod remote;
#[cfg(feature = "openai")]
pub mod responses;
#[cfg(feature = "openai")]
pub mod router;
#[cfg(feature = "openai")]
mod schema;
pub mod scripted;
pub mod sse;
pub mod stop;
#[cfg(feature = "openai")]
mod turns;
#[cfg(feature = "openai")]
pub mod vertex;
#[cfg(feature = "openai")]
pub mod vllm;

// The names under which the original's users know them.
#[cfg(feature = "bedrock")]
pub use bedrock::AmazonBedrockModel;
#[cfg(feature = "candle")]
pub use local::TransformersModel;
#[cfg(feature = "openai")]
pub use {
    azure::AzureOpenAIModel,
    inference::InferenceClientModel,
    ollama::OllamaModel,
    openai::{OpenAIModel, OpenAIServerModel},
    provider::LiteLLMModel,
    router::LiteLLMRouterModel,
    vllm::VLLMModel,
};
