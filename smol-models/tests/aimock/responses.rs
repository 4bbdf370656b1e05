//! OpenAI's responses against a server that others wrote.

use super::{every, peer::Aimock};
use smol_models::responses::ResponsesModel;

fn model(server: &Aimock) -> ResponsesModel {
    ResponsesModel::new("gpt-5").api_base(&server.url)
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
