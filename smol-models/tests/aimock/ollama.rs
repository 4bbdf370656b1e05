//! Ollama's own wire against a server that others wrote. There it counts nothing, and its calls have no ids.

use super::{
    every::{self, Habits},
    peer::Aimock,
};
use smol_core::message::TokenUsage;
use smol_models::ollama::OllamaModel;

fn model(server: &Aimock) -> OllamaModel {
    OllamaModel::new("qwen3:4b").api_base(every::root(server))
}

#[tokio::test]
async fn it_speaks() {
    let habits = Habits { reasoning: "", usage: TokenUsage::default(), ..Habits::default() };
    every::speaks_so(model, &habits).await;
}

#[tokio::test]
async fn it_calls() {
    let habits = Habits { ids: ["call_0", "call_1"], ..Habits::default() };
    every::calls_so(model, None, &habits).await;
}

#[tokio::test]
async fn it_fails() {
    every::fails(model).await;
}
