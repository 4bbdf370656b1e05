//! `cargo xtask tidy`: the rules of this repository that a machine can check, and its sizes as a mirror.

use anyhow::{Context, ensure};
use std::{fs, path::Path, process::Command};

/// Crates that know smol-core and nothing else of this workspace.
const SIBLINGS: [&str; 4] = ["smol-exec", "smol-hub", "smol-models", "smol-tools"];

/// What smol-core must not pull in, at any depth.
const NOT_IN_CORE: [&str; 8] =
    ["tokio", "reqwest", "hyper", "wasmtime", "candle-core", "tempfile", "fs-err", "rustls"];

/// Checks every rule; the first that is broken is the error.
pub fn tidy() -> anyhow::Result<()> {
    dependencies()?;
    texts()?;
    sizes()
}

/// ARCHITECTURE.md, **Invariant:** arrows point to smol-core, siblings do not know each other, smol-core does no IO.
fn dependencies() -> anyhow::Result<()> {
    let core = tree("smol-core")?;
    for name in NOT_IN_CORE.iter().chain(&SIBLINGS) {
        ensure!(!core.iter().any(|found| found == name), "smol-core depends on `{name}`");
    }
    for crate_name in SIBLINGS {
        let found = tree(crate_name)?;
        let sibling =
            SIBLINGS.iter().find(|other| **other != crate_name && found.iter().any(|name| name == *other));
        ensure!(sibling.is_none(), "`{crate_name}` depends on its sibling `{}`", sibling.unwrap_or(&""));
    }
    Ok(())
}

/// The names of all crates that `package` is built from, with all its features.
fn tree(package: &str) -> anyhow::Result<Vec<String>> {
    let arguments =
        ["tree", "-p", package, "--all-features", "-e", "normal", "--prefix", "none", "-f", "{p}"];
    let text = output("cargo", &arguments)?;
    let first_word = |line: &str| line.split_whitespace().next().map(str::to_owned);
    Ok(text.lines().filter_map(first_word).collect())
}

/// No path of one machine, no registry's host, in any text that is committed.
fn texts() -> anyhow::Result<()> {
    let forbidden = [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["../sh", "ared"],
        ["crates", ".io"],
        ["py", "pi.org"],
        ["pythonhosted", ".org"],
        ["registry.npm", "js.org"],
        ["deb.debian", ".org"],
    ];
    for file in files()? {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        for [head, tail] in forbidden {
            let needle = format!("{head}{tail}");
            ensure!(file.ends_with("Cargo.lock") || !text.contains(&needle), "`{file}` contains `{needle}`");
        }
    }
    Ok(())
}

/// Lines of code, without blanks, comments and tests.
fn sizes() -> anyhow::Result<()> {
    let mut sizes = Vec::new();
    for file in files()?.into_iter().filter(|file| file.ends_with(".rs") && !file.contains("tests/")) {
        sizes.push((code_lines(&fs::read_to_string(&file)?), file));
    }
    let core: usize =
        sizes.iter().filter(|(_, file)| file.starts_with("smol-core/")).map(|(lines, _)| lines).sum();
    let all: usize = sizes.iter().map(|(lines, _)| lines).sum();
    say(&format!("smol-core: {core} lines of code; all crates: {all} in {} files", sizes.len()));
    sizes.sort_unstable_by(|one, other| other.cmp(one));
    for (lines, file) in sizes.iter().take(8) {
        say(&format!("{lines:5} {file}"));
    }
    Ok(())
}

fn code_lines(text: &str) -> usize {
    let code = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).map(str::trim);
    code.filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

/// The committed files and those that git would not ignore.
fn files() -> anyhow::Result<Vec<String>> {
    let listed = output("git", &["ls-files", "--cached", "--others", "--exclude-standard"])?;
    Ok(listed.lines().filter(|file| Path::new(file).is_file()).map(str::to_owned).collect())
}

fn output(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("could not run `{program}`"))?;
    ensure!(output.status.success(), "`{program}` failed: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
fn say(text: &str) {
    println!("{text}");
}
