//! The stand-in, for as long as a test takes.

use serde_json::Value;
use smol_exec::E2B;
use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;

/// The key that the stand-in knows.
pub(super) const KEY: &str = "e2b_0123456789abcdef";

/// A running stand-in. It ends when dropped, with all that it runs.
pub(super) struct Fake {
    process: Child,
    url: String,
    /// Where programs leave what they write.
    _folder: TempDir,
}

impl Fake {
    pub(super) fn start() -> Self {
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sandboxes/e2b/fake.py");
        let mut command = Command::new("/usr/bin/env");
        command.args(["python3", program]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let folder = tempfile::tempdir().expect("a folder");
        let mut process = command.current_dir(&folder).spawn().expect("python3 is there");
        let mut port = String::new();
        let output = process.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut port).expect("it says its port");
        Self { process, url: format!("http://127.0.0.1:{}", port.trim()), _folder: folder }
    }

    /// An executor of this service.
    pub(super) fn executor(&self) -> E2B {
        E2B::new().key(KEY).api_url(&self.url).sandbox_url(&self.url)
    }

    /// The machines that there are, by id.
    pub(super) async fn machines(&self) -> serde_json::Map<String, Value> {
        self.ask("machines").await
    }

    /// Ends a machine, as the service does when its time is up.
    pub(super) async fn end(&self, id: &str) {
        self.ask(&format!("end/{id}")).await;
    }

    async fn ask(&self, path: &str) -> serde_json::Map<String, Value> {
        let reply = reqwest::get(format!("{}/fake/{path}", self.url)).await.expect("it answers");
        serde_json::from_slice(&reply.bytes().await.expect("a body")).expect("it is JSON")
    }

    /// Waits until no machine is left.
    pub(super) async fn is_empty(&self) {
        let emptied = async {
            while !self.machines().await.is_empty() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), emptied).await.expect("no machine is left behind");
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
