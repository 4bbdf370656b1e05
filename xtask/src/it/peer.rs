//! A server that others wrote, for as long as a check takes.

use crate::bench::target_folder;
use anyhow::{Context, bail, ensure};
use std::{
    fs,
    net::{Ipv4Addr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long a server may take to listen: some make a database first.
const START: Duration = Duration::from_secs(240);

/// A running server. It stops when dropped.
pub struct Peer {
    name: &'static str,
    process: Child,
    port: u16,
}

impl Peer {
    /// Starts what `command` gives for a free port, and waits until it listens there.
    pub fn start(
        name: &'static str,
        command: impl FnOnce(u16) -> anyhow::Result<Command>,
    ) -> anyhow::Result<Self> {
        let folder = target_folder().join("peers").join(name);
        fs::create_dir_all(&folder)?;
        let log = fs::File::create(folder.join("log"))?;
        let port = free_port()?;
        let mut command = command(port)?;
        command.stdout(log.try_clone()?).stderr(log).stdin(Stdio::null());
        let process = command.spawn().with_context(|| format!("could not start {name}"))?;
        let mut peer = Self { name, process, port };
        peer.wait()?;
        Ok(peer)
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait(&mut self) -> anyhow::Result<()> {
        let begun = Instant::now();
        let name = self.name;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if let Some(status) = self.process.try_wait()? {
                bail!("{name} ended with {status}\n\nhint: see `peers/{name}/log` in the target folder");
            }
            ensure!(begun.elapsed() < START, "{name} does not listen after {} s", START.as_secs());
            sleep(Duration::from_millis(500));
        }
        Ok(())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that nobody listens on.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
