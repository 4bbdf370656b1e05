//! A real kernel gateway, for as long as a test takes.

use std::{
    io::{BufRead, BufReader},
    net::{Ipv4Addr, TcpStream},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;

pub(crate) const TOKEN: &str = "a token of this test";

const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers");

/// A running peer in Python. It stops when dropped, and when this process does.
pub(crate) struct Peer {
    process: Child,
    pub(crate) port: u16,
    /// A peer that has nobody to print to would end.
    _output: BufReader<ChildStdout>,
    /// Where kernels leave what code writes.
    _folder: TempDir,
}

impl Peer {
    /// Starts a program of the peers' folder, which prints its port. `None`, and a word on what to install, if the packages it
    /// needs are not there.
    pub(crate) fn start(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Option<Self> {
        let python = Path::new(PEERS).join("venv/bin/python3");
        if !python.exists() {
            let install = "python3 -m venv smol-exec/tests/peers/venv && \
                           smol-exec/tests/peers/venv/bin/pip install -r smol-exec/tests/peers/requirements.txt";
            assert!(std::env::var_os("SMOLAGENTS_TEST_ALL").is_none(), "no kernel gateway: {install}");
            eprintln!("SKIPPED: there is no kernel gateway. To install one: {install}");
            return None;
        }
        let mut command = Command::new(python);
        command.arg(Path::new(PEERS).join(program)).args(arguments).envs(variables.iter().copied());
        // Each kernel tells there of what is usual.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let folder = tempfile::tempdir().expect("a folder");
        let mut process = command.current_dir(&folder).spawn().expect("it starts");
        let mut output = BufReader::new(process.stdout.take().expect("an output"));
        let mut line = String::new();
        output.read_line(&mut line).expect("its port");
        let port = line.trim().parse().expect("its port");
        let peer = Self { process, port, _output: output, _folder: folder };
        peer.wait();
        Some(peer)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends it as a crash would.
    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it ends");
        self.process.wait().expect("it ends");
    }

    fn wait(&self) {
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(60), "it does not listen");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends with its input, and sees to its kernels before.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// A gateway that wants [`TOKEN`].
pub(crate) fn start() -> Option<Peer> {
    Peer::start("gateway.py", &[], &[("KG_AUTH_TOKEN", TOKEN), ("KG_LIST_KERNELS", "True")])
}

/// How many kernels run at the server at `url`.
pub(crate) async fn kernels(url: &str) -> usize {
    let request = reqwest::Client::new().get(format!("{url}/api/kernels"));
    let response = request.header("authorization", format!("token {TOKEN}")).send().await.expect("an answer");
    let listed: Vec<serde_json::Value> =
        serde_json::from_slice(&response.bytes().await.expect("a body")).expect("a list");
    listed.len()
}
