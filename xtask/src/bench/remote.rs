//! The cost of a streamed token, and five hundred streams at once, on one core.

use super::{figures, serving};
use std::process::Command;

/// Prints our figures. There is no peer: the aim is 20 µs a token, and no stream lost.
#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
pub fn run() -> anyhow::Result<()> {
    let options = ["-p", "smol-models", "--no-default-features", "--features", "openai"];
    let bench = super::release_example_of("bench_remote", &options)?;
    let (server, url) = serving(&bench)?;
    println!("{}", figures(Command::new(&bench).args(["run", &url]))?);
    drop(server);
    Ok(())
}
