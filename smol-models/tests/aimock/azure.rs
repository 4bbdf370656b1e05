//! Azure's addresses against a server that others wrote.

use super::{every, peer::Aimock};
use smol_models::azure::AzureOpenAiModel;

fn model(server: &Aimock) -> AzureOpenAiModel {
    let model = AzureOpenAiModel::new("deepseek-reasoner").azure_endpoint(every::root(server));
    model.api_version("2024-10-21").api_key("key")
}

#[tokio::test]
async fn it_speaks() {
    every::speaks(model).await;
}

#[tokio::test]
async fn it_calls() {
    every::calls(model, None).await;
}

#[tokio::test]
async fn it_fails() {
    every::fails(model).await;
}
