//! An engine for one run of the tests: Docker's own, with files, a socket and a network that nobody else uses.

use bollard::{Docker as Client, query_parameters::ListContainersOptionsBuilder};
use smol_exec::Docker;
use std::{
    env, fs, io,
    os::unix::fs::MetadataExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use tokio::time::sleep;

pub(super) struct Engine {
    process: Child,
    folder: TempDir,
    pub(super) client: Client,
}

/// Says why the tests of containers are left out; where all tests must run, that is a failure.
fn skip(why: &str) -> Option<Engine> {
    let line = format!("SKIPPED: the tests of containers: {why}; run as root, and `apt install docker.io`");
    assert!(env::var_os("SMOLAGENTS_TEST_ALL").is_none(), "{line}");
    eprintln!("\n{line}\n");
    None
}

impl Engine {
    pub(super) async fn start() -> Option<Self> {
        if fs::metadata("/proc/self").unwrap().uid() != 0 {
            return skip("only root can start an engine");
        }
        let folder = tempfile::tempdir().unwrap();
        let mut process = match command(&folder).spawn() {
            Ok(process) => process,
            Err(error) => return skip(&format!("the engine could not be started: {error}")),
        };
        let address = address(&folder);
        for _ in 0..600 {
            if let Some(status) = process.try_wait().unwrap() {
                return skip(&format!("the engine ended with {status}:\n{}", log(&folder)));
            }
            if let Ok(client) = Client::connect_with_host(&address)
                && let Ok(client) = client.negotiate_version().await
            {
                let engine = Self { process, folder, client };
                engine.make_root_file_system();
                return Some(engine);
            }
            sleep(Duration::from_millis(100)).await;
        }
        panic!("the engine does not answer:\n{}", log(&folder));
    }

    fn make_root_file_system(&self) {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sandboxes/docker/root_file_system.sh");
        let status = Command::new("sh").arg(script).arg(self.root_file_system()).status().unwrap();
        assert!(status.success());
    }

    pub(super) fn root_file_system(&self) -> PathBuf {
        self.folder.path().join("root.tar")
    }

    pub(super) fn address(&self) -> String {
        address(&self.folder)
    }

    pub(super) fn executor(&self) -> Docker {
        Docker::new().engine(self.address()).root_file_system(self.root_file_system())
    }

    /// The names of all containers, also of those that do not run.
    pub(super) async fn containers(&self) -> Vec<String> {
        let options = ListContainersOptionsBuilder::new().all(true).build();
        let found = self.client.list_containers(Some(options)).await.unwrap();
        found.into_iter().filter_map(|container| container.id).collect()
    }

    /// Waits until there are none.
    pub(super) async fn is_empty(&self) {
        for _ in 0..300 {
            if self.containers().await.is_empty() {
                return;
            }
            sleep(Duration::from_millis(100)).await;
        }
        panic!("{:?} are left", self.containers().await);
    }

    /// Ends it, and all its containers with it.
    pub(super) fn stop(&mut self) {
        let stopped = Command::new("kill").arg(self.process.id().to_string()).status();
        assert!(stopped.is_ok_and(|status| status.success()));
        self.process.wait().unwrap();
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            self.stop();
        }
    }
}

fn address(folder: &TempDir) -> String {
    format!("unix://{}/docker.sock", folder.path().display())
}

/// It ends with this process, whatever becomes of it, and in a network of its own changes nothing of the machine's.
fn command(folder: &TempDir) -> Command {
    let path = |name: &str| folder.path().join(name).display().to_string();
    let log = fs::File::create(path("log")).unwrap();
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "unshare", "--net", "dockerd"]);
    command.args(["--iptables=false", "--ip6tables=false", "--host", &address(folder)]);
    command.args(["--data-root", &path("data"), "--exec-root", &path("exec"), "--pidfile", &path("pid")]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    command
}

fn log(folder: &TempDir) -> String {
    let read: io::Result<String> = fs::read_to_string(folder.path().join("log"));
    let text = read.unwrap_or_default();
    text.lines().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n")
}
