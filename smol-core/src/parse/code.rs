//! Finding the code in a reply: `<code>` tags first, then Markdown fences, then the bare text.

/// What a reply holds for a sandbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Marked as code.
    Code(String),
    /// Not marked; it may be Python all the same, which the sandbox's own parser decides.
    Bare(String),
    /// Nothing.
    Empty,
}

const OPEN: &str = "<code>";
/// Without its `>`: some servers cut a reply inside the stop sequence.
const CLOSE: &str = "</code";
const FENCE: &str = "```";
const PYTHON_LABELS: [&str; 4] = ["python", "py", "python3", "ipython"];

/// The code of `reply`; several blocks are joined by a blank line.
pub fn code_action(reply: &str) -> Action {
    let blocks = [tagged_blocks(reply), fenced_blocks(reply, true), fenced_blocks(reply, false)];
    if let Some(found) = blocks.into_iter().find(|blocks| !blocks.is_empty()) {
        return Action::Code(found.join("\n\n"));
    }
    // A closing tag alone still says that what stands before it was meant as code.
    match reply.split_once(CLOSE).map_or((reply.trim(), false), |(code, _)| (code.trim(), true)) {
        ("", _) => Action::Empty,
        _ if reply.contains(OPEN) => Action::Empty,
        (text, true) => Action::Code(text.to_owned()),
        (text, false) => Action::Bare(text.to_owned()),
    }
}

/// The code of a reply that is a JSON object with a thought and code, tags and fences around the code left out.
/// `None`: it is no such object.
pub fn structured_code(reply: &str) -> Option<String> {
    let object: serde_json::Value = serde_json::from_str(reply.trim()).ok()?;
    let code = object.get("code")?.as_str()?;
    match code_action(code) {
        Action::Code(inner) => Some(inner),
        _ => Some(code.trim().to_owned()).filter(|code| !code.is_empty()),
    }
}

/// The contents of every `<code>…</code>`, the last of which may be unclosed.
fn tagged_blocks(reply: &str) -> Vec<String> {
    let at_line_start = |at: usize| {
        reply.get(..at).is_some_and(|before| {
            before.trim_end_matches([' ', '\t']).ends_with('\n') || before.trim().is_empty()
        })
    };
    // Prose that only mentions the tag (`put it in <code>`) opens nothing, if a real block stands on its own line.
    let strict = reply.match_indices(OPEN).any(|(at, _)| at_line_start(at));
    let mut blocks = Vec::new();
    let mut from = 0;
    while let Some(at) = reply.get(from..).and_then(|rest| rest.find(OPEN)).map(|found| from + found) {
        let body = reply.get(at + OPEN.len()..).unwrap_or_default();
        from = at + OPEN.len();
        if strict && !at_line_start(at) {
            continue;
        }
        let code = before_close(body);
        from += code.len();
        blocks.push(without_fences(code));
    }
    blocks.retain(|block| !block.trim().is_empty());
    blocks
}

/// The text before the closing tag, or before the piece of one that ends the text.
fn before_close(text: &str) -> &str {
    if let Some((code, _)) = text.split_once(CLOSE) {
        return code;
    }
    let trimmed = text.trim_end();
    let partial = (2..CLOSE.len())
        .rev()
        .filter_map(|length| CLOSE.get(..length))
        .find(|piece| trimmed.ends_with(piece));
    partial.and_then(|piece| trimmed.strip_suffix(piece)).unwrap_or(text)
}

/// Code that was put in a fence inside the tags.
fn without_fences(code: &str) -> String {
    let inner = fenced_blocks(code, false);
    if code.trim_start().starts_with(FENCE) && !inner.is_empty() {
        inner.join("\n\n")
    } else {
        code.trim_matches(['\n', '\r']).trim_end().to_owned()
    }
}

/// The contents of Markdown fences: only those labelled as Python, or those with any label that may be Python.
fn fenced_blocks(text: &str, labelled: bool) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(opening) = line.trim_start().strip_prefix(FENCE) else { continue };
        let (label, same_line) = opening.split_once(char::is_whitespace).unwrap_or((opening, ""));
        if let Some((code, _)) = same_line.rsplit_once(FENCE) {
            if is_python(label, labelled) {
                blocks.push(code.trim().to_owned());
            }
            continue;
        }
        let body: Vec<&str> =
            lines.by_ref().take_while(|line| !line.trim_start().starts_with(FENCE)).collect();
        if is_python(label, labelled) {
            blocks.push(body.join("\n").trim_end().to_owned());
        }
    }
    blocks.retain(|block| !block.trim().is_empty());
    blocks
}

fn is_python(label: &str, labelled: bool) -> bool {
    PYTHON_LABELS.contains(&label.to_lowercase().as_str()) || (!labelled && label.is_empty())
}
