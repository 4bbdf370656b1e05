//! `smolagent models`: who can be asked, and what is known of a model before it is.

use crate::{
    Usage,
    arguments::ModelsCommand,
    config::{Config, with_own},
    exit,
};
use anstream::println;
use smolagents::models::{
    prices::{self, ModelCard},
    provider::{Provider, Providers},
};
use std::env;

/// Prints what `command` asks for.
pub fn dispatch(command: &ModelsCommand) -> anyhow::Result<u8> {
    let providers = with_own(Config::load()?.provider)?;
    match command {
        ModelsCommand::List { provider: None } => list_services(&providers),
        ModelsCommand::List { provider: Some(id) } => list_models(find(&providers, id)?),
        ModelsCommand::Show { id } => show(&providers, id)?,
    }
    Ok(exit::ANSWERED)
}

fn find<'a>(providers: &'a Providers, id: &str) -> anyhow::Result<&'a Provider> {
    let unknown =
        || Usage(format!("no provider is called `{id}`\n\nhint: `smolagent models list` has all of them"));
    Ok(providers.get(id).ok_or_else(unknown)?)
}

fn list_services(providers: &Providers) {
    println!("{:<22} {:>6}  {:<4} address", "provider", "models", "key");
    for provider in providers.iter() {
        let models = prices::of(&provider.id).count();
        let base = if provider.base.is_empty() { "(give --api-base)" } else { &provider.base };
        println!("{:<22} {models:>6}  {:<4} {base}", provider.id, key_state(provider));
    }
    println!("\nkey: yes, no, or - where none is needed. `smolagent models list PROVIDER` shows its models.");
}

/// Whether there is a key in the environment.
fn key_state(provider: &Provider) -> &'static str {
    match provider.key_variables().iter().any(|name| is_set(name)) {
        true => "yes",
        false if provider.keys.is_empty() => "-",
        false => "no",
    }
}

fn is_set(variable: &str) -> bool {
    env::var(variable).is_ok_and(|value| !value.trim().is_empty())
}

fn list_models(provider: &Provider) {
    println!("{:<60} {:>9} {:>9} {:>9}", "model", "window", "$/M in", "$/M out");
    for (name, card) in prices::of(&provider.id) {
        let (input, output) = (dollars(card.input_price), dollars(card.output_price));
        let window = card.context_window.map(|tokens| tokens.to_string()).unwrap_or_default();
        println!("{:<60} {window:>9} {input:>9} {output:>9}", format!("{}/{name}", provider.id));
    }
    println!("\nOther models of `{}` work too; only these have known windows and prices.", provider.id);
}

fn dollars(price: Option<f64>) -> String {
    price.map(|price| format!("{price}")).unwrap_or_default()
}

fn show(providers: &Providers, id: &str) -> anyhow::Result<()> {
    let (provider, name) = providers.find(id).map_err(|error| Usage(error.to_string()))?;
    let base =
        if provider.base.is_empty() { "none that fits everybody: give --api-base" } else { &provider.base };
    let wire = format!("{:?}", provider.dialect).to_lowercase();
    println!("model     {name}\nprovider  {}\nwire      {wire}\naddress   {base}", provider.id);
    println!("          or what the variable {} says", provider.base_variable());
    for variable in provider.key_variables() {
        let state = if is_set(&variable) { "set" } else { "not set" };
        println!("key       {variable} ({state})");
    }
    match prices::find(&format!("{}/{name}", provider.id)) {
        Some(card) => show_card(card),
        None => println!("window    not known"),
    }
    Ok(())
}

fn show_card(card: ModelCard) {
    let lines = [
        ("window", card.context_window.map(|tokens| format!("{tokens} tokens"))),
        ("vision", card.vision.map(|sees| if sees { "yes".to_owned() } else { "no".to_owned() })),
        ("longest", card.max_output.map(|tokens| format!("{tokens} tokens a reply"))),
        ("input", card.input_price.map(per_million)),
        ("cached", card.cached_input_price.map(per_million)),
        ("output", card.output_price.map(per_million)),
    ];
    for (name, value) in lines.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        println!("{name:<9} {value}");
    }
}

fn per_million(price: f64) -> String {
    format!("${price} for a million tokens")
}
