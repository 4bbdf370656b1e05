//! The command router of a sandbox, which runs where the sandbox does: starts a process in it and carries its streams.
//! Both directions count bytes, so that a call that broke off goes on where it was.

use super::{
    messages as wire, rpc,
    server::{Server, hidden},
};
use crate::{
    cloud::{ANSWER, Refusal, Secret},
    worker::{BOOTSTRAP, ENVIRONMENT},
};
use backon::{BackoffBuilder, ExponentialBuilder};
use prost::Message;
use std::{sync::Mutex, time::Duration};
use tonic::{Code, Status, Streaming, metadata::MetadataMap, transport::Channel};

/// How much input is sent at once, in bytes.
const PIECE: usize = 256 << 10;

/// The waits before a call is made again: ten of them, five seconds together.
const WAITS: ExponentialBuilder =
    ExponentialBuilder::new().with_min_delay(Duration::from_millis(10)).with_max_times(10);

/// The waits for a sandbox that is being started, longer ones.
const FIRST_WAITS: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(500))
    .with_max_delay(Duration::from_secs(10))
    .with_max_times(34);

/// How long a reading of the exit status may take until it is asked for again.
const EXIT: Duration = Duration::from_secs(5);

macro_rules! path {
    ($method:literal) => {
        concat!("/modal.task_command_router.TaskCommandRouter/", $method)
    };
}

/// One process of one sandbox, by way of the router.
pub(super) struct Router {
    channel: Channel,
    server: Server,
    sandbox: Sandbox,
    process: String,
    /// The router's own token, which lasts for minutes.
    token: Mutex<Secret>,
}

/// A sandbox's names.
#[derive(Clone)]
pub(super) struct Sandbox {
    pub(super) id: String,
    pub(super) task: String,
    /// What calls about it bear.
    pub(super) token: Secret,
}

impl Router {
    /// The router of a sandbox, with access that came along or is asked for.
    pub(super) async fn find(
        server: Server,
        sandbox: Sandbox,
        access: Option<wire::CommandRouterAccess>,
    ) -> Result<Self, Refusal> {
        let access = match access.filter(|access| !access.url.is_empty()) {
            Some(access) => access,
            None => access_to(&server, &sandbox).await?,
        };
        // A server that is spoken to in the clear is one for tests.
        if !access.url.starts_with("https:") && !server.url.starts_with("http:") {
            return Err(Refusal::new(format!("the router's address is not safe: `{}`", access.url), ""));
        }
        let channel = rpc::channel(&access.url);
        let channel = channel.map_err(|status| Refusal::new(rpc::words(&status), ""))?;
        let (process, token) = (uuid::Uuid::new_v4().to_string(), Mutex::new(Secret::new(access.jwt)));
        Ok(Self { channel, server, sandbox, process, token })
    }

    /// Starts a Python with the bootstrap.
    pub(super) async fn start(&self) -> Result<(), String> {
        let settings = ENVIRONMENT.iter().map(|(name, value)| format!("{name}={value}"));
        let python = ["python3", "-s", "-c", BOOTSTRAP].map(str::to_owned);
        let request = wire::TaskExecStartRequest {
            task_id: self.sandbox.task.clone(),
            exec_id: self.process.clone(),
            command_args: ["env".to_owned()].into_iter().chain(settings).chain(python).collect(),
            stdout_config: wire::PIPE,
            stderr_config: wire::PIPE,
        };
        let _: wire::Empty = self.call(path!("TaskExecStart"), request, FIRST_WAITS).await?;
        Ok(())
    }

    /// Writes to the process's input, which has had `offset` bytes.
    pub(super) async fn write(&self, offset: &mut u64, bytes: &[u8]) -> Result<(), String> {
        for piece in bytes.chunks(PIECE) {
            let request = wire::TaskExecStdinWriteRequest {
                task_id: self.sandbox.task.clone(),
                exec_id: self.process.clone(),
                offset: *offset,
                data: piece.to_vec(),
                eof: false,
            };
            let _: wire::Empty = self.call(path!("TaskExecStdinWrite"), request, WAITS).await?;
            *offset += piece.len() as u64;
        }
        Ok(())
    }

    /// One of the process's streams from `offset` on.
    pub(super) async fn read(
        &self,
        stream: i32,
        offset: u64,
    ) -> Result<Streaming<wire::TaskExecStdioReadResponse>, Status> {
        let request = wire::TaskExecStdioReadRequest {
            task_id: self.sandbox.task.clone(),
            exec_id: self.process.clone(),
            offset,
            file_descriptor: stream,
        };
        let open = || async {
            rpc::stream(&self.channel, path!("TaskExecStdioRead"), self.metadata()?, request.clone()).await
        };
        self.admitted(open).await
    }

    /// How the process ended.
    pub(super) async fn exit(&self) -> String {
        let request =
            wire::TaskExecWaitRequest { task_id: self.sandbox.task.clone(), exec_id: self.process.clone() };
        let waited = self.call(path!("TaskExecWait"), request, WAITS);
        let waited: Option<wire::TaskExecWaitResponse> =
            tokio::time::timeout(EXIT, waited).await.ok().and_then(Result::ok);
        match waited.and_then(|waited| waited.exit_status) {
            Some(wire::ExitStatus::Code(code)) => format!("its process ended (exit status {code})"),
            Some(wire::ExitStatus::Signal(signal)) => format!("its process ended (signal {signal})"),
            None => "its process closed its output".to_owned(),
        }
    }

    /// Whether the sandbox as a whole has ended, and how.
    pub(super) async fn end(&self) -> Option<String> {
        let request = wire::SandboxWaitRequest { sandbox_id: self.sandbox.id.clone(), timeout: 0.0 };
        let asked = self.server.of_sandboxes(
            "/modal.client.ModalClient/SandboxWaitV2",
            self.sandbox.token.expose(),
            request,
        );
        let waited: wire::SandboxResult = asked.await.ok()?;
        match waited.result?.status {
            0 => None,
            wire::TIMEOUT => Some("its Modal sandbox is gone: its time was up".to_owned()),
            wire::TERMINATED => Some("its Modal sandbox is gone: it was ended".to_owned()),
            status => Some(format!("its Modal sandbox is gone (status {status})")),
        }
    }

    /// What a failed call says.
    pub(super) fn words(&self, status: &Status) -> String {
        let token = self.token.lock().map(|token| token.clone());
        let said = rpc::words(status);
        format!(
            "its Modal sandbox does not answer: {}",
            token.map_or(String::new(), |token| token.strike_out(&said))
        )
    }

    async fn call<Q, R>(&self, path: &'static str, request: Q, waits: ExponentialBuilder) -> Result<R, String>
    where
        Q: Message + Clone + 'static,
        R: Message + Default + 'static,
    {
        let attempt = || async {
            let once =
                || async { rpc::unary(&self.channel, path, self.metadata()?, request.clone(), ANSWER).await };
            self.admitted(once).await
        };
        let mut waits = waits.build();
        let done = async {
            loop {
                match attempt().await {
                    Err(status) if rpc::is_passing(&status) => {
                        if let Some(how) = self.end().await {
                            return Err(how);
                        }
                        let Some(wait) = waits.next() else { return Err(self.words(&status)) };
                        tokio::time::sleep(wait).await;
                    }
                    done => return done.map_err(|status| self.words(&status)),
                }
            }
        };
        done.await
    }

    /// Makes a call again with a new token if the old one has run out.
    async fn admitted<T, F>(&self, call: impl Fn() -> F) -> Result<T, Status>
    where
        F: Future<Output = Result<T, Status>>,
    {
        match call().await {
            Err(status) if status.code() == Code::Unauthenticated => {
                let access = access_to(&self.server, &self.sandbox).await;
                let access = access.map_err(|refusal| Status::permission_denied(refusal.cause))?;
                if let Ok(mut token) = self.token.lock() {
                    *token = Secret::new(access.jwt);
                }
                call().await
            }
            done => done,
        }
    }

    fn metadata(&self) -> Result<MetadataMap, Status> {
        let token = self.token.lock().map(|token| format!("Bearer {}", token.expose()));
        let token = token.map_err(|error| Status::internal(error.to_string()))?;
        let mut metadata = MetadataMap::new();
        let token = hidden(&token).map_err(|refusal| Status::internal(refusal.cause))?;
        metadata.insert("authorization", token);
        Ok(metadata)
    }
}

async fn access_to(server: &Server, sandbox: &Sandbox) -> Result<wire::CommandRouterAccess, Refusal> {
    let request = wire::SandboxRequest { sandbox_id: sandbox.id.clone() };
    let path = "/modal.client.ModalClient/SandboxGetCommandRouterAccess";
    server.of_sandboxes(path, sandbox.token.expose(), request).await
}
