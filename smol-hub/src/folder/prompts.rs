//! `prompts.yaml`: the words of an agent, as templates.

use crate::HubError;
use serde_json::{Map, Value};

/// The templates of an agent by name: `system_prompt` is a text, `planning`, `managed_agent` and `final_answer` hold
/// several. Whatever else a file holds is kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prompts(pub Map<String, Value>);

/// Longer files are not read, in bytes.
const LONGEST: usize = 1 << 20;

impl Prompts {
    /// Reads a `prompts.yaml`.
    ///
    /// # Errors
    /// [`HubError::Format`].
    pub fn read(text: &str) -> Result<Self, HubError> {
        let wrong = |cause: &dyn std::fmt::Display| HubError::format("prompts.yaml", cause);
        if text.len() > LONGEST {
            return Err(wrong(&format!("it has {} bytes, and at most {LONGEST} are read", text.len())));
        }
        match serde_saphyr::from_str(text).map_err(|cause| wrong(&cause))? {
            Value::Object(entries) => Ok(Self(entries)),
            Value::Null => Ok(Self::default()),
            _ => Err(wrong(&"it should hold templates by name")),
        }
    }

    /// The names of the templates, in their order.
    pub fn keys(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// The text of the file: several lines are a block, as people write them.
    pub(super) fn text(&self) -> Result<String, HubError> {
        serde_saphyr::to_string(&self.0).map_err(|cause| HubError::format("prompts.yaml", &cause))
    }
}
