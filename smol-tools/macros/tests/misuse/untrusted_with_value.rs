use smol_tools_macros::tool;

/// Reads the post.
#[tool(untrusted = "yes")]
fn read_post() -> String {
    String::new()
}

fn main() {}
