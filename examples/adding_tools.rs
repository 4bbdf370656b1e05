//! An agent with tools: a function of yours, and one that comes with the library.
//!
//! ```text
//! cargo run --example adding_tools
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use smolagents::{
    Executor,
    executors::Wasm,
    models::scripted::{ScriptedModel, text},
    prelude::*,
    tools::PythonInterpreter,
};
use std::sync::Arc;

/// Searches the web.
///
/// # Arguments
/// * `query` - What to look for.
#[tool(effect = "reads")]
async fn web_search(query: String) -> Vec<String> {
    // A real one is `smolagents::tools::WebSearch`.
    vec![format!("37400068 people ({query})")]
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let model = ScriptedModel::new([
        text(
            "Thought: first the figure.\n<code>\nfound = web_search('population of Tokyo')[0]\nprint(found)\n</code>",
        ),
        text(
            "Thought: now 2 percent of it.\n<code>\npeople = int(found.split()[0])\n\
             print(exec_python(f'{people} * 2 // 100'))\nfinal_answer(people * 2 // 100)\n</code>",
        ),
    ]);
    let executor: Arc<dyn Executor> = Arc::new(Wasm::default());
    let agent = CodeAgent::builder(model)
        .tool(web_search)
        .tool(PythonInterpreter::new(executor).named("exec_python"))
        .build()?;
    let result = agent.run("Find the population of Tokyo and calculate what 2% of that is").await?;
    for step in &result.steps {
        for call in &step.tool_calls {
            println!("{}({})", call.tool_name, call.arguments);
        }
        println!("{}\n", step.observations);
    }
    println!("{result}");
    Ok(())
}
