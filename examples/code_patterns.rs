//! What agents do in one block of code: loops, conditions, functions, errors that are caught.
//!
//! ```text
//! cargo run --example code_patterns
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use anyhow::bail;
use smolagents::{
    models::scripted::{ScriptedModel, text},
    prelude::*,
};

/// Looks a figure up.
///
/// # Arguments
/// * `query` - What about, such as `Paris temperature`.
#[tool(effect = "reads")]
fn look_up(query: String) -> anyhow::Result<f64> {
    Ok(match query.as_str() {
        "Paris temperature" => 14.0,
        "Tokyo temperature" => 18.5,
        "Paris average temperature" => 12.5,
        "Tokyo average temperature" => 16.5,
        "bitcoin price" => 61_000.0,
        "AAPL price" => 190.5,
        "GOOGL price" => 141.25,
        _ => bail!("nothing was found for `{query}`"),
    })
}

const LOOP: &str = "<code>
degrees = [look_up(f'{city} temperature') for city in ['Paris', 'Tokyo']]
final_answer(f'{sum(degrees) / len(degrees):.2f} degrees on average')
</code>";

const CONDITION: &str = "<code>
price = look_up('bitcoin price')
if price > 50_000:
    outlook = 'bullish'
else:
    outlook = 'bearish'
final_answer(f'{outlook} at {price:,.0f} dollars')
</code>";

const FUNCTION: &str = "<code>
def anomaly(city):
    return look_up(f'{city} temperature') - look_up(f'{city} average temperature')

final_answer({city: anomaly(city) for city in ['Paris', 'Tokyo']})
</code>";

const ERRORS: &str = "<code>
prices = {}
for ticker in ['AAPL', 'INVALID_CODE', 'GOOGL']:
    try:
        prices[ticker] = look_up(f'{ticker} price')
    except Exception as error:
        print(f'skipped {ticker}: {error}')
final_answer(prices)
</code>";

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let model = ScriptedModel::new([LOOP, CONDITION, FUNCTION, ERRORS].map(text));
    let agent = CodeAgent::builder(model).tool(look_up).build()?;
    let tasks = [
        "What is the average temperature of Paris and Tokyo?",
        "Is the price of bitcoin above $50,000? Say what that means.",
        "How far are Paris and Tokyo from their usual temperatures?",
        "What do AAPL, INVALID_CODE and GOOGL cost? Skip any that fail.",
    ];
    for task in tasks {
        let result = agent.run(task).await?;
        let calls: usize = result.steps.iter().map(|step| step.tool_calls.len()).sum();
        println!("{task}\n  {result}\n  by {calls} calls in {} step", result.total_steps);
        for step in &result.steps {
            println!("{}", step.observations);
        }
    }
    Ok(())
}
