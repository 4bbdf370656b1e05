//! Traces beside a real backend: Phoenix takes them, and says what it saw.

use super::peer::{Peer, free_port};
use crate::bench::{python_with, run_to_end, target_folder};
use anyhow::{Context, ensure};
use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::Command,
    thread::sleep,
    time::{Duration, Instant},
};

const PACKAGES: &[&str] = &["arize-phoenix==20.26.1"];

/// What the example `traces` is: a span of each line, below the one with less before it.
const TREE: &str = "\
AGENT traveller.run OK
  CHAIN Step 1 OK
    LLM test/scripted.generate OK
    TOOL meteorologist OK
      AGENT meteorologist.run OK
        CHAIN Step 1 OK
          LLM test/scripted.generate OK
          TOOL temperature OK
          TOOL temperature OK
        CHAIN Step 2 ERROR
          LLM test/scripted.generate OK
          TOOL temperature ERROR
        CHAIN Step 3 OK
          LLM test/scripted.generate OK
  CHAIN Step 2 OK
    LLM test/scripted.generate OK
";

/// Reads the spans of all traces. Python, because this crate has no HTTP client.
const READ: &str = "import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1] + '/v1/projects/default/spans?limit=1000').read().decode())";

/// Runs the example `traces`, and reads its spans back from Phoenix.
#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
pub fn run() -> anyhow::Result<()> {
    let python = python_with("phoenix", PACKAGES)?;
    let server = start(&python)?;
    let url = server.url();
    let example = ["run", "-q", "-p", "smolagents", "--no-default-features", "--features", "otel,tools"];
    run_to_end(
        Command::new("cargo")
            .args(example)
            .args(["--example", "traces"])
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", &url),
    )?;
    let begun = Instant::now();
    loop {
        let found = tree(&spans(&python, &url)?)?;
        if found == TREE {
            println!("Phoenix saw:\n{found}");
            return Ok(());
        }
        // It writes what it took into its database by and by.
        ensure!(begun.elapsed() < Duration::from_secs(30), "Phoenix saw:\n{found}and it should be:\n{TREE}");
        sleep(Duration::from_secs(1));
    }
}

fn start(python: &Path) -> anyhow::Result<Peer> {
    let data = target_folder().join("peers/phoenix/data");
    // An earlier check's spans are not this one's.
    fs::remove_dir_all(&data).or_else(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Ok(()),
        _ => Err(error),
    })?;
    fs::create_dir_all(&data)?;
    let data = fs::canonicalize(&data)?;
    Peer::start("phoenix", |port| {
        let mut command = Command::new(python);
        command
            .args(["-m", "phoenix.server.main", "serve"])
            .env("PHOENIX_HOST", "127.0.0.1")
            .env("PHOENIX_PORT", port.to_string())
            .env("PHOENIX_GRPC_PORT", free_port()?.to_string())
            .env("PHOENIX_TELEMETRY_ENABLED", "false")
            .env("PHOENIX_WORKING_DIR", data);
        Ok(command)
    })
}

fn spans(python: &Path, url: &str) -> anyhow::Result<Vec<Value>> {
    let output = Command::new(python).args(["-c", READ, url]).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let answer: Value = serde_json::from_slice(&output.stdout)?;
    let mut spans = answer.get("data").and_then(Value::as_array).context("Phoenix gave no spans")?.clone();
    spans.sort_by(|one, other| text(one, "/start_time").cmp(text(other, "/start_time")));
    Ok(spans)
}

fn tree(spans: &[Value]) -> anyhow::Result<String> {
    let mut lines = String::new();
    below(spans, "", 0, &mut lines);
    ensure!(lines.lines().count() == spans.len(), "some spans have lost their parent: {spans:#?}");
    Ok(lines)
}

fn below(spans: &[Value], parent: &str, depth: usize, lines: &mut String) {
    for span in spans.iter().filter(|span| text(span, "/parent_id") == parent) {
        let (kind, name) = (text(span, "/span_kind"), text(span, "/name"));
        *lines += &format!("{}{kind} {name} {}\n", "  ".repeat(depth), text(span, "/status_code"));
        below(spans, text(span, "/context/span_id"), depth + 1, lines);
    }
}

fn text<'a>(span: &'a Value, pointer: &str) -> &'a str {
    span.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
