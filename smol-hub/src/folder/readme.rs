//! `README.md` of a repository: a page whose first lines, in YAML between two `---`, tell the Hub what it is
//! (<https://huggingface.co/docs/hub/spaces-config-reference>).

use crate::HubError;
use serde_json::{Map, Value};

/// A page with its front matter. Entries that are not known here stay as they are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Readme {
    /// What the Hub reads.
    pub front: Map<String, Value>,
    /// What people read.
    pub body: String,
}

impl Readme {
    /// Reads a page; one without front matter has none.
    ///
    /// # Errors
    /// [`HubError::Format`].
    pub fn read(text: &str) -> Result<Self, HubError> {
        let wrong = |cause: &dyn std::fmt::Display| HubError::format("README.md", cause);
        let Some((front, body)) = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---")) else {
            return Ok(Self { front: Map::new(), body: text.to_owned() });
        };
        let front = match serde_saphyr::from_str(front).map_err(|cause| wrong(&cause))? {
            Value::Object(front) => front,
            Value::Null => Map::new(),
            _ => return Err(wrong(&"its front matter should hold values by name")),
        };
        Ok(Self { front, body: body.trim_start_matches(['-', '\n', '\r']).to_owned() })
    }

    /// The text of the page.
    ///
    /// # Errors
    /// [`HubError::Format`].
    pub fn text(&self) -> Result<String, HubError> {
        let front =
            serde_saphyr::to_string(&self.front).map_err(|cause| HubError::format("README.md", &cause))?;
        Ok(format!("---\n{}\n---\n\n{}", front.trim_end(), self.body))
    }

    /// Sets an entry, unless there is one.
    pub fn or_set(&mut self, name: &str, value: impl Into<Value>) {
        self.front.entry(name).or_insert_with(|| value.into());
    }

    /// Adds tags that are not there yet.
    pub fn tag(&mut self, tags: &[&str]) {
        let entry = self.front.entry("tags").or_insert_with(|| Value::Array(Vec::new()));
        if !entry.is_array() {
            *entry = Value::Array(Vec::new());
        }
        if let Value::Array(found) = entry {
            let missing: Vec<Value> = tags
                .iter()
                .filter(|tag| !found.iter().any(|other| other == **tag))
                .map(|tag| (*tag).into())
                .collect();
            found.extend(missing);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_known_stays() {
        let mut readme = Readme::read("---\ntitle: T\nlicense: mit\ntags:\n- a\n---\n# Hello\n").unwrap();
        readme.tag(&["smolagents", "a"]);
        readme.or_set("title", "other");
        readme.or_set("sdk", "gradio");
        let again = Readme::read(&readme.text().unwrap()).unwrap();
        assert_eq!(again, readme);
        let expect = json!({"title": "T", "license": "mit", "tags": ["a", "smolagents"], "sdk": "gradio"});
        assert_eq!(Value::Object(again.front), expect);
        assert_eq!(again.body, "# Hello\n");
    }

    #[test]
    fn a_page_without_front_matter_gets_one() {
        let mut readme = Readme::read("# Hello").unwrap();
        readme.tag(&["tool"]);
        assert_eq!(readme.text().unwrap().lines().next(), Some("---"));
        assert!(Readme::read("---\n[1]\n---\n").is_err());
    }
}
