use smol_tools_macros::tool;

/// Adds.
#[tool(timeout = "10 parsecs")]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

fn main() {}
