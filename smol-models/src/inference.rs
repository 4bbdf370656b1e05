//! Models of the Hugging Face Hub, through its router.
//!
//! The router speaks OpenAI's chat completions at `https://router.huggingface.co/v1`; a model's id may end in the
//! service that is to answer, as in `deepseek-ai/DeepSeek-R1:together`, or in `:fastest` and `:cheapest`
//! (<https://huggingface.co/docs/inference-providers>).

use crate::{
    dialect::{Dialect, Speaks},
    openai::OpenAiChat,
    remote::{RemoteModel, SecretString},
};
use std::time::Duration;

const BASE: &str = "https://router.huggingface.co/v1";
/// What the original asks when no model is named.
const DEFAULT_MODEL: &str = "Qwen/Qwen3-Next-80B-A3B-Thinking";
/// Seconds to the first token, as in the original.
const PATIENCE: Duration = Duration::from_secs(120);
/// The header that names the organisation that pays.
const BILL_TO: &str = "X-HF-Bill-To";

/// The router's wire.
#[derive(Debug, Clone, Default)]
pub struct HfRouter(OpenAiChat);

/// A model of the Hub, answered by one of the services behind its router.
///
/// ```
/// use smol_models::inference::InferenceClientModel;
///
/// let model = InferenceClientModel::new("deepseek-ai/DeepSeek-R1").provider("together").token("hf_…");
/// ```
pub type InferenceClientModel = RemoteModel<HfRouter>;

impl Default for InferenceClientModel {
    fn default() -> Self {
        Self::new(DEFAULT_MODEL)
    }
}

impl InferenceClientModel {
    /// The model of this id on the Hub. An id that is an address, `https://…`, is an endpoint of your own.
    pub fn new(model: impl Into<String>) -> Self {
        let model = model.into();
        let (name, base) = match model.contains("://") {
            true => ("tgi".to_owned(), model.clone()),
            false => (model.clone(), BASE.to_owned()),
        };
        Self::with_dialect(HfRouter::default(), name, base)
            .known_as(&model, Some("HF_TOKEN"))
            .timeouts(PATIENCE, PATIENCE)
    }

    /// The model of this id with what the environment says: the token in `HF_TOKEN`, and the address in
    /// `HF_INFERENCE_ENDPOINT`.
    pub fn from_env(model: impl Into<String>) -> Self {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
        Self::new(model).with_environment(variable)
    }

    fn with_environment(self, variable: impl Fn(&'static str) -> Option<String>) -> Self {
        let model = match variable("HF_INFERENCE_ENDPOINT") {
            Some(base) if self.is_at(BASE) => self.api_base(base),
            _ => self,
        };
        match variable("HF_TOKEN") {
            Some(token) => model.token(token),
            None => model,
        }
    }

    /// The service that is to answer, such as `together`, in place of one that the id names; `auto` leaves it to
    /// the router.
    pub fn provider(mut self, name: impl Into<String>) -> Self {
        let (asked, model) = (name.into(), self.name_mut());
        model.truncate(model.find(':').unwrap_or(model.len()));
        if asked != "auto" {
            model.push_str(&format!(":{asked}"));
        }
        self
    }

    /// A token of the Hub.
    pub fn token(self, token: impl Into<SecretString>) -> Self {
        self.api_key(token)
    }

    /// The organisation that pays.
    pub fn bill_to(self, organisation: impl Into<String>) -> Self {
        self.header(BILL_TO, organisation.into())
    }
}

impl Speaks for HfRouter {
    fn wire(&self) -> &dyn Dialect {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use smol_core::model::Model;

    #[test]
    fn the_environment_gives_what_is_missing() {
        let none = |_: &'static str| None;
        let all = |name: &'static str| Some(format!("http://127.0.0.1/{name}"));
        let router = InferenceClientModel::new("a/b").with_environment(all);
        assert_eq!(
            router.parts(),
            ("http://127.0.0.1/HF_INFERENCE_ENDPOINT", "a/b", Some("http://127.0.0.1/HF_TOKEN"))
        );
        let own = InferenceClientModel::new("https://h/v1").with_environment(all);
        assert_eq!(own.parts(), ("https://h/v1", "tgi", Some("http://127.0.0.1/HF_TOKEN")));
        let plain = InferenceClientModel::default().with_environment(none);
        assert_eq!((plain.parts(), plain.id()), ((BASE, DEFAULT_MODEL, None), DEFAULT_MODEL));
    }

    #[test]
    fn the_service_is_named_after_the_model() {
        #[track_caller]
        fn check(id: &str, providers: &[&str], expect: &str) {
            let model = InferenceClientModel::new(id);
            let model = providers.iter().fold(model, |model, provider| model.provider(*provider));
            assert_eq!((model.parts().1, model.id()), (expect, id));
        }
        check("a/b", &["together"], "a/b:together");
        check("a/b", &["auto"], "a/b");
        check("a/b", &["together", "groq"], "a/b:groq");
        check("a/b:fastest", &["together"], "a/b:together");
    }
}
