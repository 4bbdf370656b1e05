//! The cost of a streamed token, and five hundred streams at once, on one core.

use super::{figures, run_to_end, served::Served, target_folder};
use std::process::Command;

/// Prints our figures. There is no peer: the aim is 20 µs a token, and no stream lost.
#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
pub fn run() -> anyhow::Result<()> {
    let build =
        "build --release -p smol-models --no-default-features --features openai --example bench_remote";
    run_to_end(Command::new("cargo").args(build.split(' ')))?;
    let bench = target_folder().join("release/examples/bench_remote");
    let server = Served::start(&bench)?;
    println!("{}", figures(Command::new(&bench).args(["run", &server.url]))?);
    Ok(())
}
