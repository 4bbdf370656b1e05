//! Ollama's own wire against a server that others wrote. It counts no tokens there, and gives calls no ids.

use super::dialogue;
use smol_core::{message::TokenUsage, model::Model};
use smol_models::ollama::OllamaModel;

fn make(base: &str, streaming: bool) -> Box<dyn Model> {
    Box::new(OllamaModel::new("qwen3:4b").api_base(base).streaming(streaming).retries(1))
}

#[tokio::test]
async fn text_and_counts_come_streamed_and_at_once() {
    dialogue::text(&make, TokenUsage::new(0, 0), "").await;
}

#[tokio::test]
async fn tool_calls_and_their_replies() {
    dialogue::tools(&make, ["call_0", "call_1"], "").await;
}

#[tokio::test]
async fn what_goes_wrong_is_told() {
    dialogue::errors(&make).await;
}
