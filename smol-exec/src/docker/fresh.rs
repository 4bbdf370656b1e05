//! A worker for each block: nothing that code does outlasts its block. While one block runs, the worker of the next is
//! made ready, so no block waits for a container but the first.

use super::attached::Attached;
use crate::{
    session::{Interpreter as _, Step},
    worker::Interpreter,
};
use futures::future::BoxFuture;
use serde_json::Value;
use smol_core::exec::ExecError;
use tokio::task::JoinSet;

type Worker = Interpreter<Attached>;
type Made = Result<Worker, ExecError>;

/// Blocks, each in a worker of its own.
pub(super) struct Fresh<M> {
    make: M,
    /// The next block's: a set of one task, because dropping it stops the task.
    next: JoinSet<Made>,
    /// That of the block that runs.
    current: Option<Worker>,
    logs: String,
}

impl<M: Fn() -> BoxFuture<'static, Made>> Fresh<M> {
    /// Makes the first worker.
    pub(super) async fn open(make: M) -> Result<Self, ExecError> {
        let first = make().await?;
        let mut next = JoinSet::new();
        next.spawn(async { Ok(first) });
        Ok(Self { make, next, current: None, logs: String::new() })
    }

    async fn take_next(&mut self) -> Result<Worker, String> {
        let made = self.next.join_next().await;
        self.next.spawn((self.make)());
        let made = made.ok_or("there is no worker")?.map_err(|error| error.to_string())?;
        made.map_err(|error| error.to_string())
    }

    /// Ends the worker of a block that has ended.
    fn after(&mut self, step: Step) -> Step {
        if !matches!(step, Step::Asked(_))
            && let Some(mut worker) = self.current.take()
        {
            self.logs = worker.take_logs();
        }
        step
    }
}

#[async_trait::async_trait]
impl<M: Fn() -> BoxFuture<'static, Made> + Send + 'static> crate::session::Interpreter for Fresh<M> {
    async fn run(&mut self, code: &str) -> Step {
        let step = match self.take_next().await {
            Ok(worker) => self.current.insert(worker).run(code).await,
            Err(cause) => Step::Lost(cause),
        };
        self.after(step)
    }

    async fn reply(&mut self, reply: Result<Value, String>) -> Step {
        let step = match &mut self.current {
            Some(worker) => worker.reply(reply).await,
            None => Step::Lost("no block runs".to_owned()),
        };
        self.after(step)
    }

    fn take_logs(&mut self) -> String {
        std::mem::take(&mut self.logs)
    }
}
