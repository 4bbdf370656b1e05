//! What code gives that is not text: pictures, tables and bytes, which a program keeps as files and a model is shown.
//! A sandbox gives them as tagged values (see [`crate::exec::Outcome::Value`]).

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

/// A value that stands well in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Such as `image/png`, `text/csv` or `application/octet-stream`.
    pub media_type: &'static str,
    /// What the name of its file ends with, without the dot.
    pub extension: &'static str,
    /// What its file holds.
    pub content: Vec<u8>,
}

impl Artifact {
    /// Those that a value of code is, or holds as a list.
    pub fn all(value: &Value) -> Vec<Self> {
        let items = value.as_array().or_else(|| value.get("items")?.as_array());
        match (Self::one(value), items) {
            (Some(artifact), _) => vec![artifact],
            (None, items) => items.into_iter().flatten().filter_map(Self::one).collect(),
        }
    }

    /// Whether it is a picture of a kind that models see.
    pub fn is_seen(&self) -> bool {
        matches!(self.media_type, "image/png" | "image/jpeg")
    }

    fn one(value: &Value) -> Option<Self> {
        let (media_type, extension) = match (kind(value)?, value.get("format").and_then(Value::as_str)) {
            ("image", Some("png")) => ("image/png", "png"),
            ("image", Some("jpeg")) => ("image/jpeg", "jpg"),
            ("image", Some("svg")) => ("image/svg+xml", "svg"),
            ("bytes", _) => ("application/octet-stream", "bin"),
            ("table", _) => {
                return Some(Self { media_type: "text/csv", extension: "csv", content: csv(value)?.into() });
            }
            _ => return None,
        };
        let content = STANDARD.decode(value.get("base64")?.as_str()?).ok()?;
        Some(Self { media_type, extension, content })
    }
}

fn kind(value: &Value) -> Option<&str> {
    value.get("__type__")?.as_str()
}

/// A table as comma-separated values (RFC 4180), its index first.
fn csv(table: &Value) -> Option<String> {
    let list = |name| table.get(name)?.as_array();
    let (columns, index, rows) = (list("columns")?, list("index")?, list("rows")?);
    let mut text = line(&Value::Null, columns);
    for (name, row) in index.iter().zip(rows) {
        text.push_str(&line(name, row.as_array()?));
    }
    Some(text)
}

fn line(first: &Value, rest: &[Value]) -> String {
    let cells: Vec<String> = std::iter::once(first).chain(rest).map(cell).collect();
    cells.join(",") + "\r\n"
}

fn cell(value: &Value) -> String {
    // Dates, decimals and their like hold their text.
    let text = match value.get("text").unwrap_or(value) {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn images_bytes_and_tables_are_found_alone_and_in_lists() {
        fn check(value: Value, expect: &[(&str, &str)]) {
            let found = Artifact::all(&value);
            let found: Vec<(&str, String)> = found
                .iter()
                .map(|artifact| (artifact.extension, String::from_utf8_lossy(&artifact.content).into_owned()))
                .collect();
            let expect: Vec<(&str, String)> =
                expect.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect();
            assert_eq!(found, expect, "{value}");
        }
        let image = json!({"__type__": "image", "format": "png", "base64": "aGk="});
        let bytes = json!({"__type__": "bytes", "base64": "aGk="});
        let table = json!({"__type__": "table", "columns": ["a", "b,c"], "index": [0, "x\"y"],
            "rows": [[1, null], [{"__type__": "date", "text": "2024-01-01"}, "z"]]});
        let text = ",a,\"b,c\"\r\n0,1,\r\n\"x\"\"y\",2024-01-01,z\r\n";
        check(image.clone(), &[("png", "hi")]);
        check(bytes.clone(), &[("bin", "hi")]);
        check(table.clone(), &[("csv", text)]);
        check(json!([image, 3, table]), &[("png", "hi"), ("csv", text)]);
        check(json!({"__type__": "tuple", "items": [bytes]}), &[("bin", "hi")]);
        for none in [
            json!(null),
            json!("text"),
            json!({"base64": "aGk="}),
            json!({"__type__": "image", "format": "exe", "base64": "aGk="}),
            json!({"__type__": "image", "format": "png", "base64": "?"}),
            json!({"__type__": "table", "columns": 3}),
        ] {
            check(none, &[]);
        }
    }
}
