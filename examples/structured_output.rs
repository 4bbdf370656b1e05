//! Values with a form: a tool that gives a struct, and a run whose answer is one.
//!
//! ```text
//! cargo run --example structured_output
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

/// What is known of some numbers.
#[derive(Serialize, JsonSchema)]
struct Statistics {
    /// The average.
    mean: f64,
    /// The value in the middle.
    median: f64,
    /// Values more than two standard deviations from the average.
    outliers: Vec<f64>,
}

/// Analyses numbers.
///
/// # Arguments
/// * `data` - The numbers.
#[tool(effect = "pure")]
fn perform_analysis(data: Vec<f64>) -> Statistics {
    let count = data.iter().fold(0.0, |count, _| count + 1.0);
    let mean = data.iter().sum::<f64>() / count;
    let deviation = (data.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (count - 1.0)).sqrt();
    let mut sorted = data.clone();
    sorted.sort_by(f64::total_cmp);
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or_default();
    let outliers = data.into_iter().filter(|value| (value - mean).abs() > 2.0 * deviation).collect();
    Statistics { mean, median, outliers }
}

/// The form of the answer.
#[derive(Debug, Deserialize, JsonSchema)]
struct Report {
    typical: f64,
    unusual: Vec<f64>,
    remark: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let model = ScriptedModel::new([
        text(
            "Thought: look first.\n<code>\nfound = perform_analysis([1, 2, 3, 4, 5, 3, 2, 100])\nprint(found)\n</code>",
        ),
        // Not of the form: the model is told what is wrong with it.
        text("Thought: answer.\n<code>\nfinal_answer({'typical': 'three'})\n</code>"),
        text(
            "Thought: mend it.\n<code>\nfinal_answer({'typical': found['median'], 'unusual': found['outliers']})\n</code>",
        ),
    ]);
    let agent = CodeAgent::builder(model).tool(perform_analysis).build()?;
    let report: Report = agent.run("Analyse the numbers 1, 2, 3, 4, 5, 3, 2, 100").output().await?;
    println!("{report:?}");
    println!("{:?} is unusual, {} is not, {:?}", report.unusual, report.typical, report.remark);
    Ok(())
}
