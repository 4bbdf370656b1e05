//! Cohere's wire against a server that others wrote. It tells reasoning as text there, and makes up a plan.

use super::{
    every::{self, Habits},
    peer::Aimock,
};
use smol_models::cohere::CohereModel;

fn model(server: &Aimock) -> CohereModel {
    CohereModel::new("command-a-03-2025").api_base(every::root(server)).api_key("key")
}

#[tokio::test]
async fn it_speaks() {
    every::speaks_so(model, &Habits { reasoning: "", ..Habits::default() }).await;
}

#[tokio::test]
async fn it_calls() {
    let habits = Habits { plan: "I will use the requested tool.", ..Habits::default() };
    every::calls_so(model, None, &habits).await;
}

#[tokio::test]
async fn it_fails() {
    every::fails(model).await;
}
