use smol_tools_macros::tool;

/// Shows something.
#[tool]
fn show<T: ToString>(thing: T) -> String {
    thing.to_string()
}

fn main() {}
