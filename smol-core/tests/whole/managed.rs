//! Managed agents: called like tools, each call a run of its own inside the manager's.

use crate::{
    coder, events, run,
    support::{Logged, Script},
};
use futures::{StreamExt, executor::block_on};
use serde_json::json;
use smol_core::{
    ToolCallingAgent,
    agent::{Agent, BuildError},
    event::Event,
    model::{Delta, Model, ModelError, Request},
    tool::Effect,
};
use std::sync::Arc;

/// Reports twice as much as it is told: `n` for `work n`.
struct Doubles;

impl Model for Doubles {
    fn stream(&self, request: Request) -> futures::stream::BoxStream<'_, Result<Delta, ModelError>> {
        let task = request.messages[1].text();
        let number: String = task.lines().nth(1).unwrap().chars().filter(char::is_ascii_digit).collect();
        let code = match request.messages.len() {
            2 => format!("<code>set {number}\ncall look</code>"),
            _ => format!("<code>show\nanswer {}</code>", number.parse::<u64>().unwrap() * 2),
        };
        futures::stream::iter([Ok(Delta::Text(code))]).boxed()
    }
}

fn worker(name: &str) -> Agent {
    let tool = Logged::tool("look", Effect::Reads, &Arc::default());
    smol_core::CodeAgent::builder(Doubles)
        .executor(crate::support::Lines::default())
        .tool(tool)
        .name(name)
        .build()
        .unwrap()
}

#[test]
fn a_manager_calls_an_agent_by_its_name_as_an_identifier() {
    let model =
        Script::texts([r#"<code>ask Research_Team {"task":"work 21"}</code>"#, "<code>answer done</code>"]);
    let manager = coder(&model).name("manager").managed_agent(worker("Research Team")).build().unwrap();
    let happened = events(&manager);
    let paths: Vec<&str> =
        happened.iter().map(|event| event.leaf().0).filter(|path| !path.is_empty()).collect();
    assert!(!paths.is_empty() && paths.iter().all(|path| *path == "manager/Research Team"), "{paths:?}");
    let is_begin = |event: &&Event| matches!(event.leaf(), ("manager/Research Team", Event::Begin(_)));
    assert_eq!(happened.iter().filter(is_begin).count(), 1);
    let asked = model.asked();
    assert!(
        asked[0][0].contains("def Research_Team(task: str, additional_args: dict | None = None)"),
        "{}",
        asked[0][0]
    );
    assert_eq!(asked[1].last().unwrap(), "Observation:\nPrinted output:\n\"42\"");
}

#[test]
fn calls_to_one_agent_run_side_by_side_and_share_nothing() {
    const MANY: usize = 200;
    let calls: Vec<String> = (0..MANY)
        .map(|number| json!({"name": "worker", "arguments": {"task": format!("work {number}")}}).to_string())
        .collect();
    let model =
        Script::texts([calls.join("\n").as_str(), r#"{"name": "final_answer", "arguments": {"answer": 1}}"#]);
    let manager = ToolCallingAgent::builder(model.clone()).managed_agent(worker("worker")).build().unwrap();
    let happened = events(&manager);
    let expect: Vec<String> = (0..MANY).map(|number| format!("`worker` gave:\n{}", number * 2)).collect();
    assert_eq!(model.asked()[1].last().unwrap(), &format!("Observation:\n{}", expect.join("\n\n")));
    // They went on by turns: the last began before the first had ended.
    let begun = happened.iter().rposition(|event| matches!(event.leaf().1, Event::Begin(_))).unwrap();
    let ended = happened
        .iter()
        .position(|event| matches!(event.leaf(), (path, Event::Done(_)) if !path.is_empty()))
        .unwrap();
    assert!(begun < ended);
}

#[test]
fn an_agent_of_an_agent_has_a_path_of_three() {
    let middle = Script::texts([r#"<code>ask inner {"task":"work 1"}</code>"#, "<code>answer fine</code>"]);
    let middle = coder(&middle).name("middle").managed_agent(worker("inner")).build().unwrap();
    let model = Script::texts([r#"<code>ask middle {"task":"go on"}</code>"#, "<code>answer done</code>"]);
    let outer = coder(&model).name("outer").managed_agent(middle).build().unwrap();
    let happened = events(&outer);
    assert!(happened.iter().any(|event| matches!(event.leaf(), ("outer/middle/inner", Event::Code { .. }))));
    assert_eq!(run_spent(&happened), (2 + 2 + 2, 3));
}

/// Steps and tool calls of the whole tree, as the run itself counts them.
fn run_spent(happened: &[Event]) -> (u64, u64) {
    let mut mirror = smol_core::run::Run::default();
    happened.iter().for_each(|event| mirror.apply(event));
    let spent = serde_json::to_value(mirror.spent()).unwrap();
    (spent["steps"].as_f64().unwrap() as u64, spent["tool_calls"].as_f64().unwrap() as u64)
}

#[test]
fn tokens_of_managed_agents_are_the_managers() {
    let worker = coder(&Script::texts(["<code>print a</code>", "<code>answer b</code>"])).name("worker");
    let model = Script::texts([r#"<code>ask worker {"task":"go"}</code>"#, "<code>answer done</code>"]);
    let result = run(&coder(&model).managed_agent(worker.build().unwrap()).build().unwrap());
    assert_eq!((result.token_usage.input_tokens, result.token_usage.output_tokens), (40, 8));
    assert_eq!(result.steps[0].token_usage.input_tokens, 30);
}

#[test]
fn what_a_manager_reads() {
    let check = |builder: smol_core::agent::AgentBuilder, arguments: &str, expect: &str| {
        let call = format!("<code>ask worker {arguments}</code>");
        let model = Script::texts([call.as_str(), "<code>answer done</code>"]);
        run(&coder(&model).managed_agent(builder.name("worker").build().unwrap()).build().unwrap());
        let read = model.asked()[1].last().unwrap().clone();
        assert!(read.contains(expect), "{read}");
    };
    let texts = |texts: &[&str]| coder(&Script::texts(texts.iter().copied()));
    let task = r#"{"task":"go"}"#;
    check(
        texts(&["<code>print 1</code>", "half of it"]).max_steps(1),
        task,
        "It could not finish. The best answer it has:\\nhalf of it",
    );
    check(texts(&["<code>answer x</code>"]).provide_run_summary(true), task, "What it did, step by step:");
    check(texts(&[]), r#"{"task":""}"#, "the task is empty");
    check(texts(&[]), r#"{"job":"x"}"#, "wrong arguments for `worker`");
    check(
        texts(&["<code>answer x</code>"]),
        r#"{"task":"go","additional_args":{"a b":1}}"#,
        "`a b` cannot name a variable",
    );
    check(texts(&["<code>answer x</code>"]), r#"{"task":"go","additional_args":{"ab":1}}"#, "x");
}

#[test]
fn managed_agents_need_names_of_their_own() {
    let build = |names: &[&str]| {
        let model = Script::texts([]);
        let builder = names.iter().fold(coder(&model), |builder, name| builder.managed_agent(worker(name)));
        builder.build().map(|_| ()).unwrap_err()
    };
    assert_eq!(build(&[" "]), BuildError::Unnamed);
    assert_eq!(build(&["a b", "a_b"]), BuildError::Duplicate { name: "a_b".into() });
    assert_eq!(
        block_on(async { build(&["final_answer"]) }),
        BuildError::Duplicate { name: "final_answer".into() }
    );
}
