use smol_tools_macros::tool;

/// Adds the numbers of a pair.
#[tool]
fn add((a, b): (i64, i64)) -> i64 {
    a + b
}

fn main() {}
