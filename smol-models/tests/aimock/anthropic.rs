//! Anthropic's wire against a server that others wrote.

use super::{every, peer::Aimock};
use smol_models::anthropic::AnthropicModel;

fn model(server: &Aimock) -> AnthropicModel {
    AnthropicModel::new("claude-sonnet-4-5").thinking_budget(2048).api_base(&server.url)
}

#[tokio::test]
async fn it_speaks() {
    every::speaks(model).await;
}

#[tokio::test]
async fn it_calls() {
    every::calls(model, Some("The user wants two things.")).await;
}

#[tokio::test]
async fn it_fails() {
    every::fails(model).await;
}
