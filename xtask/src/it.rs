//! `cargo xtask it [NAME]`: checks against real peers that are too slow or too rarely there for every test run.

use anyhow::{Context, bail, ensure};
use std::{fs, process::Command};

type Chore = fn() -> anyhow::Result<()>;

/// The checks by name.
const CHECKS: [(&str, Chore); 1] = [("cases", cases)];

/// Runs the check called `name`, or all of them.
pub fn run(name: Option<&str>) -> anyhow::Result<()> {
    let chosen: Vec<_> = CHECKS.iter().filter(|(known, _)| name.is_none_or(|name| name == *known)).collect();
    if chosen.is_empty() {
        let names: Vec<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
        bail!("there is no such check\n\nhint: there are `{}`", names.join("`, `"));
    }
    chosen.into_iter().try_for_each(|(name, check)| check().with_context(|| format!("`{name}` failed")))
}

/// The conformance cases print, on this machine's own `python3`, what they are expected to print.
#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
fn cases() -> anyhow::Result<()> {
    let mut count = 0;
    for entry in fs::read_dir("smol-exec/cases")? {
        let file = entry?.path();
        if file.extension().is_none_or(|extension| extension != "py") {
            continue;
        }
        let output = Command::new("python3").args(["-I", "-X", "utf8"]).arg(&file).output();
        let output = output.context("could not run `python3`")?;
        let expected = fs::read(file.with_extension("out"))?;
        ensure!(output.stdout == expected, "`{}` prints something else", file.display());
        count += 1;
    }
    ensure!(count >= 150, "only {count} cases were found");
    println!("{count} cases print on `python3` what they are expected to print");
    Ok(())
}
