use smol_tools_macros::tool;

/// # Arguments
/// * `a` - a number
#[tool]
fn double(a: i64) -> i64 {
    a * 2
}

fn main() {}
