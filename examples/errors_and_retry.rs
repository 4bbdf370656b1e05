//! What can go wrong, how it is told, and three ways to try again.
//!
//! ```text
//! cargo run --example errors_and_retry
//! ```
//!
//! The model is scripted, so that the example needs no network and always says the same.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use smolagents::{
    Failure, RunState,
    model::ModelError,
    models::scripted::{FunctionModel, ScriptedModel, text},
    prelude::*,
};
use std::sync::atomic::{AtomicU32, Ordering};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    // What code does wrong ends nothing: the model reads it and tries again, and the result lists it.
    let model = ScriptedModel::new([
        text("<code>\nprint(1 / 0)\n</code>"),
        text("<code>\nfinal_answer('mended')\n</code>"),
    ]);
    let result = CodeAgent::builder(model).build()?.run("Perform a risky operation").await?;
    println!("success: {}, output: {}", result.success, result.output);
    for error in &result.errors {
        println!("  on the way: {}", error.lines().last().unwrap_or_default());
    }

    // Out of steps it still answers, as well as it can, and says that it is no success.
    let model = ScriptedModel::new([text("<code>\nprint('still looking')\n</code>"), text("I do not know.")]);
    let result = CodeAgent::builder(model).max_steps(1).build()?.run("Find it").await?;
    println!("success: {}, out of steps: {}", result.success, result.state == RunState::MaxSteps);

    // A model that cannot be asked is an error. The run comes with it, and can be carried on, by another model too.
    let model = ScriptedModel::new([text("<code>\nfound = 42\n</code>")]);
    let error = match CodeAgent::builder(model).build()?.run("Find it").await {
        Ok(result) => anyhow::bail!("unexpected: {result}"),
        Err(error) => error,
    };
    match (&error.failure, error.run) {
        (Failure::Model(cause), Some(run)) => {
            println!("the model failed after {} step: {cause}", run.result().total_steps);
            let model = ScriptedModel::new([text("<code>\nfinal_answer(found)\n</code>")]);
            println!("carried on: {}", CodeAgent::builder(model).build()?.resume(*run).await?);
        }
        (failure, _) => println!("failed: {failure}"),
    }

    // Or it is asked again at once, from where the run stopped.
    let agent = CodeAgent::builder(fails_at_first()).build()?;
    println!("{}", agent.run("Analyse the data").retries(3).await?);
    Ok(())
}

fn fails_at_first() -> FunctionModel {
    let asked = AtomicU32::new(0);
    FunctionModel::with(move |_| {
        let busy = asked.fetch_add(1, Ordering::SeqCst) < 2;
        async move { if busy { Err(ModelError::Other("the server is busy".to_owned())) } else { Ok(done()) } }
    })
}

fn done() -> smolagents::model::Reply {
    text("<code>\nfinal_answer('done at the third attempt')\n</code>")
}
