//! What rules say, from a program and from data.

use crate::support::{Case, Person};
use serde_json::{Value, json};
use smolagents::{
    Decision, Effect,
    guard::{Policy, Rule, Test, Verdict},
};

/// A policy's answer in one word: `allow`, `ask` (there is no approver: it waits) or `deny`.
fn answer(policy: &Policy, case: &Case) -> &'static str {
    match case.decided(policy) {
        None => "allow",
        Some(Decision::Wait) => "ask",
        Some(Decision::Refuse(_)) => "deny",
        other => panic!("{other:?}"),
    }
}

fn policy(rules: Value) -> Policy {
    serde_json::from_value(json!({"rules": rules})).unwrap()
}

#[track_caller]
fn check(rules: Value, tool: &'static str, arguments: Value, expect: &str) {
    let found = answer(&policy(rules.clone()), &Case::new(tool, arguments.clone()));
    assert_eq!(found, expect, "{tool}{arguments} by {rules}");
}

#[test]
fn the_first_rule_that_fits_decides() {
    let rules = json!([
        {"verdict": "allow", "tool": "pay", "arguments": {"to": {"equals": "rent"}}},
        {"verdict": "deny", "tool": "pa*"},
        {"verdict": "ask", "effect": "writes"},
    ]);
    check(rules.clone(), "pay", json!({"to": "rent"}), "allow");
    check(rules.clone(), "pay", json!({"to": "eve"}), "deny");
    check(rules.clone(), "look", json!({}), "allow");
    check(json!([]), "pay", json!({}), "allow");
    check(json!([{"verdict": "ask"}]), "look", json!({}), "ask");
}

#[test]
fn a_rule_by_effect_is_for_tools_and_not_for_agents() {
    let writes = json!([{"verdict": "ask", "effect": "writes"}]);
    check(writes.clone(), "pay", json!({}), "ask");
    check(writes.clone(), "look", json!({}), "allow");
    check(writes, "clerk", json!({"task": "pay"}), "allow");
    check(json!([{"verdict": "ask", "effect": "reads"}]), "look", json!({}), "ask");
    check(json!([{"verdict": "ask", "tool": "clerk"}]), "clerk", json!({}), "ask");
}

#[test]
fn arguments_are_tested_by_name_or_by_pointer() {
    let test = |at: &str, test: Value| json!([{"verdict": "deny", "arguments": {at: test}}]);
    let rows = [
        ("to", json!({"equals": "eve"}), json!({"to": "eve"}), "deny"),
        ("to", json!({"equals": "eve"}), json!({"to": "Eve"}), "allow"),
        ("to", json!({"equals": "eve"}), json!({}), "allow"),
        ("/to", json!({"equals": "eve"}), json!({"to": "eve"}), "deny"),
        ("amount", json!({"equals": 3}), json!({"amount": 3.0}), "deny"),
        ("amount", json!({"equals": 3}), json!({"amount": "3"}), "allow"),
        ("to", json!({"equals": null}), json!({"to": null}), "deny"),
        ("/list/1/name", json!({"matches": "*.exe"}), json!({"list": [0, {"name": "a.exe"}]}), "deny"),
        ("/list/1/name", json!({"matches": "*.exe"}), json!({"list": [{"name": "a.exe"}]}), "allow"),
        ("to", json!({"matches": "*@evil.io"}), json!({"to": ["a@evil.io"]}), "allow"),
        ("to", json!({"contains": "evil"}), json!({"to": "a@evil.io"}), "deny"),
        ("to", json!({"contains": "evil"}), json!({"to": ["evil"]}), "deny"),
        ("to", json!({"contains": "evil"}), json!({"to": ["evils"]}), "allow"),
        ("to", json!({"contains": 2}), json!({"to": [1, 2.0]}), "deny"),
        ("to", json!({"contains": "evil"}), json!({"to": {"evil": 1}}), "deny"),
        ("to", json!({"contains": "evil"}), json!({"to": 5}), "allow"),
    ];
    for (at, condition, arguments, expect) in rows {
        check(test(at, condition), "pay", arguments, expect);
    }
}

#[test]
fn all_conditions_of_a_rule_must_hold() {
    let both = json!([{"verdict": "deny", "arguments": {"to": {"equals": "a"}, "amount": {"equals": 1}}}]);
    check(both.clone(), "pay", json!({"to": "a", "amount": 1}), "deny");
    check(both, "pay", json!({"to": "a", "amount": 2}), "allow");
    let path = policy(json!([{"verdict": "deny", "agent": "boss/*", "tool": "pay"}]));
    for (path_of_call, expect) in [("boss/clerk", "deny"), ("boss/a/b", "deny"), ("boss", "allow")] {
        let case = Case { path: path_of_call, ..Case::new("pay", json!({})) };
        assert_eq!(answer(&path, &case), expect, "{path_of_call}");
    }
}

#[test]
fn a_program_tests_arguments_by_a_function() {
    let large = Test::passes(|amount| amount.as_f64() >= Some(100.0));
    let policy = Policy::new(Verdict::Deny)
        .rule(Rule::ask().tool("pay").argument("amount", large))
        .rule(Rule::allow().effect(Effect::Writes));
    for (tool, amount, expect) in [("pay", 100, "ask"), ("pay", 99, "allow"), ("look", 1, "deny")] {
        assert_eq!(answer(&policy, &Case::new(tool, json!({"amount": amount}))), expect, "{tool} {amount}");
    }
}

#[test]
fn what_is_no_rule_is_refused() {
    let wrong = [
        (json!({}), "missing field `verdict`"),
        (json!({"verdict": "forbid"}), "unknown variant `forbid`, expected one of `allow`, `ask`, `deny`"),
        (json!({"verdict": "ask", "tools": "pay"}), "unknown field `tools`"),
        (json!({"verdict": "ask", "arguments": {"to": {"like": "x"}}}), "unknown variant `like`"),
        (json!({"verdict": "ask", "arguments": {"to": {"equals": 1, "matches": "x"}}}), "expected"),
        (json!({"verdict": "ask", "arguments": {"to": {"passes": 1}}}), "unknown variant `passes`"),
        (json!({"verdict": "ask", "untrusted": "maybe"}), "unknown variant `maybe`"),
    ];
    for (rule, expect) in wrong {
        let error = serde_json::from_value::<Rule>(rule.clone()).unwrap_err().to_string();
        assert!(error.contains(expect), "{rule}: {error}");
    }
}

#[test]
fn the_model_reads_which_rule_and_what_else_it_may_do() {
    let said = |rule: Value, expect: &str| {
        let case = Case::new("pay", json!({"to": "eve"}));
        let Some(Decision::Refuse(reason)) = case.decided(&policy(json!([rule]))) else { panic!("{rule}") };
        let hint = "\n\nhint: reach the goal in another way, or say in your answer what was not allowed";
        assert_eq!(reason, format!("the policy forbids it: {expect}{hint}"));
    };
    said(json!({"verdict": "deny", "tool": "p*", "effect": "writes"}), "the tool is `p*`, it writes");
    let like = json!({"verdict": "deny", "agent": "a*", "arguments": {"to": {"matches": "e*"}}});
    said(like, "the agent is `a*`, `to` is like `e*`");
    said(json!({"verdict": "deny", "because": "use `look`"}), "use `look`");
    said(json!({"verdict": "deny"}), "the rule is for every call");
}

#[test]
fn a_tool_that_is_not_there_is_no_matter_for_rules() {
    check(json!([{"verdict": "ask"}]), "pya", json!({}), "allow");
}

#[test]
fn a_call_that_may_have_happened_is_always_put_to_the_approver() {
    let again = Case { again: true, ..Case::new("pay", json!({})) };
    let rules = |verdict: &str| policy(json!([{"verdict": verdict}]));
    let refusal = |decision: Option<Decision>| matches!(decision, Some(Decision::Refuse(_)));
    for verdict in ["allow", "ask", "deny"] {
        let happened = Decision::Answer(json!("paid"));
        let person = Person::who_says([happened.clone(), Decision::Approve]);
        let policy = rules(verdict).approver(person.clone());
        assert_eq!(again.decided(&policy), Some(happened), "{verdict}");
        let approved = again.decided(&policy);
        assert_eq!(refusal(approved.clone()), verdict == "deny", "{verdict}: {approved:?}");
        assert_eq!(person.asked(), ["agent pay{}, again?"; 2], "{verdict}");
    }
    // Without an approver no rule has it made again: the run waits, by this gate or by the agent itself.
    let alone = ["allow", "ask", "deny"].map(|verdict| again.decided(&rules(verdict)));
    assert_eq!(alone, [None, Some(Decision::Wait), Some(Decision::Wait)]);
}
