//! Who can be asked, as data: `providers.toml`, and what users add to it.

use serde::Deserialize;
use serde_json::{Map, Value};
use smol_core::model::ModelError;
use std::{collections::BTreeMap, sync::LazyLock};

static KNOWN: LazyLock<Result<Providers, ModelError>> = LazyLock::new(|| {
    let rows = read(include_str!("providers.toml"), "the table of providers")?;
    Ok(Providers { rows })
});

/// The same as [`Providers::known`], where a table that cannot be read is none.
pub(super) fn known() -> Option<&'static Providers> {
    KNOWN.as_ref().ok()
}

/// Which wire a service speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Wire {
    /// OpenAI's chat completions ([`crate::openai`]).
    #[default]
    Openai,
    /// OpenAI's responses.
    Responses,
    /// Anthropic's messages.
    Anthropic,
    /// Azure's form of OpenAI's chat completions.
    Azure,
    /// Amazon Bedrock's converse.
    Bedrock,
    /// Cohere's chat, version 2.
    Cohere,
    /// Google AI Studio.
    Gemini,
    /// Ollama's own chat.
    Ollama,
    /// Google's Vertex AI.
    Vertex,
}

/// A service.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Provider {
    /// What stands before the slash of a model's id.
    #[serde(skip)]
    pub id: String,
    /// Its wire.
    pub dialect: Wire,
    /// Its address, in which `{NAME}` stands for a variable; empty where there is none that would fit everybody.
    pub base: String,
    /// The variable that replaces the address, where it is not the id in capitals and `_API_BASE`.
    pub base_variable: Option<String>,
    /// The variables that may hold its key, best first. None: it needs no key.
    pub keys: Vec<String>,
    /// The header for the bare key, where it is no bearer token.
    pub key_header: Option<String>,
    /// How its keys begin, and no one else's.
    pub key_prefix: Option<String>,
    /// What the limit of a reply is called, where the model's name does not tell.
    pub limit_field: Option<String>,
    /// A message may only be text, not a list of parts.
    pub text_only: bool,
    /// A turn that called tools must come back with its reasoning.
    pub returns_reasoning: bool,
    /// It cannot be told that a tool must be called.
    pub refuses_required: bool,
    /// It keeps to a given schema with every model it has, by its own word.
    pub keeps_schemas: bool,
    /// Fields of a request that it refuses.
    pub refuses: Vec<String>,
    /// Fields of every request.
    pub extra_body: Map<String, Value>,
}

impl Provider {
    /// The variable that may hold another address.
    pub fn base_variable(&self) -> String {
        let usual = || format!("{}_API_BASE", capitals(&self.id));
        self.base_variable.clone().unwrap_or_else(usual)
    }

    /// Where a key may be found. A service that needs none may still be given one.
    pub fn key_variables(&self) -> Vec<String> {
        if self.keys.is_empty() { vec![format!("{}_API_KEY", capitals(&self.id))] } else { self.keys.clone() }
    }
}

fn capitals(id: &str) -> String {
    id.to_uppercase().replace(['-', '.'], "_")
}

/// The services that model ids may name.
#[derive(Debug, Clone, PartialEq)]
pub struct Providers {
    rows: BTreeMap<String, Provider>,
}

impl Providers {
    /// Those that come with this crate.
    ///
    /// # Errors
    /// Never, as its tests show.
    pub fn known() -> Result<Self, ModelError> {
        KNOWN.clone()
    }

    /// With those in a TOML text: a table each, named by its id, with the fields of [`Provider`]. One of the same id
    /// replaces what was known.
    ///
    /// ```
    /// # fn main() -> Result<(), smol_core::model::ModelError> {
    /// use smol_models::provider::Providers;
    ///
    /// let ours = Providers::known()?.with_toml("[ours]\nbase = 'https://llm.example.org/v1'\nkeys = ['OUR_KEY']")?;
    /// assert_eq!(ours.get("ours").map(|provider| provider.keys.len()), Some(1));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The text is no such TOML.
    pub fn with_toml(mut self, text: &str) -> Result<Self, ModelError> {
        self.rows.extend(read(text, "a table of your own providers")?);
        Ok(self)
    }

    /// With this one, in the place of what was known by its id.
    pub fn with(mut self, id: impl Into<String>, provider: Provider) -> Self {
        let id = id.into();
        self.rows.insert(id.clone(), Provider { id, ..provider });
        self
    }

    /// The service of this id.
    pub fn get(&self, id: &str) -> Option<&Provider> {
        self.rows.get(id)
    }

    /// All, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.rows.values()
    }

    /// The service that an id begins with, and the rest of the id.
    pub(super) fn split<'a>(&self, id: &'a str) -> Option<(&Provider, &'a str)> {
        let (prefix, name) = id.split_once('/')?;
        Some((self.get(prefix)?, name))
    }
}

fn read(text: &str, what: &str) -> Result<BTreeMap<String, Provider>, ModelError> {
    let mut rows: BTreeMap<String, Provider> = toml::from_str(text).map_err(|error| ModelError::Setup {
        message: format!("{what} cannot be read: {error}"),
        hint: "write a table for each, such as `[ours]` with `base = \"https://llm.example.org/v1\"`"
            .to_owned(),
    })?;
    for (id, row) in &mut rows {
        row.id.clone_from(id);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::resolve::is_here;
    use reqwest::Url;

    #[test]
    fn the_addresses_of_the_table_work() {
        let known = Providers::known().unwrap();
        assert!(known.iter().count() > 100);
        for provider in known.iter().filter(|provider| !provider.base.is_empty()) {
            let filled = provider.base.replace(['{', '}'], "");
            assert!(
                Url::parse(&filled).is_ok_and(|url| matches!(url.scheme(), "http" | "https")),
                "{provider:?}"
            );
            assert!(
                !provider.keys.is_empty() || is_here(&filled) || provider.dialect == Wire::Vertex,
                "{provider:?}"
            );
        }
    }

    #[test]
    fn users_add_and_replace() {
        let text =
            "[groq]\nbase = 'http://127.0.0.1:9/v1'\n[my-own]\nbase = 'https://h/v1'\ndialect = 'anthropic'";
        let providers = Providers::known().unwrap().with_toml(text).unwrap();
        let (groq, own) = (providers.get("groq").unwrap(), providers.get("my-own").unwrap());
        assert_eq!((groq.base.as_str(), groq.keys.len()), ("http://127.0.0.1:9/v1", 0));
        assert_eq!((own.dialect, own.base_variable()), (Wire::Anthropic, "MY_OWN_API_BASE".to_owned()));
        assert_eq!(own.key_variables(), ["MY_OWN_API_KEY"]);
    }

    #[test]
    fn a_wrong_table_is_explained() {
        #[track_caller]
        fn check(text: &str, expect: &str) {
            let error = Providers::known().unwrap().with_toml(text).unwrap_err().to_string();
            assert!(error.contains(expect) && error.contains("\n\nhint: "), "{error}");
        }
        check("[ours]\nbse = 'x'", "unknown field `bse`");
        check("[ours]\ndialect = 'esperanto'", "unknown variant `esperanto`");
        check("base = 'x'", "a table of your own providers cannot be read");
    }
}
