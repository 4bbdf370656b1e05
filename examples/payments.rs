//! Tools whose order matters, called by a model that names tools instead of writing code.
//!
//! ```text
//! cargo run --example payments
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use serde_json::json;
use smolagents::{
    models::scripted::{ScriptedModel, calls},
    prelude::*,
};

/// Checks that a customer exists and is in good standing.
#[tool(effect = "reads")]
fn verify_customer(customer_id: String) -> String {
    format!("customer {customer_id} is verified")
}

/// Charges a customer. It changes the world: in one reply it keeps its place among the other calls, which wait for it,
/// and a run that was cut never makes it twice without asking.
#[tool(effect = "writes")]
fn process_payment(customer_id: String, amount: f64, currency: String) -> String {
    format!("{amount} {currency} of {customer_id} were charged")
}

/// Sends the customer a receipt.
#[tool(effect = "writes")]
fn send_receipt(customer_id: String) -> String {
    format!("{customer_id} has a receipt")
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let model = ScriptedModel::new([
        calls([
            ("verify_customer", json!({"customer_id": "12345"})),
            ("process_payment", json!({"customer_id": "12345", "amount": 100.0, "currency": "USD"})),
            ("send_receipt", json!({"customer_id": "12345"})),
        ]),
        calls([("final_answer", json!({"answer": "The payment of $100 is done."}))]),
    ]);
    let agent = ToolCallingAgent::builder(model)
        .tool(verify_customer)
        .tool(process_payment)
        .tool(send_receipt)
        .max_steps(5)
        .build()?;
    let mut events = agent.run("Process a payment of $100 for customer 12345").stream();
    while let Some(event) = events.next().await {
        match event? {
            Event::ToolCall { call, .. } => println!("{} begins", call.name),
            Event::ToolReply { reply, .. } => println!("  {reply:?}"),
            Event::Done(result) => println!("{result}"),
            _ => {}
        }
    }
    Ok(())
}
