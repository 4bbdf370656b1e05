//! A run in the original's names. The key sets were read off results of smolagents 1.26.0.

use crate::support::{Lines, Logged, Script};
use futures::executor::block_on;
use serde_json::{Value, json};
use smol_core::{
    CodeAgent, ToolCallingAgent,
    agent::AgentBuilder,
    context::Compaction,
    message::{Media, Message},
    model::Delta,
    original::Detail,
    run::Run,
    tool::Effect,
};
use std::sync::Arc;

const RESULT: [&str; 5] = ["output", "state", "steps", "token_usage", "timing"];
const TASK: [&str; 2] = ["task", "task_images"];
const PLAN: [&str; 5] = ["model_input_messages", "model_output_message", "plan", "timing", "token_usage"];
const ACTION: [&str; 13] = [
    "step_number",
    "timing",
    "model_input_messages",
    "tool_calls",
    "error",
    "model_output_message",
    "model_output",
    "code_action",
    "observations",
    "observations_images",
    "action_output",
    "token_usage",
    "is_final_answer",
];
const MESSAGE: [&str; 5] = ["role", "content", "tool_calls", "raw", "token_usage"];
const USAGE: [&str; 3] = ["input_tokens", "output_tokens", "total_tokens"];
const TIMING: [&str; 3] = ["start_time", "end_time", "duration"];

fn has(value: &Value, keys: &[&str]) {
    let mut found: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    let mut keys = keys.to_vec();
    found.sort_unstable();
    keys.sort_unstable();
    assert_eq!(found, keys);
}

fn finished(builder: AgentBuilder) -> Run {
    let agent = builder.executor(Lines::default()).tool(look()).build().unwrap();
    let mut session = agent.session();
    let picture = Media::bytes("image/png", b"\x89PNG");
    block_on(session.run("do it").images([picture]).into_future()).unwrap();
    session.history().unwrap().clone()
}

fn look() -> Arc<dyn smol_core::tool::Tool> {
    Logged::tool("look", Effect::Reads, &Arc::default())
}

#[test]
fn every_entry_has_the_originals_keys() {
    let replies = ["1. look", "<code>call look\nprint x</code>", "prose", "<code>answer x</code>"];
    let model = Script::texts(replies);
    let run = finished(CodeAgent::builder(model.clone()).planning_interval(9));
    let told = run.to_original(Detail::Full);
    has(&told, &RESULT);
    has(&told["token_usage"], &USAGE);
    let [task, plan, actions @ ..] = told["steps"].as_array().unwrap().as_slice() else { panic!("{told}") };
    has(task, &TASK);
    assert_eq!(task["task_images"], json!(["data:image/png;base64,iVBORw=="]));
    has(plan, &PLAN);
    assert_eq!(actions.len(), 3);
    for step in [plan].into_iter().chain(actions) {
        has(&step["timing"], &TIMING);
        has(&step["token_usage"], &USAGE);
        has(&step["model_output_message"], &MESSAGE);
        step["model_input_messages"].as_array().unwrap().iter().for_each(|message| has(message, &MESSAGE));
    }
    actions.iter().for_each(|step| has(step, &ACTION));
    let succinct = run.to_original(Detail::Succinct);
    has(
        &succinct["steps"][2],
        &ACTION.into_iter().filter(|key| *key != "model_input_messages").collect::<Vec<_>>(),
    );

    let times = [plan].into_iter().chain(actions).map(|step| step["timing"]["start_time"].as_f64().unwrap());
    assert!(times.collect::<Vec<_>>().is_sorted_by(|one, next| 0.0 < *one && one <= next), "{told}");
    assert_eq!((&told["state"], &told["output"]), (&json!("success"), &json!("x")));
    assert_eq!(told["token_usage"], json!({"input_tokens": 40, "output_tokens": 8, "total_tokens": 48}));
    let [first, second, third] = actions else { panic!("{actions:?}") };
    let code = json!({"id": "call_3", "type": "function", "function": {"name": "python_interpreter", "arguments": "call look\nprint x"}});
    let call =
        json!({"id": "call_3/call_1", "type": "function", "function": {"name": "look", "arguments": {}}});
    assert_eq!(first["tool_calls"], json!([code, call]));
    assert_eq!(
        (&second["error"]["type"], &second["code_action"]),
        (&json!("AgentParsingError"), &Value::Null)
    );
    assert_eq!((&third["is_final_answer"], &third["action_output"]), (&json!(true), &json!("x")));
}

/// What is said to have been shown to the model is what was shown, in all but the requests of which the original has
/// no entry.
#[test]
fn the_messages_are_those_the_model_was_asked_with() {
    fn check(replies: &[&str], build: impl Fn(AgentBuilder) -> AgentBuilder, without: Option<usize>) {
        let model = Script::texts(replies.iter().copied());
        let told = finished(build(CodeAgent::builder(model.clone()))).to_original(Detail::Full);
        let steps = told["steps"].as_array().unwrap().iter();
        let shown: Vec<_> = steps.filter_map(|step| step.get("model_input_messages")).map(texts).collect();
        let requests = model.requests.lock().unwrap().clone();
        let asked =
            requests.iter().map(|request| request.messages.iter().map(Message::text).collect::<Vec<_>>());
        let asked: Vec<_> = asked.enumerate().filter(|(at, _)| Some(*at) != without).collect();
        assert_eq!(shown, asked.into_iter().map(|(_, texts)| texts).collect::<Vec<_>>(), "{replies:?}");
    }
    let looks = ["<code>call look</code>", "<code>print a</code>"];
    check(&[looks[0], "prose", "<code>answer x</code>"], |builder| builder, None);
    check(
        &["1. look", looks[0], "2. print", looks[1], "3. answer", "<code>answer x</code>"],
        |b| b.planning_interval(1),
        None,
    );
    check(&[looks[0], looks[1], "Perhaps x."], |builder| builder.max_steps(2), None);
    check(&[looks[0], looks[1], "Looked.", "<code>answer x</code>"], |b| b.context_window(12), Some(2));
    check(
        &[looks[0], looks[1], "<code>answer x</code>"],
        |b| b.context_window(1).compaction(Compaction::Drop),
        None,
    );
}

fn texts(messages: &Value) -> Vec<String> {
    let text = |message: &Value| message["content"][0]["text"].as_str().unwrap().to_owned();
    messages.as_array().unwrap().iter().map(text).collect()
}

/// The class of the first step's error, and how the run is said to have ended.
#[track_caller]
fn check(builder: AgentBuilder, class: Value, state: &str) {
    let told = finished(builder).to_original(Detail::Succinct);
    assert_eq!(
        (&told["steps"][1]["error"]["type"], told["state"].as_str()),
        (&class, Some(state)),
        "{told:#}"
    );
}

#[test]
fn errors_have_the_originals_classes() {
    let code = |replies: &[&str]| CodeAgent::builder(Script::texts(replies.iter().copied()));
    check(code(&["<code>print x</code>", "<code>answer x</code>"]), Value::Null, "success");
    check(code(&["prose", "<code>answer x</code>"]), json!("AgentParsingError"), "success");
    check(
        code(&["<code>raise KeyError</code>", "<code>answer x</code>"]),
        json!("AgentExecutionError"),
        "success",
    );
    check(code(&["It is x."]).max_steps(0), json!("AgentMaxStepsError"), "max_steps_error");
    let once = std::sync::atomic::AtomicBool::new(false);
    let refuses_once = move |_: &Value, _: &[smol_core::memory::MemoryStep]| {
        once.swap(true, std::sync::atomic::Ordering::SeqCst).then_some(()).ok_or_else(|| "no".to_owned())
    };
    let refused = code(&["<code>answer x</code>", "<code>answer x</code>"]).final_answer_check(refuses_once);
    check(refused, json!("AgentError"), "success");

    let answer = "{\"name\": \"final_answer\", \"arguments\": {\"answer\": 1}}";
    let calls = |first: &str| {
        ToolCallingAgent::builder(Script::deltas(
            [first, answer].map(|text| vec![Delta::Text(text.to_owned())]),
        ))
    };
    let rows = [
        ("prose", json!("AgentParsingError")),
        (r#"{"name": "look", "arguments": {"n": 1}}"#, Value::Null),
        (r#"{"name": "look", "arguments": {"n": 7}}"#, json!("AgentToolExecutionError")),
        (r#"{"name": "look", "arguments": {"n": "one"}}"#, json!("AgentToolCallError")),
        (r#"{"name": "nothing", "arguments": {}}"#, json!("AgentToolExecutionError")),
    ];
    for (reply, class) in rows {
        check(calls(reply), class, "success");
    }
    check(calls(&format!("{answer}{answer}")), json!("AgentExecutionError"), "success");
}

#[test]
fn native_calls_have_the_originals_keys() {
    let call = |name: &str, arguments: &str| {
        let (id, name, arguments) = (Some("a".to_owned()), Some(name.to_owned()), arguments.to_owned());
        vec![Delta::ToolCall { index: 0, id, name, arguments }]
    };
    let replies = [call("look", r#"{"n": 2}"#), call("final_answer", r#"{"answer": {"x": 1}}"#)];
    let told = finished(ToolCallingAgent::builder(Script::deltas(replies))).to_original(Detail::Full);
    let [_, look, answer] = told["steps"].as_array().unwrap().as_slice() else { panic!("{told}") };
    let function = json!({"name": "look", "arguments": {"n": 2}});
    assert_eq!(look["tool_calls"], json!([{"id": "a", "type": "function", "function": function}]));
    let said = &look["model_output_message"];
    assert_eq!((&look["model_output"], &said["content"]), (&Value::Null, &Value::Null));
    has(&said["tool_calls"][0], &["id", "type", "function"]);
    has(&said["tool_calls"][0]["function"], &["name", "arguments", "description"]);
    let roles: Vec<&Value> =
        answer["model_input_messages"].as_array().unwrap().iter().map(|message| &message["role"]).collect();
    assert_eq!(roles, ["system", "user", "assistant", "tool-response"]);
    assert_eq!((&answer["action_output"], &answer["is_final_answer"]), (&json!({"x": 1}), &json!(true)));
}
