use smol_tools_macros::tool;

/// Adds.
///
/// # Arguments
/// * `a` - the first
/// * `c` - the second
#[tool]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

fn main() {}
