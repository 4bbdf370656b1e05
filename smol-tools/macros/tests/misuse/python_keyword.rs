use smol_tools_macros::tool;

/// Converts an amount of money.
#[tool]
fn convert(amount: f64, from: String) -> String {
    format!("{amount} {from}")
}

fn main() {}
