//! Services for one run of a benchmark: an engine of containers, and a kernel gateway. They end when dropped.

use super::{python_with, run_to_end};
use anyhow::{Context, ensure};
use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// A process that is told to end when this is dropped.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        // A killed engine would leave its containers' processes behind.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// A Docker engine with files and a socket of its own, and a root file system made of this machine's Python.
pub struct Engine {
    _service: Service,
    folder: TempDir,
}

impl Engine {
    /// Starts one, as root.
    pub fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name).display().to_string();
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "unshare", "--net", "--mount", "dockerd"]);
        command.args(["--iptables=false", "--ip6tables=false"]);
        command.args(["--host", &format!("unix://{}", path("docker.sock"))]);
        command.args(["--data-root", &path("data"), "--exec-root", &path("exec"), "--pidfile", &path("pid")]);
        let service = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let engine = Self { _service: Service(service.context("could not start `dockerd`")?), folder };
        engine.wait()?;
        run_to_end(
            Command::new("sh")
                .arg("smol-exec/tests/sandboxes/docker/root_file_system.sh")
                .arg(engine.folder.path().join("root.tar")),
        )?;
        Ok(engine)
    }

    fn wait(&self) -> anyhow::Result<()> {
        let socket = self.folder.path().join("docker.sock");
        for _ in 0..300 {
            if std::os::unix::net::UnixStream::connect(&socket).is_ok() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(100));
        }
        anyhow::bail!("`dockerd` does not answer\n\nhint: run as root, and `apt install docker.io`")
    }

    /// The options of an executor that uses it.
    pub fn options(&self) -> String {
        let folder = self.folder.path();
        let engine = format!("unix://{}", folder.join("docker.sock").display());
        serde_json::json!({"engine": engine, "root_file_system": folder.join("root.tar")}).to_string()
    }
}

/// A Jupyter kernel gateway.
pub struct Gateway {
    _service: Service,
    /// It would end if nobody read what it prints.
    _output: BufReader<ChildStdout>,
    url: String,
}

impl Gateway {
    /// Starts one that asks for no token.
    pub fn start() -> anyhow::Result<Self> {
        let python = python_with("gateway", &["-r", "smol-exec/tests/peers/requirements.txt"])?;
        let mut command = Command::new(python);
        command.arg("smol-exec/tests/peers/gateway.py").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut service = Service(command.stderr(Stdio::null()).spawn()?);
        let mut output = BufReader::new(service.0.stdout.take().context("no output")?);
        let mut port = String::new();
        output.read_line(&mut port)?;
        ensure!(!port.trim().is_empty(), "the kernel gateway did not start");
        let url = format!("http://127.0.0.1:{}", port.trim());
        Ok(Self { _service: service, _output: output, url })
    }

    /// The options of an executor that uses it.
    pub fn options(&self) -> String {
        serde_json::json!({"url": self.url}).to_string()
    }
}
