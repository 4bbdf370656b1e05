//! Answers of a given form, and answers that are checked before they stand.

use crate::{coder, run, support::Script};
use futures::executor::block_on;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use smol_core::{
    ToolCallingAgent,
    event::{Event, Failure},
    memory::MemoryStep,
    result::RunState,
};
use std::sync::Arc;

#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
struct City {
    name: String,
    inhabitants: u64,
}

fn caller(answers: &[serde_json::Value]) -> Arc<Script> {
    let replies: Vec<String> = answers
        .iter()
        .map(|answer| json!({"name": "final_answer", "arguments": {"answer": answer}}).to_string())
        .collect();
    Script::texts(replies.iter().map(String::as_str))
}

#[test]
fn an_answer_of_the_wrong_form_is_given_back_and_mended() {
    let model = caller(&[json!({"name": "Oslo"}), json!({"name": "Oslo", "inhabitants": 717_710})]);
    let agent = ToolCallingAgent::builder(model.clone()).build().unwrap();
    let city: City = block_on(agent.run("Which?").output::<City>().into_future()).unwrap();
    assert_eq!(city, City { name: "Oslo".into(), inhabitants: 717_710 });
    let asked = model.asked();
    assert!(
        asked[0][1].contains("The final answer must be a value of this JSON Schema: "),
        "{}",
        asked[0][1]
    );
    let told = asked[1].last().unwrap();
    assert!(
        told.contains("Your final answer was refused")
            && told.contains(r#""inhabitants" is a required property"#),
        "{told}"
    );
}

#[test]
fn a_run_that_never_gets_the_form_right_says_so() {
    let model = Script::texts(["no idea, and no call", "I cannot say"]);
    let agent = ToolCallingAgent::builder(model).max_steps(1).build().unwrap();
    let error = block_on(agent.run("Which?").output::<City>().into_future()).unwrap_err();
    let Failure::Output(why) = error.failure else { panic!("{}", error.failure) };
    assert!(why.contains("invalid type"), "{why}");
}

#[test]
fn a_check_sees_answer_and_memory_and_the_model_reads_why_it_refused() {
    let model = Script::texts(["<code>answer short</code>", "<code>answer long enough</code>"]);
    let agent = coder(&model)
        .final_answer_check(|answer, memory| {
            let replies = memory.iter().filter(|step| matches!(step, MemoryStep::Action(_))).count();
            let long = answer.as_str().is_some_and(|text| text.len() > 6);
            if long { Ok(()) } else { Err(format!("it has few letters, after {replies} steps")) }
        })
        .build()
        .unwrap();
    let result = run(&agent);
    assert_eq!(
        (result.text.as_str(), result.state, result.total_steps),
        ("long enough", RunState::Answered, 2)
    );
    let told = "Your final answer was refused. Mend it and give it again:\nit has few letters, after 0 steps";
    assert_eq!(model.asked()[1].last().unwrap(), &format!("Observation:\n{told}"));
    assert_eq!(result.errors, [told]);
}

#[test]
fn a_check_that_panics_refuses_and_the_run_ends_at_its_limit() {
    let model = Script::texts(["<code>answer a</code>", "best guess"]);
    let agent = coder(&model).final_answer_check(|_, _| panic!("oh")).max_steps(1).build().unwrap();
    let result = run(&agent);
    assert_eq!((result.state, result.text.as_str()), (RunState::MaxSteps, "best guess"));
    assert!(result.errors[0].ends_with("it panicked"), "{:?}", result.errors);
    let model = Script::texts(["<code>answer a</code>"]);
    let happened = crate::events(&coder(&model).build().unwrap());
    assert!(
        !happened.iter().any(|event| matches!(event, Event::Checked(_))),
        "without a check nothing is checked"
    );
}
