use smol_tools_macros::tool;

/// A point.
#[tool]
struct Point {
    x: i64,
}

fn main() {}
