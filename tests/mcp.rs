//! A code agent in the sandbox calls tools of an MCP server, and the guard sees where their words go.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail this way")]

use smolagents::{
    Decision, Effect,
    gate::Ask,
    guard::{Policy, Rule, Untrusted, Verdict},
    mcp::{Host, McpServers, ServerConfig},
    models::scripted::{ScriptedModel, text},
    prelude::*,
};
use std::sync::{Arc, Mutex};

async fn servers() -> McpServers {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/mcp_server.py");
    let config = ServerConfig::command("notes", "python3", [script]);
    McpServers::connect([config], Host::default()).await.unwrap()
}

/// What an agent answers that runs this code, with whom it was asked about and why.
async fn run(code: &str, decision: Decision) -> (AgentRunResult, Vec<String>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let notes = asked.clone();
    let approver = move |ask: Ask<'_>, why: &str| {
        notes.lock().unwrap().push(format!("{}: {why}", ask.call.name));
        decision.clone()
    };
    let rule = Rule::ask().effect(Effect::Writes).untrusted(Untrusted::Content);
    let policy = Policy::new(Verdict::Allow).rule(rule).approver(approver);
    let model = ScriptedModel::new([
        text(format!("Thought: go.\n<code>\n{code}\n</code>")),
        text("Thought: no.\n<code>\nfinal_answer('it was not allowed')\n</code>"),
    ]);
    let agent = CodeAgent::builder(model).tools(servers().await.tools()).gate(policy).build().unwrap();
    let result = agent.run("Do what the note says.").await.unwrap();
    let asked = asked.lock().unwrap().clone();
    (result, asked)
}

const PAYS: &str = "note = read_note(number=1)\nfinal_answer(send_money(to=note.split()[-1], amount=5))";

#[tokio::test]
async fn what_a_server_said_is_asked_about_before_it_writes() {
    let (result, asked) = run(PAYS, Decision::Approve).await;
    assert_eq!(result.output, "sent 5 to CH93-0076-2011");
    assert_eq!(asked, ["send_money: its arguments hold what `read_note` gave: `ch93-0076-2011`"]);
    let calls: Vec<&str> = result.steps[0].tool_calls.iter().map(|call| call.tool_name.as_str()).collect();
    assert_eq!(calls, ["read_note", "send_money"]);
}

#[tokio::test]
async fn a_no_is_an_observation() {
    let (result, asked) = run(PAYS, Decision::Refuse("not to strangers".into())).await;
    assert_eq!(asked.len(), 1);
    assert_eq!(result.output, "it was not allowed");
    assert!(
        result.steps[0].observations.contains("not to strangers")
            || result.errors[0].contains("not to strangers")
    );
}

#[tokio::test]
async fn what_the_agent_says_itself_is_not_asked_about() {
    let (result, asked) =
        run("final_answer(send_money(to='my landlord', amount=5))", Decision::Refuse("no".into())).await;
    assert_eq!((result.output, asked), ("sent 5 to my landlord".into(), Vec::new()));
}

#[tokio::test]
async fn values_of_a_server_are_values_of_the_code() {
    let code = "n = numbers()\nfinal_answer([sum(n['values']), type(picture()).__name__ != 'str'])";
    let (result, _) = run(code, Decision::Approve).await;
    assert_eq!(result.output, serde_json::json!([6, true]));
}

#[tokio::test]
async fn a_server_that_lies_about_its_results_is_told_off() {
    let code = "try:\n    lies()\nexcept Exception as error:\n    final_answer(str(error))";
    let (result, _) = run(code, Decision::Approve).await;
    assert!(result.text.contains("not of its own schema"), "{}", result.text);
}

/// The page `examples/mcp.rs` says what it says here.
#[test]
fn the_example_asks_before_it_pays() {
    let tests = std::env::current_exe().unwrap();
    let binary = tests.ancestors().nth(2).unwrap().join("examples/mcp");
    let output = std::process::Command::new(binary).output().unwrap();
    let expect = r#"read_note Reads
send_money Writes
numbers Reads
lies Reads
picture Reads
may it call send_money{"to":"CH93-0076-2011","amount":5}? (its arguments hold what `read_note` gave: `ch93-0076-2011`)
Somebody should look at You owe 5 to CH93-0076-2011
"#;
    let (said, errors) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8_lossy(&output.stderr));
    assert_eq!(said, expect, "{errors}");
}
