//! A whole run with a real model on this machine: weights, tokenizer, template, generation, sandbox, answer.

use smolagents::{
    RunState, hub,
    message::{Message, Role},
    model::{Request, complete},
    models::local::LocalModel,
    parse::{Action, code_action},
    prelude::*,
};

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

/// However wildly the tokens are drawn, an agent finds a block of Python in the reply.
#[cfg(feature = "inspect")]
#[tokio::test(flavor = "multi_thread")]
async fn code_parses_whatever_is_drawn() {
    let weights = hub::default_model(|_| ()).await.unwrap();
    let mut request = Request::new(vec![Message::new(Role::User, "Write code.\n<code>\nprint(1)\n</code>")]);
    request.stop = vec!["</code>".to_owned(), "Observation:".to_owned()];
    let mut model = LocalModel::load(weights).unwrap().max_new_tokens(90);
    for seed in 0..8u8 {
        model = model.temperature(1.0 + f32::from(seed) / 4.0).seed(seed.into());
        let reply = complete(&model, request.clone()).await.unwrap();
        let Action::Code(code) = code_action(&(reply.text.clone() + "</code>")) else { panic!("{reply:?}") };
        assert!(ruff_python_parser::parse_module(&code).is_ok(), "{code}");
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
