//! What a call costs: `bench_client CALLS PROGRAM ARGUMENTS…` calls the tool `echo` of that server, one call after the
//! other, and prints one line of JSON.

#![expect(clippy::print_stdout, reason = "it says what it measured")]

use anyhow::Context;
use serde_json::json;
use smol_mcp::{Host, McpServers, ServerConfig};
use std::{env, fs, time::Instant};

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let mut words = env::args().skip(1);
    let calls: usize = words.next().context("how many calls?")?.parse()?;
    let program = words.next().context("of which program?")?;
    let begun = Instant::now();
    let servers =
        McpServers::connect([ServerConfig::command("peer", program, words)], Host::default()).await?;
    let connected = begun.elapsed();
    let tool = servers.tools().into_iter().find(|tool| tool.spec().name == "echo").context("no `echo`")?;
    let mut times = Vec::new();
    for _ in 0..calls {
        let begun = Instant::now();
        tool.call(json!({"message": "hello"})).await?;
        times.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default().round();
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().split(' ').next());
    let mib = peak.and_then(|kib| kib.parse::<f64>().ok()).unwrap_or_default() / 1024.0;
    println!(
        "{}",
        json!({"connect_ms": (connected.as_secs_f64() * 1e3).round(), "median_us": at(50), "p95_us": at(95),
            "memory_mib": (mib * 10.0).round() / 10.0})
    );
    Ok(())
}
