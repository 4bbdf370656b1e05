//! The documentation page of something shared, made of what its files say.

use super::{LoadedAgent, LoadedTool, check::Example, tool::Source};
use serde_json::Value;
use smol_hub::folder::Readme;
use std::fmt::Write;

/// What stands around the part of `README.md` that is made.
const BEGIN: &str = "<!-- made by `smolagent hub check`: begin -->";
const END: &str = "<!-- end -->";

impl LoadedTool {
    /// Its `README.md` with the documentation made anew; what people wrote around it stays.
    ///
    /// # Errors
    /// [`super::ShareError::Hub`] where `README.md` or `examples.json` is broken.
    pub fn page(&self) -> Result<String, super::ShareError> {
        let mut text = String::new();
        document(&mut text, &self.source, &self.examples()?, true);
        packages(&mut text, &self.requirements().to_string());
        finish(self.folder.others.text("README.md")?, "tool", &text)
    }
}

impl LoadedAgent {
    /// Its `README.md` with the documentation made anew; what people wrote around it stays.
    ///
    /// # Errors
    /// [`super::ShareError::Hub`] where `README.md` or `examples.json` is broken.
    pub fn page(&self) -> Result<String, super::ShareError> {
        let file = &self.folder().file;
        let mut text = format!("# {}\n\n", cell(file.name.as_deref().unwrap_or("An agent")));
        if let Some(description) = &file.description {
            let _ = write!(text, "{description}\n\n");
        }
        let model = file.model.model_id().unwrap_or("no model of its own");
        let _ = write!(text, "A `{}` that asks `{model}`.\n\n", file.class);
        for (_, source) in self.sources() {
            document(&mut text, source, &self.examples()?, false);
        }
        packages(&mut text, &self.requirements().to_string());
        finish(self.folder().others.text("README.md")?, "agent", &text)
    }
}

fn document(text: &mut String, source: &Source, examples: &[Example], is_alone: bool) {
    let level = if is_alone { "#" } else { "##" };
    let Source::Python(source) = source else {
        if let Source::Original(name) = source {
            let _ = write!(text, "{level} {name}\n\nThe default tool of this name.\n\n");
        }
        return;
    };
    let _ = write!(text, "{level} {}\n\n{}\n\n", source.name, source.description);
    if !source.inputs.is_empty() {
        text.push_str("| argument | type | may be left out | meaning |\n|---|---|---|---|\n");
    }
    for (name, input) in &source.inputs {
        let kind = input.get("type").map_or_else(
            || "any".to_owned(),
            |kind| kind.as_str().map_or_else(|| kind.to_string(), str::to_owned),
        );
        let optional = if input.get("nullable").is_some() { "yes" } else { "no" };
        let words = input.get("description").and_then(Value::as_str).unwrap_or_default();
        let _ = writeln!(text, "| `{name}` | {} | {optional} | {} |", cell(&kind), cell(words));
    }
    let _ = write!(text, "\nIt gives: {}.\n\n", source.output_type);
    if !source.reach.is_empty() {
        let reach: Vec<String> = source.reach.iter().map(ToString::to_string).collect();
        let _ =
            write!(text, "Its code could reach for {}, where its sandbox has that.\n\n", reach.join(", "));
    }
    for example in
        examples.iter().filter(|example| example.tool.as_deref().map_or(is_alone, |name| name == source.name))
    {
        let arguments = Value::Object(example.arguments.clone());
        let result = example.result.as_ref().map(|result| format!(" gives `{result}`")).unwrap_or_default();
        let _ = write!(text, "Example: `{}({arguments})`{result}\n\n", source.name);
    }
}

fn packages(text: &mut String, packages: &str) {
    if !packages.is_empty() {
        let _ = write!(text, "Python packages: {packages}\n\n");
    }
}

/// A text in one cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Puts the made part into the page that there is.
fn finish(there: Option<&str>, kind: &str, text: &str) -> Result<String, super::ShareError> {
    let mut page = Readme::read(there.unwrap_or_default())?;
    page.tag(&["smolagents", kind]);
    let made = format!("{BEGIN}\n\n{}\n\n{END}", text.trim_end());
    let parts =
        page.body.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    page.body = match parts {
        Some((before, after)) => format!("{before}{made}{after}"),
        None if page.body.trim().is_empty() => made + "\n",
        None => format!("{}\n\n{made}\n", page.body.trim_end()),
    };
    Ok(page.text()?)
}
