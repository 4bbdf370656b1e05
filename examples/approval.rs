//! A person decides about a payment in the middle of running code. The code stands still at the call, and goes on with
//! what was said; small sums pass without a question, and a rule keeps one payee out for good.
//!
//! ```text
//! cargo run --example approval
//! ```

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use serde_json::{Value, json};
use smolagents::{
    Decision, Effect,
    gate::Ask,
    guard::{Policy, Rule, Test, Verdict},
    models::scripted::{ScriptedModel, text},
    prelude::*,
};

/// Pays a bill.
///
/// # Arguments
/// * `to` - Who gets the money.
/// * `euros` - How much.
#[tool(effect = "writes")]
fn pay(to: String, euros: f64) -> String {
    format!("paid {euros:.2} EUR to {to}")
}

/// Stands for a person: a terminal, a chat channel or a web page would wait here for an answer. This one pays no more
/// than 100 euros at once.
fn person(ask: Ask<'_>, why: &str) -> Decision {
    println!("may {} call {}{}? ({why})", ask.path, ask.call.name, ask.call.arguments);
    let arguments = &ask.call.arguments;
    match arguments.get("euros").and_then(Value::as_f64) {
        Some(euros) if euros <= 100.0 => Decision::Approve,
        Some(_) => Decision::Edit(json!({"to": arguments.get("to"), "euros": 100})),
        None => Decision::Refuse("say how much".to_owned()),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let small = Test::passes(|euros| euros.as_f64().is_some_and(|euros| euros < 10.0));
    let policy = Policy::new(Verdict::Allow)
        .rule(Rule::deny().tool("pay").argument("to", Test::equals("casino")).because("no bets"))
        .rule(Rule::allow().tool("pay").argument("euros", small))
        .rule(Rule::ask().effect(Effect::Writes))
        .approver(person);
    let agent = CodeAgent::builder(model()).tool(pay).gate(policy).build()?;
    let result = agent.run("Pay what is on the list.").await?;
    println!("{result}");
    Ok(())
}

/// The model is scripted, so that the example needs no network.
fn model() -> ScriptedModel {
    ScriptedModel::new([text(
        "Thought: one after another.
<code>
report = []
for to, euros in [('baker', 4.5), ('plumber', 90), ('landlord', 900), ('casino', 20)]:
    try:
        report.append(pay(to=to, euros=euros))
    except Exception as error:
        report.append(f'{to}: {str(error).splitlines()[0]}')
final_answer('\\n'.join(report))
</code>",
    )])
}
