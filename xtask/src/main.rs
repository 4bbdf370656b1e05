//! Chores of this repository: `cargo xtask NAME`.

mod bench;
mod fuzz;
mod it;
mod python_wasm;
mod tidy;

use anyhow::Context;

const USAGE: &str = "usage: cargo xtask NAME

  tidy          check the rules of this repository, and print its sizes
  it [CHECK]    check against real peers that are too slow for every test run
  bench [NAME]  print our figures beside a peer's
  fuzz SECONDS  run every fuzz target for that long
  python-wasm   build the Python component that smol-exec embeds";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["tidy"] => tidy::tidy(),
        ["bench"] => bench::run(None),
        ["bench", name] => bench::run(Some(name)),
        ["it"] => it::run(None),
        ["it", name] => it::run(Some(name)),
        ["fuzz", seconds] => {
            fuzz::run(seconds.parse().with_context(|| format!("`{seconds}` is no number of seconds"))?)
        }
        ["python-wasm"] => python_wasm::run(),
        _ => anyhow::bail!(USAGE),
    }
}
