//! Functions as tools: one that computes, one that checks what it is given, one that remembers, one that waits.
//!
//! ```text
//! cargo run --example defining_tools
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use smolagents::{
    models::scripted::{ScriptedModel, text},
    prelude::*,
};
use std::time::Duration;

/// Add two numbers together.
///
/// # Arguments
/// * `a` - First number
/// * `b` - Second number
#[tool(effect = "pure")]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[derive(Serialize, JsonSchema)]
struct Customer {
    name: String,
    email: String,
    /// how well it fits, from 0 to 1
    score: f64,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Order {
    Score,
    Name,
}

/// Search the customer database with semantic search.
///
/// Args:
///     query: The search query (e.g., 'premium customers')
///     limit: Maximum number of results to return
///     min_score: Minimum similarity score (0.0-1.0) for inclusion
///     order: What they are sorted by
#[tool]
fn search_database(
    query: String,
    #[default(10)] limit: usize,
    #[default(0.5)] min_score: f64,
    order: Option<Order>,
) -> Vec<Customer> {
    let customer = |name: &str, score| Customer {
        name: name.to_owned(),
        email: format!("{}@example.org", name.to_lowercase()),
        score: if query.is_empty() { 0.0 } else { score },
    };
    let mut found = vec![customer("Zoe", 0.9), customer("Ada", 0.7), customer("Bob", 0.2)];
    found.retain(|customer| customer.score >= min_score);
    if let Some(Order::Name) = order {
        found.sort_by(|one, other| one.name.cmp(&other.name));
    }
    found.truncate(limit);
    found
}

/// Get current stock price for ticker symbol.
///
/// # Arguments
/// * `ticker` - Stock ticker (e.g., 'AAPL', 'GOOGL')
#[tool(cache = 128, timeout = "10s")]
fn get_stock_price(ticker: String) -> f64 {
    println!("(asking the exchange for {ticker})");
    187.5
}

/// Calculate discounted price. What the error says, the model reads.
///
/// # Arguments
/// * `original_price` - Original price in dollars
/// * `discount_percent` - Discount percentage (0-100)
#[tool(effect = "pure")]
fn calculate_discount(original_price: f64, discount_percent: f64) -> Result<f64, String> {
    if !(0.0..=100.0).contains(&discount_percent) {
        return Err(format!("Discount must be 0-100, got {discount_percent}"));
    }
    if original_price < 0.0 {
        return Err(format!("Price must be positive, got {original_price}"));
    }
    Ok(original_price * (1.0 - discount_percent / 100.0))
}

/// Fetch data from API asynchronously.
///
/// # Arguments
/// * `endpoint` - Full API endpoint URL
/// * `timeout` - Request timeout in seconds
#[tool(effect = "reads", untrusted)]
async fn fetch_api(endpoint: String, #[default(10)] timeout: u32) -> serde_json::Value {
    // Here one would wait for a service.
    tokio::time::sleep(Duration::from_millis(1)).await;
    serde_json::json!({"endpoint": endpoint, "waited_at_most": timeout})
}

/// Never comes back.
#[tool(timeout = "20ms")]
async fn broken_service() -> String {
    std::future::pending().await
}

const CODE: &str = "<code>
print(add(15, 27))
best = search_database('premium customers', limit=1)[0]
print(best['name'], best['email'], [found['name'] for found in search_database('all', 3, 0.1, order='name')])
print(get_stock_price('AAPL'), get_stock_price('AAPL'))
print(calculate_discount(80, 25), fetch_api('https://api.example.org', timeout=3))
for mistake in [lambda: calculate_discount(80, 250), broken_service]:
    try:
        mistake()
    except ToolError as error:
        print(error)
final_answer('done')
</code>";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let agent = CodeAgent::builder(ScriptedModel::new([text(CODE)]))
        .tool(add)
        .tool(search_database)
        .tool(get_stock_price)
        .tool(calculate_discount)
        .tool(fetch_api)
        .tool(broken_service)
        .build()?;
    println!("{}\n", agent.visualize());
    let result = agent.run("Try the tools").await?;
    result.steps.iter().for_each(|step| println!("{}", step.observations));
    Ok(())
}
