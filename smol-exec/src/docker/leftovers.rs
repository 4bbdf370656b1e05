//! Containers end with what they were made for. A dropped one is removed in the background, and one whose maker was killed
//! is removed by the next process that starts, which its labels tell.

use super::engine::Engine;
use crate::farewell::farewell;
use bollard::{
    Docker as Client,
    errors::Error,
    query_parameters::{ListContainersOptionsBuilder, RemoveContainerOptionsBuilder},
};
use std::{
    collections::HashMap,
    fs,
    sync::atomic::{AtomicU64, Ordering},
};

/// The machine since it was last booted, and the processes of it that can see each other.
const HOST: &str = "smolagents.host";

/// The process that made the container.
const MAKER: &str = "smolagents.maker";

/// A container that may be there. Dropping it kills and removes it.
pub(super) struct Container {
    client: Client,
    pub(super) name: String,
}

impl Container {
    /// One that is about to be created, with a name that no other has.
    pub(super) fn new(engine: &Engine) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        // In a container a process has the same number each time.
        let time = std::time::UNIX_EPOCH.elapsed().unwrap_or_default().as_nanos();
        Self { client: engine.client.clone(), name: format!("smolagents-{process}-{count}-{time:x}") }
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        farewell(remove(self.client.clone(), std::mem::take(&mut self.name)));
    }
}

async fn remove(client: Client, name: String) {
    let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
    match client.remove_container(&name, Some(options)).await {
        // It has gone, or is on its way.
        Ok(()) | Err(Error::DockerResponseServerError { status_code: 404 | 409, .. }) => {}
        Err(error) => tracing::warn!(name, %error, "a container was not removed"),
    }
}

/// What marks a container as this process's. Empty where the system does not tell one process from another.
pub(super) fn labels() -> HashMap<String, String> {
    let maker = host().zip(born(std::process::id()));
    let labels = maker.map(|(host, born)| {
        let maker = format!("{}-{born}", std::process::id());
        [(HOST.to_owned(), host), (MAKER.to_owned(), maker)]
    });
    labels.into_iter().flatten().collect()
}

/// Removes the containers of processes of this machine that have ended. What has ended itself, the engine removes.
pub(super) async fn remove_abandoned(engine: &Engine) {
    let Some(host) = host() else { return };
    let states = ["created", "running", "paused"].map(str::to_owned).into();
    let filters = HashMap::from([("label", vec![format!("{HOST}={host}")]), ("status", states)]);
    let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
    let found = engine.client.list_containers(Some(options)).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "containers of processes that have ended were not looked for");
        Vec::new()
    });
    for container in found {
        let maker = container.labels.unwrap_or_default().remove(MAKER).unwrap_or_default();
        if let Some(name) = container.id.filter(|_| !is_alive(&maker)) {
            tracing::debug!(name, maker, "removing the container of a process that has ended");
            farewell(remove(engine.client.clone(), name));
        }
    }
}

/// Numbers of processes mean something only within one boot and one namespace.
fn host() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{}/{}", boot.trim(), namespace.display()))
}

/// When a process began, in ticks since the boot: the 22nd field of its `stat`, after a name that may hold anything.
fn born(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

fn is_alive(maker: &str) -> bool {
    let Some((process, began)) = maker.split_once('-') else { return false };
    process.parse().ok().and_then(born).is_some_and(|born| born.to_string() == began)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_told_from_a_later_one_of_its_number() {
        let maker = labels().remove(MAKER).unwrap();
        let (process, began) = maker.split_once('-').unwrap();
        for (maker, expect) in [
            (maker.as_str(), true),
            (&format!("{process}-1{began}"), false),
            (&format!("{}-{began}", u32::MAX), false),
            (process, false),
            ("", false),
            ("x-y", false),
        ] {
            assert_eq!(is_alive(maker), expect, "{maker}");
        }
    }
}
