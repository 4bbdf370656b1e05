//! Cohere's wire against a server that others wrote. When it streams calls, it tells of a plan first.

use super::dialogue;
use smol_core::{message::TokenUsage, model::Model};
use smol_models::cohere::CohereModel;

fn make(base: &str, streaming: bool) -> Box<dyn Model> {
    Box::new(
        CohereModel::new("command-a-03-2025").api_base(base).api_key("key").streaming(streaming).retries(1),
    )
}

#[tokio::test]
async fn text_and_counts_come_streamed_and_at_once() {
    dialogue::text(&make, TokenUsage::new(11, 7), "").await;
}

#[tokio::test]
async fn tool_calls_and_their_replies() {
    dialogue::tools(&make, ["call_a", "call_b"], "I will use the requested tool.").await;
}

#[tokio::test]
async fn what_goes_wrong_is_told() {
    dialogue::errors(&make).await;
}
