//! Docstrings in Google's form: what a function does, and an `Args:` section with a line for each argument.

use std::collections::HashMap;

/// The words of one docstring.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Docstring {
    pub(super) description: String,
    pub(super) arguments: HashMap<String, String>,
}

#[derive(Clone, Copy, PartialEq)]
enum Section {
    Description,
    Arguments,
    Rest,
}

impl Docstring {
    /// Reads the text between the quotes.
    pub(super) fn read(text: &str) -> Self {
        let mut found = Self::default();
        let (mut section, mut last) = (Section::Description, None);
        for line in dedented(text).lines() {
            section = match line.trim() {
                "Args:" => Section::Arguments,
                "Returns:" | "Raises:" => Section::Rest,
                _ => {
                    found.line(section, line, &mut last);
                    continue;
                }
            };
        }
        found.description = found.description.trim().to_owned();
        found
    }

    fn line(&mut self, section: Section, line: &str, last: &mut Option<String>) {
        match (section, argument(line)) {
            (Section::Description, _) => self.description += &format!("{line}\n"),
            (Section::Arguments, Some((name, words))) => {
                self.arguments.insert(name.to_owned(), words.trim().to_owned());
                *last = Some(name.to_owned());
            }
            (Section::Arguments, None) if !line.trim().is_empty() => {
                if let Some(words) = last.as_ref().and_then(|name| self.arguments.get_mut(name)) {
                    *words = format!("{words} {}", line.trim()).trim().to_owned();
                }
            }
            _ => {}
        }
    }
}

/// `name: words` or `name (type): words`.
fn argument(line: &str) -> Option<(&str, &str)> {
    let (head, words) = line.trim().split_once(':')?;
    let name = match head.split_once('(') {
        Some((name, kind)) if kind.ends_with(')') => name.trim(),
        Some(_) => return None,
        None => head.trim(),
    };
    let is_word = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    is_word.then_some((name, words))
}

/// The text without the indentation that all its lines but the first share.
fn dedented(text: &str) -> String {
    let blank = |line: &&str| !line.trim().is_empty();
    let indents = text.lines().skip(1).filter(blank).map(|line| line.len() - line.trim_start().len());
    let indent = indents.min().unwrap_or(0);
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default().trim_start();
    lines.fold(first.to_owned(), |found, line| {
        format!("{found}\n{}", line.get(indent..).unwrap_or_default().trim_end())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_docstring_is_read_as_the_original_reads_it() {
        let text = "Adds.\n\n    More words:\n        indented.\n\n    Args:\n        first (int): One\n            and more.\n        second: Two.\n\n    Returns:\n        third: Not an argument.\n    ";
        let found = Docstring::read(text);
        assert_eq!(found.description, "Adds.\n\nMore words:\n    indented.");
        let expect = [("first", "One and more."), ("second", "Two.")];
        let expect = expect.map(|(name, words)| (name.to_owned(), words.to_owned()));
        assert_eq!(found.arguments, HashMap::from(expect));
        assert_eq!(Docstring::read(""), Docstring::default());
    }
}
