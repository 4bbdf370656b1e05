//! A stand-in for Modal: its server and the command routers of all sandboxes, at one address. Processes are real ones of
//! this machine, each sandbox's in a folder of its own. Modal's own library accepts what it says (`cargo xtask it modal`).
//!
//! Images: `missing` cannot be made, `slow` is made while one waits; of `full` no sandbox is made, of `late` one that is
//! placed only later; of `stale` the first token to the router has run out, and of `flaky` every other call breaks off.

mod calls;
mod process;
#[path = "../../../../src/modal/messages.rs"]
mod wire;

use process::Process;
use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};
use tonic::{
    Status,
    metadata::MetadataMap,
    transport::{Server, server::TcpIncoming},
};
use tower::service_fn;

/// The token that the stand-in knows: id and secret.
pub(crate) const TOKEN: (&str, &str) = ("ak-0123456789", "as-0123456789");

/// What all routers' tokens begin with.
pub(crate) const ROUTER_TOKEN: &str = "router-token";

/// A running stand-in. What it runs ends with it.
pub(crate) struct Fake {
    url: String,
    state: Arc<State>,
    serving: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct State {
    url: String,
    sandboxes: Mutex<HashMap<String, Sandbox>>,
    /// What makes names and breaks calls off.
    count: AtomicU64,
}

struct Sandbox {
    image: String,
    /// The token to the router that counts.
    token: String,
    /// 0 while it lives.
    status: i32,
    /// How often it was asked where it is.
    asked: u32,
    folder: tempfile::TempDir,
    processes: HashMap<String, Arc<Process>>,
    definition: wire::Sandbox,
}

impl Fake {
    pub(crate) fn start() -> Self {
        let incoming = TcpIncoming::bind((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
        let address = incoming.local_addr().expect("an address");
        let url = format!("http://{address}");
        let state = Arc::new(State { url: url.clone(), ..State::default() });
        let shared = state.clone();
        let service = service_fn(move |request| calls::answer(shared.clone(), request));
        let serving = Server::builder().serve_with_incoming(service, incoming.with_nodelay(Some(true)));
        let serving = tokio::spawn(async move { serving.await.expect("it serves") });
        Self { url, state, serving }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The sandboxes that live, by id: arguments, seconds, and whether they have a network.
    pub(crate) fn sandboxes(&self) -> Vec<(String, Vec<String>, u32, bool)> {
        let sandboxes = self.state.sandboxes.lock().expect("a lock");
        let live = sandboxes.iter().filter(|(_, sandbox)| sandbox.status == 0);
        let facts = live.map(|(id, sandbox)| {
            let made = &sandbox.definition;
            let access = made.network_access.as_ref().map(|access| access.network_access_type);
            (id.clone(), made.entrypoint_args.clone(), made.timeout_secs, access == Some(wire::OPEN))
        });
        facts.collect()
    }

    /// Ends a sandbox, as the service does when its time is up.
    pub(crate) fn expire(&self, id: &str) {
        self.state.end(id, wire::TIMEOUT);
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        for (id, ..) in self.sandboxes() {
            self.state.end(&id, wire::TERMINATED);
        }
        self.serving.abort();
    }
}

impl State {
    fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }

    fn end(&self, id: &str, status: i32) {
        let mut sandboxes = self.sandboxes.lock().expect("a lock");
        if let Some(sandbox) = sandboxes.get_mut(id).filter(|sandbox| sandbox.status == 0) {
            sandbox.status = status;
            sandbox.processes.values().for_each(|process| process.kill());
        }
    }

    fn with<T>(&self, id: &str, use_it: impl FnOnce(&mut Sandbox) -> T) -> Result<T, Status> {
        let mut sandboxes = self.sandboxes.lock().expect("a lock");
        let sandbox = sandboxes.get_mut(id).ok_or_else(|| Status::not_found(format!("no sandbox {id}")))?;
        Ok(use_it(sandbox))
    }

    /// The sandbox of a task, if the router takes the token.
    fn at_router<T>(
        &self,
        headers: &MetadataMap,
        task: &str,
        use_it: impl FnOnce(&mut Sandbox) -> T,
    ) -> Result<T, Status> {
        let id = task.strip_prefix("ta-").unwrap_or_default();
        let (token, status) = self.with(id, |sandbox| (sandbox.token.clone(), sandbox.status))?;
        if calls::header(headers, "authorization") != format!("Bearer {token}") {
            return Err(Status::unauthenticated("the token has run out"));
        }
        if status != 0 {
            return Err(Status::unavailable("the task has ended"));
        }
        self.with(id, use_it)
    }

    /// A process, and whether the call is to break off.
    fn process(
        &self,
        headers: &MetadataMap,
        task: &str,
        process: &str,
    ) -> Result<(Arc<Process>, bool), Status> {
        let (found, flaky) = self.at_router(headers, task, |sandbox| {
            (sandbox.processes.get(process).cloned(), sandbox.image == "flaky")
        })?;
        let breaks = flaky && self.next() % 2 == 1;
        Ok((found.ok_or_else(|| Status::not_found("no such exec"))?, breaks))
    }
}
