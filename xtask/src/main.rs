//! Chores of this repository: `cargo xtask NAME`.

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        _ => anyhow::bail!("usage: cargo xtask NAME"),
    }
}
