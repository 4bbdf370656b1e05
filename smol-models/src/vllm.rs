//! vLLM, the engine for many runs at once on machines of your own.
//!
//! One process with a model of its own answers one run at a time well; past that an engine that batches is the answer.
//! vLLM's server speaks OpenAI's chat completions (<https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html>),
//! takes schemas and tools, and caches common beginnings of prompts.

use crate::{
    dialect::{Dialect, Speaks},
    openai::OpenAiChat,
    remote::RemoteModel,
};
use smol_core::model::ModelInfo;

/// Where `vllm serve` listens unless told otherwise.
const BASE: &str = "http://localhost:8000/v1";

/// vLLM's form of chat completions.
#[derive(Debug, Clone, Default)]
pub struct Vllm(OpenAiChat);

/// A model that a vLLM server runs.
pub type VLLMModel = RemoteModel<Vllm>;

impl VLLMModel {
    /// The model of this name at a server on this machine, until another address is given. As in the original, replies
    /// are greedy unless a temperature is set.
    pub fn new(model: impl Into<String>) -> Self {
        let model = model.into();
        let known = ModelInfo { structured_output: true, ..ModelInfo::default() };
        Self::with_dialect(Vllm::default(), model.clone(), BASE)
            .known_as(&model, Some("VLLM_API_KEY"))
            .describe(known)
            .temperature(0.0)
    }
}

impl Speaks for Vllm {
    fn wire(&self) -> &dyn Dialect {
        &self.0
    }
}
