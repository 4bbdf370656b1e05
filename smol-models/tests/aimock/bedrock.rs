//! Bedrock's wire, binary frames included, against a server that others wrote.

use super::{every, peer::Aimock};
use smol_models::bedrock::{BedrockModel, Credentials};

fn model(server: &Aimock) -> BedrockModel {
    let model = BedrockModel::new("anthropic.claude-3-7-sonnet-20250219-v1:0", "us-east-1");
    model
        .api_base(every::root(server))
        .credentials(Credentials::new("an id", "a secret"))
        .prompt_caching(false)
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
