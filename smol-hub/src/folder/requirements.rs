//! `requirements.txt`: the Python packages that a tool needs.

use std::{collections::BTreeSet, fmt};

/// Requirements, each a line as pip takes it, such as `requests>=2.31`. Comments and blank lines are gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements(pub BTreeSet<String>);

impl Requirements {
    /// Reads a file.
    pub fn read(text: &str) -> Self {
        let lines = text.lines().map(|line| line.split(" #").next().unwrap_or_default().trim());
        Self(lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect())
    }

    /// Those that are no part of every sandbox: all but the original itself.
    pub fn packages(&self) -> Self {
        Self(self.0.iter().filter(|line| name(line) != "smolagents").cloned().collect())
    }

    /// The lines that are not a plain package by its name and version: options of pip, addresses and paths could fetch
    /// and run anything.
    pub fn irregular(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).filter(|line| !is_plain(line)).collect()
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        self.0.iter().map(|line| format!("{line}\n")).collect()
    }
}

impl fmt::Display for Requirements {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.iter().cloned().collect::<Vec<_>>().join(", "))
    }
}

/// The name that a requirement begins with.
fn name(line: &str) -> &str {
    let end = line.find(|letter: char| !letter.is_ascii_alphanumeric() && !"-_.".contains(letter));
    line.get(..end.unwrap_or(line.len())).unwrap_or(line)
}

/// A name, extras in brackets, versions, and perhaps a marker.
fn is_plain(line: &str) -> bool {
    let starts = name(line).starts_with(|letter: char| letter.is_ascii_alphanumeric());
    starts
        && !line.contains("://")
        && !line.contains('@')
        && !line.contains('\\')
        && !line.contains(" -")
        && !line.split(';').next().unwrap_or(line).contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_packages_are_regular() {
        let check = |line: &str, expect: bool| assert_eq!(is_plain(line), expect, "{line}");
        check("requests", true);
        check("requests[socks]>=2.31,<3", true);
        check("numpy==2.1 ; python_version < \"3.13\"", true);
        for line in [
            "-r other.txt",
            "--index-url x",
            "git+https://a/b",
            "./here",
            "/there",
            "a @ file:///x",
            "a -e .",
            "pkg/../x",
        ] {
            check(line, false);
        }
    }

    #[test]
    fn lines_are_read_without_comments() {
        let found = Requirements::read("# all\nsmolagents\n\nrequests >= 2 # for the web\n");
        assert_eq!(found.text(), "requests >= 2\nsmolagents\n");
        assert_eq!(found.packages().text(), "requests >= 2\n");
    }
}
