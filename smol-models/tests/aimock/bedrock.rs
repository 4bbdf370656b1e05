//! Bedrock's wire, binary frames included, against a server that others wrote.

use super::dialogue;
use smol_core::{message::TokenUsage, model::Model};
use smol_models::bedrock::{BedrockModel, Credentials};

fn make(base: &str, streaming: bool) -> Box<dyn Model> {
    let model = BedrockModel::new("anthropic.claude-3-7-sonnet-20250219-v1:0", "us-east-1").api_base(base);
    Box::new(model.credentials(Credentials::new("an id", "a secret")).streaming(streaming).retries(1))
}

#[tokio::test]
async fn text_and_counts_come_streamed_and_at_once() {
    dialogue::text(&make, TokenUsage::new(11, 7), "The user greets.").await;
}

#[tokio::test]
async fn tool_calls_and_their_replies() {
    dialogue::tools(&make, ["call_a", "call_b"], "").await;
}

#[tokio::test]
async fn what_goes_wrong_is_told() {
    dialogue::errors(&make).await;
}
