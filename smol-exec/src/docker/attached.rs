//! A worker that is the first program of a container, reached by the stream that the engine attaches to it. The engine
//! says of each piece whether it was output or error.

use super::{
    container::{NEEDED, Plan},
    engine::{Engine, root_cause},
    leftovers::Container,
    start_error,
};
use crate::worker::{Channel, Lines, Piece};
use bollard::{
    container::{AttachContainerResults, LogOutput},
    errors::Error,
    query_parameters::{
        AttachContainerOptionsBuilder, CreateContainerOptionsBuilder, WaitContainerOptionsBuilder,
    },
};
use futures::{FutureExt, StreamExt};
use smol_core::exec::ExecError;
use std::{collections::VecDeque, time::Duration};
use tokio::{io::AsyncWriteExt, task::JoinSet, time::timeout};

/// How long an ended container may take to tell how it ended.
const PARTING: Duration = Duration::from_secs(2);

/// How many pieces that have come already are taken before the first is handed on.
const AT_ONCE: usize = 64;

/// The status of what was killed.
const KILLED: i64 = 137;

pub(super) struct Attached {
    streams: AttachContainerResults,
    lines: Lines,
    printed: VecDeque<Piece>,
    is_at_end: bool,
    /// The container's status once it has ended: a set of one task, because dropping it stops the task.
    status: JoinSet<Option<i64>>,
    memory: u64,
    _container: Container,
}

impl Attached {
    /// Starts a container. This goes on to its end even if nobody waits for it: of a request that was cut off, nobody
    /// knows whether there is something to be removed.
    pub(super) async fn start(engine: Engine, plan: Plan) -> Result<Self, ExecError> {
        let hint = plan.start_hint();
        let started = tokio::spawn(async move { Self::start_now(&engine, &plan).await }).await;
        let started = started.map_err(|error| start_error(error, ""))?;
        started.map_err(|error| {
            start_error(format!("the engine could not start the container: {}", root_cause(&error)), &hint)
        })
    }

    async fn start_now(engine: &Engine, plan: &Plan) -> Result<Self, Error> {
        let container = Container::new(engine);
        let client = engine.client.clone();
        let name = container.name.clone();
        let create = CreateContainerOptionsBuilder::new().name(&name).build();
        client.create_container(Some(create), plan.body()).await?;
        let attach = AttachContainerOptionsBuilder::new().stream(true).stdin(true).stdout(true).stderr(true);
        let streams = client.attach_container(&name, Some(attach.build())).await?;
        let mut status = JoinSet::new();
        // It waits before the start, because the engine forgets what has ended.
        status.spawn(wait(client.clone(), name.clone()));
        client.start_container(&name, None).await?;
        Ok(Self {
            streams,
            lines: Lines::default(),
            printed: VecDeque::new(),
            is_at_end: false,
            status,
            memory: plan.container_memory(),
            _container: container,
        })
    }

    fn take(&mut self, piece: Option<Result<LogOutput, Error>>) {
        match piece {
            Some(Ok(LogOutput::StdOut { message })) => self.lines.push(&message),
            Some(Ok(other)) => {
                let text = String::from_utf8_lossy(&other.into_bytes()).into_owned();
                self.printed.push_back(Piece::Printed(text));
            }
            Some(Err(_)) | None => self.is_at_end = true,
        }
    }

    /// What has come by now: of what was printed past the worker, most was there before the worker's next line.
    fn take_what_came(&mut self) {
        for _ in 0..AT_ONCE {
            match self.streams.output.next().now_or_never() {
                Some(piece) if !self.is_at_end => self.take(piece),
                _ => break,
            }
        }
    }

    async fn how_it_ended(&mut self) -> String {
        let status = timeout(PARTING, self.status.join_next()).await;
        match status.ok().flatten().and_then(Result::ok).flatten() {
            Some(KILLED) => format!(
                "its container was killed, from outside or because it took more than {} bytes of memory",
                self.memory
            ),
            Some(status) => format!("its container ended with status {status}"),
            None => "its container, or the engine, has ended".to_owned(),
        }
    }
}

/// The status of a container when it ends, as far as the engine can tell.
async fn wait(client: bollard::Docker, name: String) -> Option<i64> {
    let options = WaitContainerOptionsBuilder::new().condition("next-exit").build();
    match client.wait_container(&name, Some(options)).boxed().next().await? {
        Ok(ended) => Some(ended.status_code),
        Err(Error::DockerContainerWaitError { code, .. }) => Some(code),
        Err(_) => None,
    }
}

#[async_trait::async_trait]
impl Channel for Attached {
    async fn send(&mut self, line: String) -> Result<(), String> {
        let bytes = [line.as_bytes(), b"\n"].concat();
        let sent = self.streams.input.write_all(&bytes).await;
        if sent.is_ok() && self.streams.input.flush().await.is_ok() {
            return Ok(());
        }
        Err(self.how_it_ended().await)
    }

    async fn next(&mut self) -> Piece {
        loop {
            self.take_what_came();
            if let Some(piece) = self.printed.pop_front().or_else(|| self.lines.next()) {
                return piece;
            }
            if self.is_at_end {
                return Piece::Ended(self.how_it_ended().await);
            }
            let piece = self.streams.output.next().await;
            self.take(piece);
        }
    }

    fn hint(&self) -> &'static str {
        NEEDED
    }
}
