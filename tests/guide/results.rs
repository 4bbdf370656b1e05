//! What a run comes to.

use crate::common::{agent, run};
use serde_json::{Value, json};
use smolagents::{AgentRunResult, AgentStep, Detail, RunState, ToolCall, prelude::*};

/// Adds two numbers.
#[tool(effect = "pure")]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[tokio::test]
async fn s02_the_full_result() {
    let result = run(agent(&["1 / 0", "final_answer([180])"])).await;
    let AgentRunResult {
        output,
        text,
        state,
        steps,
        total_steps,
        success,
        token_usage,
        execution_time,
        errors,
    } = result;
    assert_eq!((output, text.as_str(), state, success), (json!([180]), "[180]", RunState::Answered, true));
    assert_eq!((steps.len(), total_steps), (2, 2));
    assert!(token_usage.input_tokens > token_usage.output_tokens && token_usage.output_tokens > 0);
    assert!(execution_time > 0.0);
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    assert!(error.ends_with("ZeroDivisionError: division by zero"), "{error}");
}

#[tokio::test]
async fn s03_s04_a_step_and_its_calls() {
    let result = run(agent(&["total = add(15, b=27)\nprint(total)", "final_answer(total)"]).tool(add)).await;
    let AgentStep { step_number, code_action, observations, tool_calls, success, error, .. } =
        &result.steps[0];
    assert_eq!((*step_number, observations.as_str(), *success), (1, "Printed output:\n42", true));
    assert_eq!((code_action.as_deref(), error), (Some("total = add(15, b=27)\nprint(total)"), &None));
    let [ToolCall { tool_name, arguments, timestamp }] = tool_calls.as_slice() else {
        panic!("{tool_calls:?}")
    };
    assert_eq!((tool_name.as_str(), arguments), ("add", &json!({"a": 15, "b": 27})));
    assert!(*timestamp > 1.7e9, "seconds since 1970: {timestamp}");
}

#[tokio::test]
async fn s26_a_result_prints_as_text_and_keeps_its_type() {
    let rows = [
        ("2 + 2", "4", json!(4)),
        ("15 * 12.0", "180.0", json!(180.0)),
        ("'4'", "4", json!("4")),
        ("[1, 'a', None]", "[1, 'a', None]", json!([1, "a", null])),
    ];
    for (code, shown, output) in rows {
        let result = run(agent(&[&format!("final_answer({code})")])).await;
        assert_eq!((result.to_string().as_str(), &result.output), (shown, &output), "{code}");
    }
}

#[tokio::test]
async fn s27_errors_and_success() {
    let fine = run(agent(&["final_answer(1)"])).await;
    assert_eq!((fine.success, fine.errors), (true, vec![]));
    let mended = run(agent(&["undefined", "final_answer(1)"])).await;
    assert!(mended.success && mended.errors[0].contains("NameError"), "{mended:#?}");
    let out_of_steps = run(agent(&["print(1)", "print(2)"]).max_steps(1)).await;
    assert_eq!((out_of_steps.success, out_of_steps.errors.len()), (false, 1), "{out_of_steps:#?}");
}

#[tokio::test]
async fn s38_token_usage_by_name() {
    let agent = agent(&["final_answer(1)"]).build().unwrap();
    let mut session = agent.session();
    let result = session.run("Count").await.unwrap();
    let read = result.token_usage.input_tokens;
    assert!(read > 0);
    let saved: Value = serde_json::to_value(&result).unwrap();
    assert_eq!(saved["token_usage"]["input_tokens"], read);
    let original = session.history().unwrap().to_original(Detail::Succinct);
    assert_eq!(original["token_usage"]["input_tokens"], read);
}
