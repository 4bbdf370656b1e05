//! What is wrong with an id, and what may have been meant.

use super::{Provider, Providers};
use smol_core::model::ModelError;

/// Below this likeness, from 0 to 1, another provider's name is no help.
const ALIKE: f64 = 0.75;

pub(super) fn no_base(provider: &Provider) -> ModelError {
    ModelError::Setup {
        message: format!("`{}` has no fixed address", provider.id),
        hint: format!("give its server's as the API base, or set `{}`", provider.base_variable()),
    }
}

/// A part of the address is to come from the environment.
pub(super) fn no_part(provider: &Provider, variable: &str) -> ModelError {
    ModelError::Setup {
        message: format!("the address of `{}` needs `{variable}`, which is not set", provider.id),
        hint: format!("set `{variable}`, or give the whole address as the API base"),
    }
}

pub(super) fn no_key(provider: &Provider) -> ModelError {
    let names: Vec<String> = provider.keys.iter().map(|name| format!("`{name}`")).collect();
    ModelError::Setup {
        message: format!("`{}` needs an API key, and none was given", provider.id),
        hint: format!("set {}", names.join(" or ")),
    }
}

/// The key belongs to `owner`.
pub(super) fn wrong_key(provider: &Provider, owner: &Provider) -> ModelError {
    ModelError::Setup {
        message: format!("the key given for `{}` is one of `{}`; it was not sent", provider.id, owner.id),
        hint: format!("give a key of `{}`, or ask for `{}/…`", provider.id, owner.id),
    }
}

/// No provider is called `name`, as in the model `id`.
pub(super) fn unknown(providers: &Providers, name: &str, id: &str) -> ModelError {
    let mut alike: Vec<(f64, &str)> = providers
        .iter()
        .map(|provider| (strsim::jaro_winkler(name, &provider.id), provider.id.as_str()))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    alike.sort_by(|one, other| other.0.total_cmp(&one.0));
    let names: Vec<String> = alike.iter().take(3).map(|(_, name)| format!("`{name}`")).collect();
    let hint = if names.is_empty() {
        format!("a model of the Hub is `huggingface/{id}`; a server of your own needs its API base")
    } else {
        format!("did you mean {}?", names.join(" or "))
    };
    ModelError::Setup { message: format!("no provider is called `{name}`, as in the model `{id}`"), hint }
}

/// The id is a bare name that says nothing.
pub(super) fn nameless(id: &str) -> ModelError {
    ModelError::Setup {
        message: format!("the model `{id}` names no provider"),
        hint: format!("write it as `openai/{id}`, or give the API base of the server that has it"),
    }
}
