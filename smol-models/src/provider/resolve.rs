//! From an id to a service, an address and a key.

use super::{
    LiteLLMModel, Provider, Providers,
    error::{nameless, no_base, no_key, no_part, unknown, wrong_key},
    info, names,
    wires::dialect,
};
use crate::remote::SecretString;
use reqwest::Url;
use secrecy::ExposeSecret;
use smol_core::model::ModelError;
use std::net::IpAddr;

/// What a caller may say about the service, besides the model's id.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The service, where the whole id is the model's own name.
    pub provider: Option<String>,
    /// The address of the server, up to its version. It replaces the provider's own.
    pub api_base: Option<String>,
    /// The key, instead of the one in the provider's variable.
    pub api_key: Option<SecretString>,
    /// The version of the interface, where the service has several, as Azure has.
    pub api_version: Option<String>,
}

/// Looks a variable of the environment up.
pub(super) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Providers {
    pub(super) fn resolve(
        &self,
        id: &str,
        options: Options,
        variable: Lookup<'_>,
    ) -> Result<LiteLLMModel, ModelError> {
        let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let Some((provider, name)) = self.find_with(id, &options)? else {
            let base = options.api_base.clone().ok_or_else(|| no_provider(self, id))?;
            let stranger = Provider::default();
            let model = LiteLLMModel::with_dialect(dialect(&stranger, &options, &variable)?, id, base);
            return Ok(with_key(model.known_as(id, None), options.api_key));
        };
        let base = base(provider, &options, &variable)?;
        let variables = provider.key_variables();
        let from_environment = || variables.iter().find_map(|name| variable(name)).map(SecretString::from);
        let key = options.api_key.clone().or_else(from_environment);
        if key.is_none() && needs_key(provider, &variable) && !is_here(&base) {
            return Err(no_key(provider));
        }
        if let Some(owner) = key.as_ref().and_then(|key| self.owner(key))
            && owner.id != provider.id
            && is_same_server(&provider.base, &base)
        {
            return Err(wrong_key(provider, owner));
        }
        let model = LiteLLMModel::with_dialect(dialect(provider, &options, &variable)?, name, base)
            .known_as(id, variables.first().map(String::as_str))
            .describe(info(provider, name))
            .extra_body(extra_body(provider));
        Ok(with_key(model, key))
    }

    /// The service whose keys begin like this one.
    fn owner(&self, key: &SecretString) -> Option<&Provider> {
        let key = key.expose_secret();
        self.iter()
            .find(|provider| provider.key_prefix.as_ref().is_some_and(|prefix| key.starts_with(prefix)))
    }

    /// The service that an id means, and the model's own name there.
    ///
    /// # Errors
    /// [`ModelError::Setup`] where the id tells of no service.
    pub fn find<'a>(&self, id: &'a str) -> Result<(&Provider, &'a str), ModelError> {
        self.find_with(id, &Options::default())?.ok_or_else(|| no_provider(self, id))
    }

    /// The same, with what the caller says. `None`: only the address is known.
    fn find_with<'a>(
        &self,
        id: &'a str,
        options: &Options,
    ) -> Result<Option<(&Provider, &'a str)>, ModelError> {
        if let Some(name) = &options.provider {
            let provider = self.get(name).ok_or_else(|| unknown(self, name, id))?;
            return Ok(Some((provider, id)));
        }
        if let Some(found) = self.split(id) {
            return Ok(Some(found));
        }
        let by_address = |base: &String| self.iter().find(|provider| is_same_server(&provider.base, base));
        let by_name = || names::maker(id).and_then(|maker| self.get(maker));
        Ok(match &options.api_base {
            Some(base) => by_address(base).map(|provider| (provider, id)),
            None => by_name().map(|provider| (provider, id)),
        })
    }
}

fn no_provider(providers: &Providers, id: &str) -> ModelError {
    match id.split_once('/') {
        Some((prefix, _)) => unknown(providers, prefix, id),
        None => nameless(id),
    }
}

/// The address: the caller's, the environment's, or the table's with its blanks filled in.
fn base(
    provider: &Provider,
    options: &Options,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<String, ModelError> {
    if let Some(base) = options.api_base.clone().or_else(|| variable(&provider.base_variable())) {
        return Ok(base);
    }
    let mut base = provider.base.clone();
    if base.is_empty() {
        return Err(no_base(provider));
    }
    while let Some((before, rest)) = base.split_once('{') {
        let Some((name, after)) = rest.split_once('}') else { break };
        let value = variable(name).ok_or_else(|| no_part(provider, name))?;
        base = format!("{before}{value}{after}");
    }
    Ok(base)
}

/// Whether the service answers only to those with a key. Amazon takes a signature, too.
fn needs_key(provider: &Provider, variable: &dyn Fn(&str) -> Option<String>) -> bool {
    let signs = provider.dialect == super::Wire::Bedrock && variable("AWS_ACCESS_KEY_ID").is_some();
    !provider.keys.is_empty() && !signs
}

fn extra_body(provider: &Provider) -> serde_json::Map<String, serde_json::Value> {
    let refused = provider.refuses.iter().map(|field| (field.clone(), serde_json::Value::Null));
    provider.extra_body.clone().into_iter().chain(refused).collect()
}

fn with_key(model: LiteLLMModel, key: Option<SecretString>) -> LiteLLMModel {
    match key {
        Some(key) => model.api_key(key),
        None => model,
    }
}

/// Whether both addresses are of the same public server.
fn is_same_server(known: &str, given: &str) -> bool {
    let server = |address: &str| {
        let url = Url::parse(address).ok()?;
        Some((url.host_str()?.to_owned(), url.port_or_known_default()))
    };
    !is_here(known) && server(known).is_some_and(|known| Some(known) == server(given))
}

/// Whether the address is on this machine.
pub(super) fn is_here(base: &str) -> bool {
    let host = Url::parse(base).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
