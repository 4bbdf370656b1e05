//! The talk with a person, whose part a list of typed lines plays.

use super::{Approve, Person, policy};
use crate::keyboard::{Keyboard, tests::Screen};
use futures::future::join_all;
use serde_json::{Value, json};
use smolagents::{
    Decision, Effect, Gate, ToolSpec,
    gate::Ask,
    guard::{Approver, Rule},
    inspect::PossibleCall,
    message::ToolCall,
};

fn person(typed: &'static str, editor: Option<&str>) -> (Person, Screen) {
    let screen = Screen::default();
    let keyboard = Keyboard::new(typed.as_bytes());
    (Person::new(keyboard, Box::new(screen.clone()), editor.map(str::to_owned)), screen)
}

fn call(name: &str, arguments: Value) -> ToolCall {
    ToolCall { id: "call_1".into(), name: name.into(), arguments }
}

fn ask<'a>(call: &'a ToolCall, tool: &'a ToolSpec, may_have_happened: bool) -> Ask<'a> {
    let (tool, tools) = (Some(tool), [].as_slice());
    let (possible, memory, calls) = ([].as_slice(), [].as_slice(), [].as_slice());
    let path = "manager/clerk";
    Ask { path, call, tool, tools, is_agent: false, may_have_happened, possible, memory, calls }
}

fn pay() -> ToolSpec {
    ToolSpec { effect: Effect::Writes, ..ToolSpec::new("pay", "Pays.") }
}

/// What typed lines decide, and what of the talk is on the screen.
async fn check(again: bool, typed: &'static str, decision: Decision, shown: &str) {
    let (person, screen) = person(typed, None);
    let (call, tool) = (call("pay", json!({"to": "landlord"})), pay());
    assert_eq!(person.approve(ask(&call, &tool, again), "it writes").await, decision, "{typed:?}");
    assert!(screen.text().contains(shown), "{typed:?}: {}", screen.text());
}

#[tokio::test]
async fn what_is_typed_decides() {
    let refused = |reason: &str| Decision::Refuse(reason.to_owned());
    let edited = Decision::Edit(json!({"to": "me"}));
    let happened = Decision::Answer(json!({"id": 7}));
    check(false, "y\n", Decision::Approve, "may `manager/clerk` call `pay`, writes?").await;
    check(false, " yes \n", Decision::Approve, "y: yes, n: no").await;
    check(false, "n\nnot in May\n", refused("a person said no: not in May"), "why not").await;
    check(false, "n\n\n", refused("a person said no"), "why not").await;
    check(false, "n\n", refused("a person said no"), "why not").await;
    check(false, "e\n{\"to\": \"me\"}\n", edited.clone(), "one line of JSON").await;
    check(false, "e\n{to: me}\ne\n[1]\ne\n{\"to\": \"me\"}\n", edited, "that is not JSON: key must be").await;
    check(false, "e\n[1]\ny\n", Decision::Approve, "arguments are an object").await;
    check(false, "what\ny\n", Decision::Approve, "`what` is none of the answers").await;
    check(false, "\ny\n", Decision::Approve, "`` is none of the answers").await;
    check(false, "r\ny\n", Decision::Approve, "`r` is none of the answers").await;
    check(false, "", Decision::Wait, "y: yes").await;
    check(false, "what\n", Decision::Wait, "none of the answers").await;
    check(true, "r\n{\"id\": 7}\n", happened.clone(), "it may have happened already").await;
    check(true, "r\npaid\nr\n{\"id\": 7}\n", happened, "that is not JSON").await;
    check(true, "a\ny\n", Decision::Approve, "`a` is none of the answers").await;
}

#[tokio::test]
async fn a_question_shows_the_call() {
    let (person, screen) = person("y\n", None);
    let call =
        call("pay", json!({"to": "landlord", "lines": [1, {"euros": 2.5}], "sign": "\u{202e}x\u{9b}31m"}));
    let tool = pay();
    let other = |tool: &str, lines: &[u32]| PossibleCall {
        tool: tool.into(),
        effect: Effect::Reads,
        lines: lines.to_vec(),
    };
    let possible = [other("pay", &[2]), other("look", &[3]), other("send", &[4, 9])];
    person.approve(Ask { possible: &possible, ..ask(&call, &tool, true) }, "no rule allows it").await;
    insta::assert_snapshot!(screen.text());
}

#[tokio::test]
async fn long_arguments_are_cut_with_a_word_of_how_much() {
    let (person, screen) = person("y\n", None);
    let call = call("pay", json!({"list": (0..100).collect::<Vec<_>>(), "text": "x".repeat(500)}));
    person.approve(ask(&call, &pay(), false), "it writes").await;
    assert!(screen.text().contains("\n… 75 more lines; `e` shows all\n"), "{}", screen.text());
    let (person, screen) = self::person("y\n", None);
    let call = self::call("pay", json!({"text": "x".repeat(500)}));
    person.approve(ask(&call, &pay(), false), "it writes").await;
    assert!(screen.text().contains("xxx… 212 more characters"), "{}", screen.text());
}

#[tokio::test]
async fn always_is_for_a_tool_and_a_reason() {
    let (person, screen) = person("a\ny\ny\nn\n\n", None);
    let (pay_call, look_call, tool) = (call("pay", json!({})), call("look", json!({})), pay());
    let mut decided = Vec::new();
    for (call, again, why) in [
        (&pay_call, false, "it writes"),
        (&pay_call, false, "it writes"),
        (&pay_call, false, "it writes"),
        (&look_call, false, "it writes"),
        (&pay_call, true, "it writes"),
        (&pay_call, false, "its arguments hold what `read_page` gave"),
    ] {
        decided.push(person.approve(ask(call, &tool, again), why).await == Decision::Approve);
    }
    assert_eq!(decided, [true, true, true, true, true, false]);
    assert_eq!(screen.text().matches("── may").count(), 4);
}

/// Each answer belongs to the question above it, however many are asked at once.
#[tokio::test]
async fn questions_come_one_at_a_time() {
    let (person, screen) = person("y\nn\nno\ny\n", None);
    let calls = ["a", "b", "c"].map(|to| call("pay", json!({"to": to})));
    let tool = pay();
    let decided =
        join_all(calls.iter().map(|call| person.approve(ask(call, &tool, false), "it writes"))).await;
    let expect = [Decision::Approve, Decision::Refuse("a person said no: no".into()), Decision::Approve];
    assert_eq!(decided, expect);
    let text = screen.text();
    let order: Vec<usize> =
        ["\"a\"", "▸ ", "\"b\"", "why not", "\"c\""].map(|part| text.find(part).unwrap()).into();
    assert!(order.is_sorted(), "{text}");
}

#[cfg(unix)]
#[tokio::test]
async fn an_editor_edits() {
    async fn check(editor: &str, typed: &'static str, expect: Decision, shown: &str) {
        let (person, screen) = person(typed, Some(editor));
        let call = call("pay", json!({"to": "landlord"}));
        assert_eq!(person.approve(ask(&call, &pay(), false), "it writes").await, expect, "{editor}");
        assert!(screen.text().contains(shown), "{editor}: {}", screen.text());
    }
    check("sed -i s/landlord/me/", "e\n", Decision::Edit(json!({"to": "me"})), "").await;
    check("sed -i s/[{]/x/", "e\ny\n", Decision::Approve, "that is not JSON").await;
    check("false", "e\ny\n", Decision::Approve, "so nothing is changed").await;
    check("no-such-editor", "e\ny\n", Decision::Approve, "could not edit with `no-such-editor`").await;
}

#[tokio::test]
async fn rules_come_before_the_flag() {
    async fn check(approve: Approve, effect: Effect, expect: Option<Decision>) {
        let rules =
            vec![serde_json::from_value::<Rule>(json!({"verdict": "allow", "tool": "free"})).unwrap()];
        let tool = ToolSpec { effect, ..ToolSpec::new("pay", "Pays.") };
        let policy = policy(approve, rules, None);
        let free = call("free", json!({}));
        assert_eq!(policy.decide(ask(&free, &tool, false)).await, None, "{approve:?}");
        let pay = call("pay", json!({}));
        assert_eq!(policy.decide(ask(&pay, &tool, false)).await, expect, "{approve:?} {effect:?}");
    }
    check(Approve::Ask, Effect::Pure, Some(Decision::Wait)).await;
    check(Approve::Writes, Effect::Writes, Some(Decision::Wait)).await;
    check(Approve::Writes, Effect::Reads, None).await;
    check(Approve::All, Effect::Writes, None).await;
}
