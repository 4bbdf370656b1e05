//! Python in colour, a line at a time, so that code can be shown while the model still writes it. Plain where the
//! terminal has no colour: `anstream` takes the codes out.

use anstyle::{AnsiColor, Style};
use std::fmt::Write;

const KEYWORDS: [&str; 32] = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "False", "finally", "for", "from", "if", "import", "in", "is", "lambda", "None", "not", "or",
    "pass", "raise", "return", "True", "try", "while", "with",
];

/// `line` with its keywords, strings, numbers and comments coloured.
pub fn python(line: &str) -> String {
    let mut coloured = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => rest.len(),
            '"' | '\'' => string_length(rest, first),
            _ if word(first) => rest.find(|character| !word(character)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        let style = style_of(first, token);
        let _ = write!(coloured, "{style}{token}{style:#}");
        rest = after;
    }
    coloured
}

fn style_of(first: char, token: &str) -> Style {
    let colour = match first {
        '#' => return Style::new().dimmed(),
        '"' | '\'' => AnsiColor::Green,
        _ if first.is_ascii_digit() => AnsiColor::Cyan,
        _ if KEYWORDS.contains(&token) => AnsiColor::Magenta,
        _ => return Style::new(),
    };
    colour.on_default()
}

fn word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The length in bytes of the string literal that `text` begins with; to the end of the line if it is open.
fn string_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + quote.len_utf8(),
            _ => {}
        }
    }
    text.len()
}
