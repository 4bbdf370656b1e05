//! Final answers, by call and by assignment.

use super::sandbox;
use crate::common::feed;
use serde_json::{Value, json};
use smol_core::exec::{Executor, Outcome};

pub(super) async fn an_answer_ends_the_run(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    for (code, expected, expected_text, printed) in [
        ("print(1)\nfinal_answer(42)\nprint(2)", json!(42), "42", "1\n"),
        ("print(1)\nfinal_answer = 'done'\nprint(2)", json!("done"), "done", "1\n2\n"),
        ("final_answer(answer=[1, 'a'])", json!([1, "a"]), "[1, 'a']", ""),
        ("final_answer()", Value::Null, "None", ""),
        ("final_answer = None", Value::Null, "None", ""),
        ("try:\n    final_answer(1)\nexcept Exception:\n    print('swallowed')", json!(1), "1", ""),
        ("try:\n    final_answer(1)\nexcept:\n    print('bare')", json!(1), "1", "bare\n"),
        ("try:\n    final_answer(1)\nfinally:\n    1/0", json!(1), "1", ""),
        ("def f():\n    final_answer(3)\nf()", json!(3), "3", ""),
        ("def f():\n    global final_answer\n    final_answer = 4\nf()", json!(4), "4", ""),
        ("for final_answer in [1, 2]:\n    pass", json!(2), "2", ""),
        ("final_answer: int = 5", json!(5), "5", ""),
        ("final_answer({1})", json!({"__type__": "set", "items": [1]}), "{1}", ""),
    ] {
        let outcome = feed(&mut *sandbox, code).await;
        let expected = Outcome::FinalAnswer {
            value: expected,
            text: expected_text.to_owned(),
            logs: printed.to_owned(),
        };
        assert_eq!(outcome, expected, "{code}");
    }
}

pub(super) async fn the_function_is_there_again_in_the_next_block(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    for first in [
        "final_answer = 1",
        "final_answer = 1\nraise ValueError",
        "del final_answer",
        "def final_answer(x):\n    return x",
        "class final_answer:\n    pass",
        "import json as final_answer",
    ] {
        feed(&mut *sandbox, first).await;
        let outcome = feed(&mut *sandbox, "final_answer(2)").await;
        assert!(matches!(&outcome, Outcome::FinalAnswer { text, .. } if text == "2"), "{first}: {outcome:?}");
    }
}

pub(super) async fn a_definition_of_the_name_is_no_answer(executor: &dyn Executor) {
    let mut sandbox = sandbox(executor).await;
    for code in
        ["def final_answer(x):\n    return x", "class final_answer:\n    pass", "import json as final_answer"]
    {
        let outcome = feed(&mut *sandbox, code).await;
        assert!(matches!(outcome, Outcome::Value { .. }), "{code}: {outcome:?}");
    }
}
