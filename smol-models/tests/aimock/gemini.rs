//! Gemini's wire against a server that others wrote.

use super::{every, peer::Aimock};
use smol_models::gemini::GeminiModel;

fn model(server: &Aimock) -> GeminiModel {
    GeminiModel::new("gemini-2.5-pro").api_base(format!("{}beta", server.url))
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
