//! A whole run with a real model on this machine: weights, tokenizer, template, generation, sandbox, answer.

use smolagents::{RunState, hub, models::local::LocalModel, prelude::*};

#[tokio::test(flavor = "multi_thread")]
async fn a_real_model_writes_code_that_answers() {
    let weights = hub::default_model(|_| ()).await.unwrap();
    let agent = CodeAgent::builder(LocalModel::load(weights).unwrap()).build().unwrap();
    // Tasks that this model was seen to solve; it is tiny, and most others it does not.
    let rows = [
        ("What is 12 times 7?", "84", "12 * 7"),
        ("How many letters are in the word \"banana\"?", "6", "len(\"banana\")"),
        ("What is 2 to the power of 10?", "1024", "2 ** 10"),
    ];
    for (task, answer, code) in rows {
        let result = agent.run(task).await.unwrap();
        assert_eq!((result.text.as_str(), result.state), (answer, RunState::Answered), "{result:#?}");
        assert!(
            result.steps[0].code_action.as_deref().is_some_and(|action| action.contains(code)),
            "{result:#?}"
        );
        assert!(result.token_usage.input_tokens > 50 && result.token_usage.output_tokens > 5, "{result:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_caller_can_use_a_model_without_native_calls() {
    let weights = hub::default_model(|_| ()).await.unwrap();
    let model = LocalModel::load(weights).unwrap().max_new_tokens(200);
    let agent = ToolCallingAgent::builder(model).max_steps(1).build().unwrap();
    // What so small a model says is its own affair: the conversation must go through, and the result say how it ended.
    let result = agent.run("Give the final answer: 84").await.unwrap();
    assert!(result.token_usage.output_tokens > 0, "{result:#?}");
    assert!(matches!(result.state, RunState::Answered | RunState::MaxSteps), "{result:#?}");
}
