//! Chores of this repository: `cargo xtask NAME`.

mod bench;
#[cfg(unix)]
mod cuda;
mod features;
mod fuzz;
mod it;
mod prices;
mod python_wasm;
mod tidy;

use anyhow::Context;

const USAGE: &str = "usage: cargo xtask NAME

  tidy          check the rules of this repository, and print its sizes
  it [CHECK]    check against real peers that are too slow for every test run
  it CHECK --live
                check against the service itself, whose key must be set
  bench [NAME]  print our figures beside a peer's
  features      check that each feature of the facade builds on its own
  fuzz SECONDS  run every fuzz target for that long
  prices FILE AS_OF
                make the table of prices from LiteLLM's file, of that version and date
  cuda-build [--command] [--flash]
                build the benchmark for NVIDIA GPUs, and the command; needs neither a GPU nor a toolkit.
                With flash attention the kernels take hours
  gpu-bench [SHAPE]
                run that benchmark on this machine's GPU
  python-wasm   build the Python component that smol-exec embeds";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["tidy"] => tidy::tidy(),
        ["bench"] => run(bench::BENCHES, None),
        ["bench", name] => run(bench::BENCHES, Some(name)),
        ["it"] => run(it::CHECKS, None),
        ["it", name] => run(it::CHECKS, Some(name)),
        ["it", name, "--live"] => it::live(name),
        ["features"] => features::beside_the_workspace(),
        ["fuzz", seconds] => {
            fuzz::run(seconds.parse().with_context(|| format!("`{seconds}` is no number of seconds"))?)
        }
        ["prices", file, as_of] => prices::run(file, as_of),
        #[cfg(unix)]
        ["cuda-build", options @ ..] => cuda::build(options),
        #[cfg(unix)]
        ["gpu-bench", shapes @ ..] => cuda::bench(shapes),
        ["python-wasm"] => python_wasm::run(),
        _ => anyhow::bail!(USAGE),
    }
}

/// One of several chores of a kind, by its name.
type Chore = (&'static str, fn() -> anyhow::Result<()>);

/// Runs the chore called `name`, or all of them.
fn run(chores: &[Chore], name: Option<&str>) -> anyhow::Result<()> {
    let chosen: Vec<&Chore> =
        chores.iter().filter(|(known, _)| name.is_none_or(|name| name == *known)).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = chores.iter().map(|(name, _)| *name).collect();
        anyhow::bail!(
            "there is no `{}`\n\nhint: there are `{}`",
            name.unwrap_or_default(),
            names.join("`, `")
        );
    }
    chosen.into_iter().try_for_each(|(name, chore)| chore().with_context(|| format!("`{name}` failed")))
}
