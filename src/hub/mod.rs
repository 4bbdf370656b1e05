//! The Hugging Face Hub: weights of models, and, with the feature `share`, tools and agents that people share as the
//! original's files.
//!
//! What [`load_tool`] and [`load_agent`] return was read and not run. Its [`Review`] says what it is made of and what its
//! code could reach; its tools run in sandboxes of the executor that it is given, never on the host.
#![cfg_attr(
    feature = "share",
    doc = r#"
```no_run
use smolagents::{executors, hub, prelude::*};

# async fn example(model: impl Model + 'static) -> Result<(), Box<dyn std::error::Error>> {
let weather = hub::load_tool("someone/weather-tool").await?;
println!("{}", weather.review());
let agent = CodeAgent::builder(model).tool(weather.tool(executors::executor("wasm")?)?).build()?;
agent.save("weather-agent")?;
agent.push_to_hub("me/weather-agent", &hub::Pushing::default()).await?;
# Ok(())
# }
```
"#
)]

pub use smol_hub::*;

#[cfg(feature = "share")]
mod agent;
#[cfg(feature = "share")]
mod changes;
#[cfg(feature = "share")]
mod check;
#[cfg(feature = "share")]
mod error;
#[cfg(feature = "share")]
mod load;
#[cfg(feature = "share")]
mod models;
#[cfg(feature = "share")]
mod packages;
#[cfg(feature = "share")]
mod page;
#[cfg(feature = "share")]
mod prompts;
#[cfg(feature = "share")]
mod review;
#[cfg(feature = "share")]
mod save;
#[cfg(feature = "share")]
mod tool;

#[cfg(feature = "share")]
pub use self::{
    agent::LoadedAgent,
    changes::Change,
    check::{Example, Verdict},
    error::ShareError,
    load::{from_folder, load_agent, load_collection, load_tool, tool_from_folder},
    models::ModelId,
    packages::executor_with,
    review::{Review, ReviewedTool},
    save::{ShareAgent, push_to_hub},
    tool::LoadedTool,
};
