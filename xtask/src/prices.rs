//! `cargo xtask prices FILE.json AS_OF`: the figures of LiteLLM's `model_prices_and_context_window.json` on the chat
//! models of the services that smol-models knows, as the table that it carries.

use anyhow::Context;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fs};

const TABLE: &str = "smol-models/src/prices.tsv";

/// Writes the table. `as_of` says which version of the file it is, and of when.
pub(crate) fn run(file: &str, as_of: &str) -> anyhow::Result<()> {
    let models: Map<String, Value> = serde_json::from_str(&fs::read_to_string(file)?)?;
    let services = fs::read_to_string("smol-models/src/provider/providers.toml")?;
    let mut rows: BTreeMap<&str, BTreeMap<&str, String>> = BTreeMap::new();
    for (id, model) in models.iter().filter(|(_, model)| model["mode"] == "chat") {
        let service =
            model["litellm_provider"].as_str().with_context(|| format!("`{id}` has no provider"))?;
        let service = known_as(service);
        let name = id.strip_prefix(service).and_then(|rest| rest.strip_prefix('/'));
        let figures = figures(model);
        if services.contains(&format!("\n[{service}]\n")) && !figures.trim().is_empty() {
            // Where a model is listed with its service and without, the first is meant.
            let row = rows.entry(service).or_default().entry(name.unwrap_or(id)).or_default();
            if row.is_empty() || name.is_some() {
                *row = figures;
            }
        }
    }
    let mut text = format!(
        "# What chat models hold and cost, from LiteLLM {as_of}. It changes: `cargo xtask prices` makes this anew.\n\
         # A service, then its models: name, context window and longest output in tokens,\n\
         # then dollars for a million tokens of input, of cached input, and of output,\n\
         # then whether it is known to see pictures.\n"
    );
    for (service, models) in rows {
        text += &format!("{service}\n");
        models.iter().for_each(|(name, figures)| text += &format!("{name}\t{figures}\n"));
    }
    Ok(fs::write(TABLE, text)?)
}

/// The id under which models of this service are asked: some are listed by the wire that they take.
fn known_as(service: &str) -> &str {
    match service {
        "bedrock_converse" => "bedrock",
        _ if service.starts_with("vertex_ai-") => "vertex_ai",
        _ => service,
    }
}

/// The columns after the name, empty where nothing is known.
fn figures(model: &Value) -> String {
    let tokens = |key: &str| model[key].as_u64().filter(|tokens| *tokens > 0);
    let window = tokens("max_input_tokens");
    // An output that may be as long as the window has no limit of its own.
    let output = tokens("max_output_tokens").filter(|output| window.is_none_or(|window| *output < window));
    let price = |key: &str| match model[key].as_f64() {
        Some(dollars) => {
            format!("{:.6}", dollars * 1e6).trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        None => String::new(),
    };
    let prices = ["input_cost_per_token", "cache_read_input_token_cost", "output_cost_per_token"].map(price);
    let [window, output] =
        [window, output].map(|tokens| tokens.map(|count| count.to_string()).unwrap_or_default());
    let sees = if model["supports_vision"] == Value::Bool(true) { "sees" } else { "" };
    format!("{window}\t{output}\t{}\t{sees}", prices.join("\t"))
}
