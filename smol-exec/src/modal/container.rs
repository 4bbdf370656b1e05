//! One sandbox with a worker in it, from its making to its end.

use super::{
    messages as wire,
    router::{Router, Sandbox},
    rpc,
    server::{Place, Server},
};
use crate::{
    cloud::{Arrived, Feed, Refusal, Secret, Wire},
    farewell::farewell,
};
use std::{sync::Arc, time::Duration};
use tokio::{sync::mpsc, task::JoinSet};

/// How long what a process printed may come after the end of its output.
const PARTING: Duration = Duration::from_millis(500);

/// How long a sandbox may take to be given a place to run, and how often that is asked.
const PLACED: (Duration, Duration) = (Duration::from_secs(300), Duration::from_millis(500));

/// The waits before a stream is opened again, in milliseconds.
const WAITS: [u64; 6] = [10, 50, 200, 500, 1000, 2000];

/// A sandbox that is ended once nobody needs it.
pub(super) struct Container {
    server: Server,
    sandbox: Sandbox,
}

/// Makes a sandbox and starts the worker in it.
pub(super) async fn start(
    server: Server,
    place: Place,
    network: bool,
    lifetime: Duration,
) -> Result<Wire<Container>, Refusal> {
    let made = server.create(&place, network, lifetime).await?;
    let sandbox = Sandbox { id: made.sandbox_id, task: made.task_id, token: Secret::new(made.sandbox_token) };
    let mut container = Container { server: server.clone(), sandbox };
    tracing::debug!(sandbox = container.sandbox.id, "Modal made a sandbox");
    if container.sandbox.task.is_empty() {
        container.sandbox.task = placed(&server, &container.sandbox).await?;
    }
    let router = Router::find(server, container.sandbox.clone(), made.command_router_access).await?;
    let router = Arc::new(router);
    let started = router.start().await;
    started.map_err(|cause| Refusal::new(cause, "does the image hold `env` and `python3`?"))?;
    Ok(Wire::new(container, |feed: Feed, carriers: &mut JoinSet<()>| {
        carriers.spawn(hear(router.clone(), feed.arrived.clone()));
        carriers.spawn(tell(router, feed));
    }))
}

/// Where a sandbox runs, once that is known.
async fn placed(server: &Server, sandbox: &Sandbox) -> Result<String, Refusal> {
    let asking = async {
        loop {
            let request = wire::SandboxRequest { sandbox_id: sandbox.id.clone() };
            let path = "/modal.client.ModalClient/SandboxGetTaskIdV2";
            let found: wire::SandboxGetTaskIdResponse =
                server.of_sandboxes(path, sandbox.token.expose(), request).await?;
            if let Some(result) = found.task_result.filter(|result| result.status != 0) {
                return Err(Refusal::new(format!("it ended before it began: {}", result.exception), ""));
            }
            if let Some(task) = found.task_id.filter(|task| !task.is_empty()) {
                return Ok(task);
            }
            tokio::time::sleep(PLACED.1).await;
        }
    };
    let late = |_| Err(Refusal::new("Modal found no place for it", ""));
    tokio::time::timeout(PLACED.0, asking).await.unwrap_or_else(late)
}

/// Hands on what the worker says.
async fn hear(router: Arc<Router>, arrived: mpsc::Sender<Arrived>) {
    let mut printed = JoinSet::new();
    printed.spawn(hear_one(router.clone(), wire::ERRORS, Arrived::Errors, arrived.clone()));
    let how = hear_one(router.clone(), wire::OUTPUT, Arrived::Output, arrived.clone()).await;
    let _ = tokio::time::timeout(PARTING, printed.join_next()).await;
    let how = match how {
        // The streams of a sandbox that has ended end before the sandbox is known to have.
        Ok(()) => match router.end().await {
            Some(how) => how,
            None => router.exit().await,
        },
        Err(how) => how,
    };
    let _ = arrived.send(Arrived::Ended(how)).await;
}

/// Reads one stream to its end. An error says why it ended before.
async fn hear_one(
    router: Arc<Router>,
    stream: i32,
    kind: fn(Vec<u8>) -> Arrived,
    arrived: mpsc::Sender<Arrived>,
) -> Result<(), String> {
    let (mut offset, mut waits) = (0, WAITS.iter());
    loop {
        let before = offset;
        let read = async {
            let mut pieces = router.read(stream, offset).await?;
            while let Some(piece) = pieces.message().await? {
                offset += piece.data.len() as u64;
                // Nobody listens any more once the wire is gone, and with it this task.
                let _ = arrived.send(kind(piece.data)).await;
            }
            Ok(())
        };
        let Err(status) = read.await else { return Ok(()) };
        if let Some(how) = router.end().await {
            return Err(how);
        }
        if offset > before {
            waits = WAITS.iter();
        }
        match waits.next() {
            Some(wait) if rpc::is_passing(&status) => tokio::time::sleep(Duration::from_millis(*wait)).await,
            _ => return Err(router.words(&status)),
        }
    }
}

/// Hands on what the worker is told.
async fn tell(router: Arc<Router>, mut feed: Feed) {
    let mut offset = 0;
    while let Some(line) = feed.lines.recv().await {
        if let Err(how) = router.write(&mut offset, &line).await {
            let _ = feed.arrived.send(Arrived::Ended(how)).await;
            return;
        }
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let (server, sandbox) = (self.server.clone(), self.sandbox.clone());
        farewell(async move {
            let request = wire::SandboxRequest { sandbox_id: sandbox.id.clone() };
            let path = "/modal.client.ModalClient/SandboxTerminateV2";
            let ended = async {
                let server = server.anew()?;
                let _: wire::SandboxResult =
                    server.of_sandboxes(path, sandbox.token.expose(), request).await?;
                Ok::<_, Refusal>(())
            };
            if let Err(Refusal { cause, .. }) = ended.await {
                let sandbox = sandbox.id;
                tracing::warn!(sandbox, cause, "a Modal sandbox was not ended: it ends when its time is up");
            }
        });
    }
}
