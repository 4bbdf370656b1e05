//! The wire of a service, set up the way it departs from it.

use super::{Options, Provider};
use crate::{dialect::Dialect, openai::OpenAiChat};
use smol_core::model::ModelError;
use std::sync::Arc;

/// How this service is spoken to.
pub(super) fn dialect(
    provider: &Provider,
    options: &Options,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Arc<dyn Dialect>, ModelError> {
    let _ = (options, variable);
    Ok(Arc::new(chat(provider)))
}

fn chat(provider: &Provider) -> OpenAiChat {
    OpenAiChat {
        limit_field: provider.limit_field.clone(),
        returns_reasoning: provider.returns_reasoning,
        refuses_required: provider.refuses_required,
        text_only: provider.text_only,
        key_header: provider.key_header.clone(),
    }
}
