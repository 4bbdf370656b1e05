//! Finds the service behind a model's id, as in `groq/llama-3.3-70b-versatile`.
//!
//! Ids, addresses and the names of key variables are those that LiteLLM's users know. Environment variables are read
//! here and by constructors called `from_env`: everything below gets its settings from its caller. A key from the environment goes to no
//! server that the id, or the caller, does not name.

mod error;
mod names;
mod resolve;
mod table;
#[cfg(test)]
mod tests;
mod wires;

pub use resolve::Options;
pub use table::{Provider, Providers, Wire};

pub(crate) use names::maker;

use crate::{dialect::Dialect, prices, remote::RemoteModel};
use smol_core::model::{ModelError, ModelInfo, Price};
use std::sync::Arc;

/// A model of any service, found by its id: what the original calls a LiteLLM model.
pub type LiteLLMModel = RemoteModel<Arc<dyn Dialect>>;

impl LiteLLMModel {
    /// The model of this id, with the key and the address that the environment gives: [`model`] without options.
    ///
    /// # Errors
    /// As [`model`].
    pub fn from_env(id: &str) -> Result<Self, ModelError> {
        model(id, Options::default())
    }
}

/// The model of this id, `provider/model`, among the services that come with this crate.
///
/// The service is the one that `options` name, else the one that the id begins with, else the one whose address
/// `api_base` is, else the one that makes the model of this name. With an `api_base`, an id that tells of no service is a
/// model of that server. The address and the key may also come from the environment: `GROQ_API_BASE` for `groq`, and the
/// key from the provider's own variable. A server on this machine needs no key.
///
/// # Errors
/// [`ModelError::Setup`] where no service is found, or its address or key is missing.
pub fn model(id: &str, options: Options) -> Result<LiteLLMModel, ModelError> {
    Providers::known()?.model(id, options)
}

impl Providers {
    /// As [`model`], among these.
    ///
    /// # Errors
    /// As [`model`].
    pub fn model(&self, id: &str, options: Options) -> Result<LiteLLMModel, ModelError> {
        self.resolve(id, options, &|name| std::env::var(name).ok())
    }
}

/// The id of the provider that an id begins with, and the model's own name.
pub(crate) fn parts(id: &str) -> Option<(String, &str)> {
    let known = table::known()?;
    known.split(id).map(|(provider, name)| (provider.id.clone(), name))
}

/// What is known of the model `name` of a service before it is asked.
pub(crate) fn info(provider: &Provider, name: &str) -> ModelInfo {
    let card = prices::find_at(&provider.id, name).unwrap_or_default();
    let price = card.input_price.zip(card.output_price);
    let price = price.map(|(input, output)| Price { input, cached_input: card.cached_input_price, output });
    ModelInfo {
        context_window: card.context_window,
        price,
        vision: card.vision,
        structured_output: provider.keeps_schemas,
        ..ModelInfo::default()
    }
}
