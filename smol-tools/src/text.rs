//! Text for a model: no longer than it can take in.

/// The most characters that are told of one page.
pub(crate) const MAX_CHARACTERS: usize = 40_000;

/// The text, or its beginning with a word about the rest.
pub(crate) fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_CHARACTERS) {
        let total = text.chars().count();
        text.truncate(end);
        text.push_str(&format!("\n\n[cut here: these are the first {MAX_CHARACTERS} of {total} characters]"));
    }
    text
}

/// One line, however it was laid out.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An error in words for the model.
pub(crate) fn tell(error: impl std::fmt::Display) -> smol_core::tool::ToolError {
    smol_core::tool::ToolError(error.to_string())
}
