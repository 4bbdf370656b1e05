//! Runs and agents as text.

use crate::support::{Lines, Logged, Script};
use futures::executor::block_on;
use smol_core::{CodeAgent, ToolCallingAgent, original::Detail, run::Run, tool::Effect};
use std::sync::Arc;

fn code_run() -> Run {
    let replies = ["1. look", "<code>call look\nprint x</code>", "prose", "<code>print y\nanswer x</code>"];
    let look = Logged::tool("look", Effect::Reads, &Arc::default());
    let builder = CodeAgent::builder(Script::texts(replies)).planning_interval(9).tool(look);
    let agent = builder.executor(Lines::default()).build().unwrap();
    let mut session = agent.session();
    block_on(session.run("do it").into_future()).unwrap();
    session.history().unwrap().clone()
}

#[test]
fn a_replay_tells_the_story() {
    insta::assert_snapshot!(code_run().replay(Detail::Succinct));
}

#[test]
fn a_full_replay_tells_what_the_model_was_shown() {
    let full = code_run().replay(Detail::Full);
    let rules = full.matches("--- shown, system ---").count();
    assert_eq!(rules, 4, "as often as the model was asked: {full}");
    assert!(full.contains("--- shown, user ---\nObservation:\nPrinted output:\n0\nx\n"), "{full}");
}

#[test]
fn the_code_of_a_run() {
    assert_eq!(code_run().full_code(), "call look\nprint x\n\nprint y\nanswer x");
}

#[test]
fn an_agent_is_shown_as_a_tree() {
    let log = Arc::default();
    let tool = |name: &str, effect| Logged::tool(name, effect, &log);
    let clerk = ToolCallingAgent::builder(Script::texts([])).name("The clerk").description("Files papers.");
    let clerk = clerk.tool(tool("file", Effect::Writes)).build().unwrap();
    let researcher = CodeAgent::builder(Script::texts([])).name("researcher").managed_agent(clerk);
    let researcher = researcher.executor(Lines::default()).authorized_imports(["math", "json"]).max_steps(3);
    let manager = CodeAgent::builder(Script::texts([]))
        .executor(Lines::default())
        .tools([tool("look", Effect::Reads), tool("add", Effect::Pure)])
        .managed_agent(researcher.build().unwrap())
        .build()
        .unwrap();
    insta::assert_snapshot!(manager.visualize());
}
