//! Finds the service behind a model's id, as in `groq/llama-3.3-70b-versatile`.
//!
//! Ids, addresses and the names of key variables are those that LiteLLM's users know. Environment variables are read
//! here and nowhere else: everything below gets its settings from its caller.

mod table;

use crate::{openai::OpenAiModel, prices, remote::SecretString};
use reqwest::Url;
use serde_json::Value;
use smol_core::model::{Model, ModelError, ModelInfo, Price};
use std::sync::Arc;
use table::{PROVIDERS, Provider};

/// Services that answer in JSON of a given schema with every model they have, by their own words.
const KEEP_TO_SCHEMAS: [&str; 5] = ["cerebras", "fireworks_ai", "hosted_vllm", "openai", "vllm"];
/// Below this likeness, from 0 to 1, another provider's name is no help.
const ALIKE: f64 = 0.75;

/// What a caller may say about the service, besides the model's id.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The address of an OpenAI-compatible server, up to its `/v1`. It replaces the provider's own.
    pub api_base: Option<String>,
    /// The key, instead of the one in the provider's variable.
    pub api_key: Option<SecretString>,
}

/// The model of this id, `provider/model`.
///
/// With an `api_base`, an id that begins with no known provider is a model of that server. The address and the key may
/// also come from the environment: `GROQ_API_BASE` for `groq`, and the key from the provider's own variable. A server on
/// this machine needs no key. A key from the environment goes to no server that the id does not name.
pub fn model(id: &str, options: Options) -> Result<Arc<dyn Model>, ModelError> {
    Ok(Arc::new(resolve(id, options, |name| std::env::var(name).ok())?))
}

fn resolve(
    id: &str,
    options: Options,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<OpenAiModel, ModelError> {
    let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    let Some((provider, name)) = split(id) else {
        let base = options.api_base.ok_or_else(|| unknown(id))?;
        let model = OpenAiModel::new(id).known_as(id, None).api_base(base);
        return Ok(with_key(model, options.api_key));
    };
    let base_variable = format!("{}_API_BASE", provider.id.to_uppercase());
    let known = Some(provider.base.to_owned()).filter(|base| !base.is_empty());
    let base = options.api_base.or_else(|| variable(&base_variable)).or(known);
    let base = base.ok_or_else(|| no_base(provider, &base_variable))?;
    let key_variables = key_variables(provider);
    let key = options
        .api_key
        .or_else(|| key_variables.iter().find_map(|name| variable(name)).map(SecretString::from));
    if key.is_none() && !provider.keys.is_empty() && !is_here(&base) {
        return Err(no_key(provider));
    }
    let model = OpenAiModel::new(name)
        .known_as(id, key_variables.first().map(String::as_str))
        .describe(info(provider, id));
    let without = provider.refuses.iter().map(|field| ((*field).to_owned(), Value::Null)).collect();
    Ok(with_key(model.api_base(base).extra_body(without), key))
}

/// The provider that an id begins with, and the rest.
fn split(id: &str) -> Option<(&'static Provider, &str)> {
    let (prefix, name) = id.split_once('/')?;
    let provider = PROVIDERS.iter().find(|provider| provider.id == prefix)?;
    Some((provider, name))
}

/// The id of the provider that an id begins with, and the model's own name.
pub(crate) fn parts(id: &str) -> Option<(&'static str, &str)> {
    split(id).map(|(provider, name)| (provider.id, name))
}

/// What is known of the model of this id before it is asked.
fn info(provider: &Provider, id: &str) -> ModelInfo {
    let card = prices::find(id).unwrap_or_default();
    let price = card.input_price.zip(card.output_price).map(|(input, output)| Price {
        input,
        cached_input: card.cached_input_price,
        output,
    });
    let structured_output = KEEP_TO_SCHEMAS.contains(&provider.id);
    ModelInfo { context_window: card.context_window, price, structured_output, ..ModelInfo::default() }
}

/// Where a key may be found. A provider that needs none may still be given one.
fn key_variables(provider: &Provider) -> Vec<String> {
    let own = [format!("{}_API_KEY", provider.id.to_uppercase())];
    if provider.keys.is_empty() {
        own.into()
    } else {
        provider.keys.iter().map(|name| (*name).to_owned()).collect()
    }
}

fn with_key(model: OpenAiModel, key: Option<SecretString>) -> OpenAiModel {
    match key {
        Some(key) => model.api_key(key),
        None => model,
    }
}

/// Whether the address is on this machine.
fn is_here(base: &str) -> bool {
    let host = Url::parse(base).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn no_base(provider: &Provider, base_variable: &str) -> ModelError {
    ModelError::Setup {
        message: format!("`{}` has no fixed address", provider.id),
        hint: format!("give its server's as the API base, or set `{base_variable}`"),
    }
}

fn no_key(provider: &Provider) -> ModelError {
    let names: Vec<String> = provider.keys.iter().map(|name| format!("`{name}`")).collect();
    ModelError::Setup {
        message: format!("`{}` needs an API key, and none was given", provider.id),
        hint: format!("set {}", names.join(" or ")),
    }
}

fn unknown(id: &str) -> ModelError {
    let Some((prefix, _)) = id.split_once('/') else {
        return ModelError::Setup {
            message: format!("the model `{id}` names no provider"),
            hint: format!("write it as `openai/{id}`, or give the API base of the server that has it"),
        };
    };
    let mut alike: Vec<(f64, &str)> =
        PROVIDERS.iter().map(|provider| (strsim::jaro_winkler(prefix, provider.id), provider.id)).collect();
    alike.retain(|(likeness, _)| *likeness >= ALIKE);
    alike.sort_by(|one, other| other.0.total_cmp(&one.0));
    let names: Vec<String> = alike.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
    let hint = if names.is_empty() {
        format!("a model of the Hub is `huggingface/{id}`; a server of your own needs its API base")
    } else {
        format!("did you mean {}?", names.join(" or "))
    };
    ModelError::Setup { message: format!("no provider is called `{prefix}`, as in the model `{id}`"), hint }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENVIRONMENT: &[(&str, &str)] = &[
        ("OPENAI_API_KEY", "sk-openai-canary"),
        ("GROQ_API_KEY", " "),
        ("HUGGINGFACE_API_KEY", "hf-second-name"),
        ("LM_STUDIO_API_BASE", "http://10.0.0.2:1234/v1"),
    ];

    fn variable(name: &str) -> Option<String> {
        ENVIRONMENT.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    fn options(api_base: &str, api_key: &str) -> Options {
        let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Options { api_base: given(api_base), api_key: given(api_key).map(SecretString::from) }
    }

    #[test]
    fn an_id_leads_to_an_address_a_model_and_a_key() {
        #[track_caller]
        fn check(id: &str, options: Options, base: &str, name: &str, key: Option<&str>) {
            let model = resolve(id, options, variable).unwrap();
            let (found_base, found_name, found_key) = model.parts();
            assert_eq!((found_base, found_name, found_key), (base, name, key), "{id}");
            assert_eq!(model.id(), id);
        }
        let openai = Some("sk-openai-canary");
        check("openai/gpt-4o", options("", ""), "https://api.openai.com/v1", "gpt-4o", openai);
        check("openai/gpt-4o", options("", "mine"), "https://api.openai.com/v1", "gpt-4o", Some("mine"));
        check("openai/a/b", options("http://h/v1", ""), "http://h/v1", "a/b", openai);
        check("ollama/qwen3:4b", options("", ""), "http://localhost:11434/v1", "qwen3:4b", None);
        check("lm_studio/m", options("", ""), "http://10.0.0.2:1234/v1", "m", None);
        check("lm_studio/m", options("http://h/v1", "k"), "http://h/v1", "m", Some("k"));
        check(
            "huggingface/Qwen/Qwen3",
            options("", ""),
            "https://router.huggingface.co/v1",
            "Qwen/Qwen3",
            Some("hf-second-name"),
        );
        check("groq/m", options("http://127.0.0.1:9/v1", ""), "http://127.0.0.1:9/v1", "m", None);
        check("groq/m", options("http://[::1]:9/v1", ""), "http://[::1]:9/v1", "m", None);
        check(
            "Qwen/Qwen3",
            options("https://example.org/v1", ""),
            "https://example.org/v1",
            "Qwen/Qwen3",
            None,
        );
        check(
            "gpt-4o",
            options("https://example.org/v1", "mine"),
            "https://example.org/v1",
            "gpt-4o",
            Some("mine"),
        );
    }

    #[test]
    fn what_is_known_of_a_model_comes_with_it() {
        let info = |id| resolve(id, options("", "key"), variable).unwrap().info();
        let known = info("openai/gpt-4o");
        assert_eq!((known.context_window, known.structured_output), (Some(128_000), true));
        assert_eq!(known.price, Some(Price { input: 2.5, cached_input: Some(1.25), output: 10.0 }));
        assert_eq!(info("groq/no-such-model"), ModelInfo::default());
        let services: Vec<&str> = PROVIDERS.iter().map(|provider| provider.id).collect();
        assert!(KEEP_TO_SCHEMAS.iter().all(|service| services.contains(service)));
    }

    #[test]
    fn what_is_missing_is_named() {
        #[track_caller]
        fn check(id: &str, options: Options, expect: &str) {
            assert_eq!(resolve(id, options, variable).unwrap_err().to_string(), expect);
        }
        check(
            "groq/m",
            options("", ""),
            "`groq` needs an API key, and none was given\n\nhint: set `GROQ_API_KEY`",
        );
        check(
            "gemini/m",
            options("https://127.0.0.1.example.org", ""),
            "`gemini` needs an API key, and none was given\n\nhint: set `GEMINI_API_KEY` or `GOOGLE_API_KEY`",
        );
        check(
            "hosted_vllm/m",
            options("", ""),
            "`hosted_vllm` has no fixed address\n\nhint: give its server's as the API base, or set `HOSTED_VLLM_API_BASE`",
        );
        check(
            "opnai/gpt-4o",
            options("", ""),
            "no provider is called `opnai`, as in the model `opnai/gpt-4o`\n\nhint: did you mean `openai`?",
        );
        check(
            "Zzz/model",
            options("", ""),
            "no provider is called `Zzz`, as in the model `Zzz/model`\n\nhint: a model of the Hub is `huggingface/Zzz/model`; a server of your own needs its API base",
        );
        check(
            "gpt-4o",
            options("", ""),
            "the model `gpt-4o` names no provider\n\nhint: write it as `openai/gpt-4o`, or give the API base of the server that has it",
        );
    }

    #[test]
    fn the_table_is_sorted_and_its_addresses_work() {
        assert!(PROVIDERS.is_sorted_by(|one, other| one.id < other.id));
        for provider in PROVIDERS.iter().filter(|provider| !provider.base.is_empty()) {
            assert!(
                Url::parse(provider.base)
                    .is_ok_and(|url| url.path().len() != 1 || provider.id == "perplexity"),
                "{provider:?}"
            );
            assert_eq!(provider.keys.is_empty(), is_here(provider.base), "{provider:?}");
        }
    }
}
