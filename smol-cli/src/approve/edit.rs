//! Arguments that a person changes: in an editor, or typed as a line.

use serde_json::Value;
use std::io::Write;
use tokio::process::Command;

/// What stands in `editor` when it is closed. The editor may have arguments of its own (`code --wait`).
pub async fn in_editor(editor: &str, arguments: &Value) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("could not edit with `{editor}`: {error}");
    let mut file = tempfile::Builder::new().suffix(".json").tempfile().map_err(failed)?;
    file.write_all(format!("{arguments:#}\n").as_bytes()).map_err(failed)?;
    let mut words = editor.split_whitespace();
    let mut command = Command::new(words.next().unwrap_or_default());
    let status = command.args(words).arg(file.path()).kill_on_drop(true).status().await.map_err(failed)?;
    if !status.success() {
        return Err(format!("`{editor}` ended with {status}, so nothing is changed"));
    }
    // Many editors write a new file in the old one's place, so it is read by its name.
    std::fs::read_to_string(file.path()).map_err(failed)
}

/// Arguments are an object of names and values.
pub fn arguments(text: &str) -> Result<Value, String> {
    let value = json(text)?;
    if value.is_object() {
        Ok(value)
    } else {
        Err("arguments are an object: `{\"name\": value, …}`".to_owned())
    }
}

/// A value of JSON.
pub fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| format!("that is not JSON: {error}"))
}
