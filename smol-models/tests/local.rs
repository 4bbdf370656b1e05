//! The real SmolLM2-135M-Instruct on candle, against the answers that llama.cpp gives for the same file.

#![expect(clippy::unwrap_used, reason = "a test may fail this way")]
#![cfg(feature = "candle")]

use futures::{StreamExt, executor::block_on};
use smol_core::{
    message::{Message, Role},
    model::{Delta, Model, Profile, Reply, Request, StopReason, complete},
};
use smol_models::local::LocalModel;
use std::sync::{Arc, LazyLock};

/// One model for all tests, as runs in one process would share it.
static MODEL: LazyLock<Arc<LocalModel>> = LazyLock::new(|| Arc::new(load()));

fn load() -> LocalModel {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let path = runtime.block_on(smol_hub::default_model(|_| ())).unwrap();
    LocalModel::load(path).unwrap().max_new_tokens(40)
}

fn ask(text: &str) -> Request {
    Request::new(vec![Message::new(Role::User, text)])
}

fn reply(model: &LocalModel, request: Request) -> Reply {
    block_on(complete(model, request)).unwrap()
}

#[test]
fn greedy_answers_are_those_of_llama_cpp() {
    assert_eq!((MODEL.id(), MODEL.info().profile), ("local/SmolLM2-135M-Instruct.Q4_1", Profile::Small));
    // Only an answer in which no second-best token comes close: rounding differs from processor to processor.
    let mut request = ask("Write a Python function that adds two numbers.");
    request.stop = vec!["_".to_owned()];
    let found = reply(&MODEL, request);
    assert_eq!((found.text.as_str(), found.stop), ("```python\ndef add", StopReason::End));
}

#[test]
fn a_stop_sequence_is_never_shown() {
    let mut request = ask("Write a Python function that adds two numbers.");
    request.stop = vec!["f add".to_owned()];
    let pieces = block_on(MODEL.stream(request).collect::<Vec<_>>());
    let texts = pieces.iter().filter_map(|piece| match piece {
        Ok(Delta::Text(text)) => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(texts.collect::<String>(), "```python\nde");
    assert!(matches!(pieces.last(), Some(Ok(Delta::Stop(StopReason::End)))));
}

/// A run's later steps reuse what was computed for the earlier ones, and say what they would have said without.
#[test]
fn steps_of_a_run_reply_as_a_fresh_model_would() {
    let mut request = ask("Name three colours.");
    for next in ["Which of them is the warmest?", "Why?"] {
        let text = reply(&MODEL, request.clone()).text;
        request.messages.push(Message::new(Role::Assistant, text));
        request.messages.push(Message::new(Role::User, next));
    }
    assert_eq!(reply(&MODEL, request.clone()), reply(&load(), request));
}

#[test]
fn runs_share_one_model() {
    let questions = ["What is the capital of France?", "Name three colours.", "What is gravity?"];
    let alone = questions.map(|question| reply(&MODEL, ask(question)));
    let together = std::thread::scope(|scope| {
        questions
            .map(|question| scope.spawn(move || reply(&MODEL, ask(question))))
            .map(|run| run.join().unwrap())
    });
    assert_eq!(alone, together);
}
