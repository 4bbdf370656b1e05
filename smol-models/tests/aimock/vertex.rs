//! Vertex AI against a server that others wrote.

use super::{every, peer::Aimock};
use smol_models::vertex::VertexModel;

fn model(server: &Aimock) -> VertexModel {
    VertexModel::new("gemini-2.5-pro", "my-project", "global").api_key("token").api_base(&server.url)
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
