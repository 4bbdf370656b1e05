//! Budgets: what ends a run, what the model is told, and that managed agents pay from the same purse.

use crate::{
    coder, run,
    support::{Lines, Logged, Script},
};
use futures::executor::block_on;
use smol_core::{
    CodeAgent,
    agent::AgentBuilder,
    budget::Budget,
    model::{ModelInfo, Price},
    result::RunState,
    tool::Effect,
};
use std::sync::Arc;

const DEAR: ModelInfo = ModelInfo {
    price: Some(Price { input: 100_000.0, cached_input: None, output: 0.0 }),
    ..ModelInfo {
        vision: None,
        profile: smol_core::model::Profile::Large,
        context_window: None,
        price: None,
        structured_output: false,
        audio: false,
        video: false,
    }
};

fn builder(model: &Arc<Script>) -> AgentBuilder {
    coder(model).tool(Logged::tool("look", Effect::Reads, &Arc::default()))
}

/// Each model call reads 10 tokens and writes 2, at one dollar.
#[track_caller]
fn check(budget: Budget, replies: &[&str], state: RunState, answer: &str, error: &str) {
    let model = Script::known(DEAR, replies.iter().copied());
    let result = run(&builder(&model).budget(budget).build().unwrap());
    assert_eq!((result.state, result.text.as_str()), (state, answer), "{result:#?}");
    let last = result.errors.last().map_or("", String::as_str);
    assert!(last.contains(error), "{last}");
    assert_eq!(model.requests.lock().unwrap().len(), replies.len(), "every reply was asked for");
}

#[test]
fn a_used_up_budget_ends_the_run_with_the_best_answer() {
    let budget = Budget::default();
    let steps = ["<code>print a</code>", "<code>print b</code>", "my best"];
    let reached = |what: &str| format!("the budget of {what} was reached");
    check(Budget { steps: Some(2), ..budget }, &steps, RunState::Budget, "my best", &reached("2 steps"));
    // The third call is the last that fits: it is kept for the answer.
    check(Budget { tokens: Some(40), ..budget }, &steps, RunState::Budget, "my best", &reached("40 tokens"));
    check(
        Budget { dollars: Some(3.5), ..budget },
        &steps,
        RunState::Budget,
        "my best",
        &reached("3.5 dollars"),
    );
    let calls = ["<code>call look\ncall look\nprint never</code>", "my best"];
    let expect = reached("1 tool calls");
    check(Budget { tool_calls: Some(1), ..budget }, &calls, RunState::Budget, "my best", &expect);
    // Not even a last word can be paid for.
    let one = ["<code>print seen</code>"];
    let answer = "Printed output:\nseen";
    check(Budget { tokens: Some(12), ..budget }, &one, RunState::Budget, answer, &reached("12 tokens"));
    check(Budget { steps: Some(9), ..budget }, &["<code>answer x</code>"], RunState::Answered, "x", "");
}

#[test]
fn time_that_is_up_ends_even_a_model_call_that_hangs() {
    let budget = Budget { seconds: Some(0.05), ..Budget::default() };
    let agent = CodeAgent::builder(Hangs).executor(Lines::default()).budget(budget).build().unwrap();
    let result = run(&agent);
    assert_eq!((result.state, result.text.as_str()), (RunState::Budget, ""));
    assert_eq!(result.errors, ["the budget of 0.05 seconds was reached"]);
}

/// A model that never replies.
struct Hangs;

impl smol_core::model::Model for Hangs {
    fn stream(
        &self,
        _: smol_core::model::Request,
    ) -> futures::stream::BoxStream<'_, Result<smol_core::model::Delta, smol_core::model::ModelError>> {
        Box::pin(futures::stream::pending())
    }
}

#[test]
fn the_model_is_told_once_when_little_is_left() {
    let model = Script::texts([
        "<code>print a</code>",
        "<code>print b</code>",
        "<code>print c</code>",
        "<code>answer d</code>",
    ]);
    let budget = Budget { steps: Some(4), ..Budget::default() };
    run(&builder(&model).budget(budget).build().unwrap());
    let told = "Of the budget of 4 steps, 1 are left: come to an answer in time.";
    let asked = model.asked();
    let times = |at: usize| asked[at].iter().filter(|text| *text == told).count();
    assert_eq!((times(2), times(3)), (0, 1));
}

#[test]
fn managed_agents_pay_from_the_managers_budget() {
    let worker = Script::texts(["<code>print a</code>", "<code>print b</code>", "worker's best", "never"]);
    let worker = coder(&worker).name("worker").build().unwrap();
    let model = Script::texts([r#"<code>ask worker {"task":"work"}</code>"#, "manager's best"]);
    let budget = Budget { steps: Some(2), ..Budget::default() };
    let manager = coder(&model).managed_agent(worker).budget(budget).build().unwrap();
    let result = run(&manager);
    assert_eq!((result.state, result.text.as_str()), (RunState::Budget, "manager's best"), "{result:#?}");
}

/// What was spent is part of the run: a resumed run has no new budget.
#[test]
fn a_budget_holds_over_an_interruption() {
    let model = Script::texts(["<code>print a</code>"]);
    let budget = Budget { steps: Some(2), ..Budget::default() };
    let agent = builder(&model).budget(budget).build().unwrap();
    let error = block_on(agent.run("do it").into_future()).unwrap_err();
    let model = Script::texts(["<code>print b</code>", "my best"]);
    let result = block_on(builder(&model).build().unwrap().resume(*error.run.unwrap())).unwrap();
    assert_eq!((result.state, result.text.as_str()), (RunState::Budget, "my best"));
}
