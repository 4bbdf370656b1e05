//! Doc comments as a model is to read them: what stands before the first heading is the description, and a list
//! of arguments, in Rust's or in Python's manner, gives each argument its words.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// A doc comment, read.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Documentation {
    /// All that stands before the first section.
    pub(crate) description: String,
    /// Name and description, in the order written.
    pub(crate) arguments: Vec<(String, String)>,
}

/// The text of the doc comments among `attributes`, one line a line, without their leading space.
pub(crate) fn doc_text(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let lines: Vec<_> =
        lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned()).collect();
    lines.join("\n").trim().to_owned()
}

/// Where a line stands.
enum Section {
    Description,
    /// With the margin of its first entry, once that is known: what is indented otherwise goes on with an entry.
    Arguments(Option<String>),
    Other,
}

impl Documentation {
    /// Reads the text of a doc comment.
    pub(crate) fn read(text: &str) -> Self {
        let mut documentation = Self::default();
        let mut section = Section::Description;
        for line in text.lines() {
            match section_of_heading(line.trim_end()) {
                Some(opened) => section = opened,
                None => documentation.push(line, &mut section),
            }
        }
        documentation.description = documentation.description.trim().to_owned();
        documentation
    }

    fn push(&mut self, line: &str, section: &mut Section) {
        match section {
            Section::Description => self.description.push_str(&format!("{line}\n")),
            Section::Arguments(margin) => self.push_argument(line, margin),
            Section::Other => {}
        }
    }

    fn push_argument(&mut self, line: &str, margin: &mut Option<String>) {
        if let Some((own_margin, name, words)) = entry(line)
            && *margin.get_or_insert_with(|| own_margin.to_owned()) == own_margin
        {
            self.arguments.push((name.to_owned(), words.to_owned()));
        } else if let Some((_, words)) = self.arguments.last_mut() {
            *words = format!("{words} {}", line.trim()).trim().to_owned();
        }
    }
}

fn section_of_heading(line: &str) -> Option<Section> {
    let title = line.trim_start_matches('#').trim();
    let is_heading = line.starts_with('#') && line.trim_start_matches('#').starts_with(' ');
    match (title, is_heading) {
        ("Arguments" | "Parameters" | "Args", true) | ("Args:" | "Arguments:", _) => {
            Some(Section::Arguments(None))
        }
        ("Returns:" | "Raises:", _) | (_, true) => Some(Section::Other),
        _ => None,
    }
}

/// Margin, name and words of a line such as ``* `city` - where``, `- city: where` or `    city (str): where`.
fn entry(line: &str) -> Option<(&str, &str, &str)> {
    let start = line.find(|letter: char| !" *-".contains(letter))?;
    let (margin, rest) = line.split_at(start);
    let (head, words) =
        rest.split_once(": ").or_else(|| rest.split_once(" - ")).or_else(|| rest.split_once(" – "))?;
    let name = head.split_once(" (").map_or(head, |(name, _type)| name).trim_matches(['`', ' ', '*']);
    let is_name = !name.is_empty() && name.chars().all(|letter| letter == '_' || letter.is_alphanumeric());
    is_name.then(|| (margin, name, words.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, description: &str, arguments: &[(&str, &str)]) {
        let arguments =
            arguments.iter().map(|(name, words)| ((*name).to_owned(), (*words).to_owned())).collect();
        let expected = Documentation { description: description.to_owned(), arguments };
        assert_eq!(Documentation::read(text), expected, "{text}");
    }

    #[test]
    fn reads_rust_and_python_manners() {
        check("Adds.", "Adds.", &[]);
        check("Adds.\n\nSlowly.", "Adds.\n\nSlowly.", &[]);
        check("Adds.\n\n# Errors\nNever: ever.", "Adds.", &[]);
        check("#1 of all: adds", "#1 of all: adds", &[]);
        check(
            "Adds.\n\n# Arguments\n\n* `a` - the first\n* `b`: the second,\n  which: is last\n\n# Panics\nNo.",
            "Adds.",
            &[("a", "the first"), ("b", "the second, which: is last")],
        );
        check(
            "Adds.\n\nArgs:\n    a (int): the first\n        note: not zero\n    b: the second\n\nReturns:\n    it: all",
            "Adds.",
            &[("a", "the first note: not zero"), ("b", "the second")],
        );
        check("Adds.\n# Arguments\n- a: one\n- b: two", "Adds.", &[("a", "one"), ("b", "two")]);
        check("Adds.\n# Parameters\nno entry here", "Adds.", &[]);
    }
}
