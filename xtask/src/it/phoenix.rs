//! Traces beside a real backend: Phoenix takes them, and says what it saw.

use crate::bench::{python_with, run_to_end, target_folder};
use anyhow::{Context, bail, ensure};
use serde_json::Value;
use std::{
    fs,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

const PACKAGES: &[&str] = &["arize-phoenix==20.26.1"];

/// How long Phoenix may take to make its database and listen.
const START: Duration = Duration::from_secs(240);

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
    let mut server = Server::start(&python)?;
    server.wait()?;
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

/// A Phoenix that stops when dropped.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(python: &Path) -> anyhow::Result<Self> {
        let data = target_folder().join("peers/phoenix/data");
        // An earlier check's spans are not this one's.
        fs::remove_dir_all(&data).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        fs::create_dir_all(&data)?;
        let (port, grpc_port) = (free_port()?, free_port()?);
        let log = fs::File::create(data.join("log"))?;
        let process = Command::new(python)
            .args(["-m", "phoenix.server.main", "serve"])
            .env("PHOENIX_HOST", "127.0.0.1")
            .env("PHOENIX_PORT", port.to_string())
            .env("PHOENIX_GRPC_PORT", grpc_port.to_string())
            .env("PHOENIX_TELEMETRY_ENABLED", "false")
            .env("PHOENIX_WORKING_DIR", fs::canonicalize(&data)?)
            .stdout(log.try_clone()?)
            .stderr(log)
            .stdin(Stdio::null())
            .spawn()
            .context("could not start Phoenix")?;
        Ok(Self { process, port })
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait(&mut self) -> anyhow::Result<()> {
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if let Some(status) = self.process.try_wait()? {
                bail!(
                    "Phoenix ended with {status}\n\nhint: see `peers/phoenix/data/log` in the target folder"
                );
            }
            ensure!(begun.elapsed() < START, "Phoenix does not listen after {} s", START.as_secs());
            sleep(Duration::from_millis(500));
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
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
