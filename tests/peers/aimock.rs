//! Starts aimock, an OpenAI-compatible server of another maker. For tests to include by its path.

use serde_json::Value;
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

static STARTED: AtomicUsize = AtomicUsize::new(0);

/// A running server. It stops when dropped.
pub(crate) struct Aimock {
    /// The address up to its `/v1`.
    pub(crate) url: String,
    process: Child,
    fixtures: PathBuf,
}

impl Aimock {
    /// A server on a free port of this machine that answers from `fixtures`, a list of `{"match", "response"}`.
    pub(crate) fn start(fixtures: &Value) -> Self {
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let name = format!("aimock-{}-{number}.json", std::process::id());
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&file, serde_json::json!({ "fixtures": fixtures }).to_string()).unwrap();
        let mut command = Command::new("node");
        command.arg(program()).args(["--strict", "--port", "0", "--fixtures"]).arg(&file);
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn();
        let mut process = started.expect("`node` 20 or newer runs the peer servers of these tests");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address =
            lines.by_ref().find_map(|line| Some(line.ok()?.split_once("listening on ")?.1.to_owned()));
        let url = format!("{}/v1", address.expect("aimock says where it listens"));
        // Its log must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { url, process, fixtures: file }
    }
}

impl Drop for Aimock {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_file(&self.fixtures);
    }
}

fn program() -> PathBuf {
    let roots = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("tests/peers"));
    let peers = roots.into_iter().find(|peers| peers.join("package-lock.json").exists());
    let peers = &peers.expect("the repository has a folder `tests/peers`");
    let program = peers.join("node_modules/@copilotkit/aimock/dist/cli.js");
    if !program.exists() {
        install(peers, &program);
    }
    program
}

/// Installs the peers on first use; whoever else wants them meanwhile waits.
fn install(peers: &Path, program: &Path) {
    let lock = std::fs::File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers.lock")).unwrap();
    lock.lock().unwrap();
    if program.exists() {
        return;
    }
    let installed = Command::new("npm").args(["ci", "--prefix"]).arg(peers).stdout(Stdio::null()).status();
    assert!(installed.is_ok_and(|status| status.success()), "`npm ci --prefix {}` failed", peers.display());
}
