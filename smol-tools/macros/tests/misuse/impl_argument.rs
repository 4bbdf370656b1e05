use smol_tools_macros::tool;

/// Shows something.
#[tool]
fn show(thing: impl ToString) -> String {
    thing.to_string()
}

fn main() {}
