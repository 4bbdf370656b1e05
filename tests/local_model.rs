//! A whole run with a real model on this machine: weights, tokenizer, template, generation, sandbox, answer.

use smolagents::{
    RunState, hub,
    models::local::LocalModel,
    prelude::*,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_real_model_writes_code_that_answers() {
    let weights = hub::default_model(|_| ()).await.unwrap();
    let agent = CodeAgent::builder(LocalModel::load(weights).unwrap()).build().unwrap();
    let result = agent.run("What is 12 * 7?").await.unwrap();
    assert_eq!((result.text.as_str(), result.state), ("84", RunState::Answered), "{result:#?}");
    assert!(result.steps[0].code_action.as_deref().is_some_and(|code| code.contains("12 * 7")), "{result:#?}");
    assert!(result.token_usage.input_tokens > 50 && result.token_usage.output_tokens > 5, "{result:#?}");
}
