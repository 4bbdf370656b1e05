use smol_tools_macros::tool;

/// Counts letters.
#[tool]
fn count(text: &str) -> usize {
    text.len()
}

fn main() {}
