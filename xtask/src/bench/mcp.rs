//! A tool call over MCP, beside the protocol's own Python client: the same server, calls and machine, in turns.

use super::{field, figures, run_to_end, target_folder};
use anyhow::ensure;
use std::{path::Path, process::Command};

const CALLS: &str = "500";
/// Microseconds that a call of ours may take over one of the peer's, by the median.
const MOST_OVER: f64 = 1_000.0;
const PEERS: &str = "smol-mcp/tests/peers";

/// Prints both sides' time a call and memory. Each is measured twice, in turns; the better one counts.
#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
pub fn run() -> anyhow::Result<()> {
    let build = ["build", "--release", "-p", "smol-mcp", "--example", "bench_client"];
    run_to_end(Command::new("cargo").args(build))?;
    let bench = target_folder().join("release/examples/bench_client");
    let (python, node) = (Path::new(PEERS).join("venv/bin/python3"), Path::new(PEERS).join("node_modules"));
    ensure!(
        python.exists() && node.exists(),
        "the peers are missing\n\nhint: see the first lines of `{PEERS}/requirements.txt`, and `npm ci --prefix {PEERS}`"
    );
    let server = node.join("@modelcontextprotocol/server-everything/dist/index.js");
    let (mut ours, mut theirs) = (String::new(), String::new());
    for _ in 0..2 {
        ours = better(ours, figures(Command::new(&bench).args([CALLS, "node"]).arg(&server))?)?;
        let script = "xtask/src/bench/mcp.py";
        theirs = better(theirs, figures(Command::new(&python).args([script, CALLS, "node"]).arg(&server))?)?;
    }
    println!("ours         {ours}");
    println!("Python `mcp` {theirs}");
    let over = field(&ours, "median_us")? - field(&theirs, "median_us")?;
    println!("a call of ours takes {over:+} µs beside the peer's");
    ensure!(over <= MOST_OVER, "a call takes {over} µs more than the peer's, and may take {MOST_OVER}");
    Ok(())
}

fn better(one: String, other: String) -> anyhow::Result<String> {
    if one.is_empty() || field(&other, "median_us")? < field(&one, "median_us")? {
        Ok(other)
    } else {
        Ok(one)
    }
}
