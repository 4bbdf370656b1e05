//! Arguments become parts: the model, the executor, the tools, and the agent they make.

use crate::{
    Usage,
    approve::{self, Person},
    arguments::{AgentArguments, AgentKind},
    config::{Config, with_own},
    keyboard::Keyboard,
    media,
};
use smolagents::{
    Agent, CodeAgent, Executor, Model, Tool, ToolCallingAgent, executors,
    hub::{self, ModelName},
    models::{
        local::LocalModel,
        provider::{Options, Providers},
    },
    tools,
};
use std::{
    env,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// The agent that the command line asks for, once its arguments are [`resolved`]. `person` is asked about tool calls.
pub async fn agent(arguments: &AgentArguments, person: Option<Keyboard>) -> anyhow::Result<Agent> {
    let config = Config::load()?;
    // What is cheap to get wrong is checked before weights are fetched and loaded.
    let executor = executors::executor(&arguments.sandbox.executor).map_err(usage)?;
    let (media, plain): (Vec<_>, Vec<_>) =
        arguments.tools.iter().cloned().partition(|name| media::is_media(name));
    let mut tools = tools(&plain, &executor)?;
    let Config { policy, provider, .. } = config;
    let providers = with_own(provider)?;
    let policy = approve::policy(arguments.limits.approve, policy, person.map(Person::at_terminal));
    let model = model(arguments, providers).await?;
    for name in media {
        tools.push(media::tool(&name, &model).await?);
    }
    let builder = match arguments.agent {
        AgentKind::Code => CodeAgent::builder(model).executor(executor),
        AgentKind::ToolCalling => ToolCallingAgent::builder(model),
    };
    let builder = builder.tools(tools).max_steps(arguments.max_steps).gate(policy);
    let mut builder = arguments.limits.limit(builder);
    if let Some(name) = &arguments.name {
        builder = builder.name(name);
    }
    if let Some(text) = &arguments.instructions {
        builder = builder.instructions(text);
    }
    if let Some(modules) = &arguments.sandbox.imports {
        builder = builder.authorized_imports(modules.iter());
    }
    Ok(builder.build().map_err(usage)?)
}

fn tools(names: &[String], executor: &Arc<dyn Executor>) -> anyhow::Result<Vec<Arc<dyn Tool>>> {
    let tools = names.iter().map(|name| tools::by_name(name, executor).map_err(usage));
    Ok(tools.collect::<Result<_, _>>()?)
}

/// The arguments with the model and address that the configuration and the environment add.
pub fn resolved(arguments: &AgentArguments) -> anyhow::Result<AgentArguments> {
    let config = Config::load()?;
    let environment = || env::var("SMOLAGENT_MODEL").ok().filter(|id| !id.trim().is_empty());
    let mut arguments = arguments.clone();
    arguments.model = arguments.model.or(config.model).or_else(environment);
    arguments.api_base = arguments.api_base.or(config.api_base);
    Ok(arguments)
}

async fn model(arguments: &AgentArguments, providers: Providers) -> anyhow::Result<Arc<dyn Model>> {
    let id = arguments.model.as_deref().unwrap_or("local");
    match id.split_once('/').unwrap_or((id, "")) {
        ("local", path) if arguments.api_base.is_none() => local_model(path).await,
        _ => {
            let options = Options {
                provider: arguments.provider.clone(),
                api_base: arguments.api_base.clone(),
                api_key: arguments.api_key.clone().map(Into::into),
                ..Options::default()
            };
            Ok(Arc::new(providers.model(id, options).map_err(usage)?))
        }
    }
}

/// The model of `local/PATH`: a file or folder, else a repository of the Hub.
async fn local_model(path: &str) -> anyhow::Result<Arc<dyn Model>> {
    let path = match ModelName::parse(path) {
        _ if path.is_empty() => default_weights().await?,
        Some(name) if !Path::new(path).exists() => hub_weights(&name).await?,
        _ => PathBuf::from(path),
    };
    let load = move || LocalModel::load(path);
    Ok(Arc::new(tokio::task::spawn_blocking(load).await?.map_err(usage)?))
}

async fn hub_weights(name: &ModelName) -> anyhow::Result<PathBuf> {
    Ok(hub::model(name, tell(&name.repo)).await?)
}

async fn default_weights() -> anyhow::Result<PathBuf> {
    Ok(hub::default_model(tell("SmolLM2-135M-Instruct")).await?)
}

/// Tells every tenth of a download.
pub fn tell(name: &str) -> impl Fn(hub::Progress) + '_ {
    let shown = AtomicU64::new(u64::MAX);
    move |progress| {
        let percent = progress.received * 100 / progress.total.max(1);
        if shown.swap(percent / 10, Ordering::Relaxed) != percent / 10 {
            anstream::eprintln!("fetching {name} (once): {percent}%");
        }
    }
}

/// Such an error is the user's to mend, not the program's.
fn usage(error: impl std::fmt::Display) -> Usage {
    Usage(error.to_string())
}
