//! What every sandbox does alike: it is made in the background, takes a block, waits for the reply to a call, and is gone
//! once it was lost. Whoever feeds the session drives it, nothing else does, so dropping the session or the feed stops the
//! code.

use crate::guest;
use serde_json::Value;
use smol_core::{
    exec::{ExecError, Input, Outcome, Sandbox},
    message::ToolCall,
};
use tokio::task::JoinSet;

/// A Python that runs blocks, of whatever kind. Dropping it stops it.
#[async_trait::async_trait]
pub(crate) trait Interpreter: Send + 'static {
    /// Sets the clock of the next block, where it can.
    fn set_clock(&mut self, _milliseconds: u64) {}

    /// Begins a block and runs it until something must be done about it.
    async fn run(&mut self, code: &str) -> Step;

    /// Goes on with the block that asked.
    async fn reply(&mut self, reply: Result<Value, String>) -> Step;

    /// What was printed since the last time, cut to the limit.
    fn take_logs(&mut self) -> String;
}

/// Why a block does not go on by itself.
pub(crate) enum Step {
    /// It asks for a tool.
    Asked(guest::Asked),
    /// It ended.
    Ended(guest::Ended),
    /// The interpreter is not to be used any more, and why.
    Lost(String),
}

/// One run's sandbox.
pub(crate) struct Session<I> {
    executor: &'static str,
    state: State<I>,
    clock: Option<u64>,
    calls: u64,
}

enum State<I> {
    /// The interpreter is made meanwhile. A set of one task, because dropping it stops the task.
    Opening(JoinSet<Result<I, ExecError>>),
    Idle(I),
    Asking(I, String),
    Gone,
}

impl<I: Interpreter> Session<I> {
    /// A session of the executor `executor` over what `make` makes; the making begins now.
    pub(crate) fn open(
        executor: &'static str,
        make: impl Future<Output = Result<I, ExecError>> + Send + 'static,
    ) -> Self {
        let mut opening = JoinSet::new();
        opening.spawn(make);
        Self { executor, state: State::Opening(opening), clock: None, calls: 0 }
    }

    async fn run(&mut self, mut interpreter: I, code: &str) -> Outcome {
        // Ids count from the start of the block, so that a block that is run again gives its calls the same ids.
        self.calls = 0;
        if let Some(milliseconds) = self.clock.take() {
            interpreter.set_clock(milliseconds);
        }
        let step = interpreter.run(code).await;
        self.outcome(interpreter, step)
    }

    fn outcome(&mut self, mut interpreter: I, step: Step) -> Outcome {
        match step {
            Step::Asked(asked) => {
                self.calls += 1;
                let id = format!("call_{}", self.calls);
                self.state = State::Asking(interpreter, id.clone());
                Outcome::Call(ToolCall { id, name: asked.name, arguments: asked.arguments.into() })
            }
            Step::Ended(ended) => {
                let logs = interpreter.take_logs();
                self.state = State::Idle(interpreter);
                ended.with_logs(logs)
            }
            Step::Lost(reason) => {
                let reason = format!("the Python sandbox was stopped: {reason}");
                Outcome::Lost { reason, logs: interpreter.take_logs() }
            }
        }
    }

    fn misuse(&self, cause: String) -> ExecError {
        ExecError::Protocol { executor: self.executor.to_owned(), cause }
    }

    fn refuse(&self, input: &Input) -> ExecError {
        self.misuse(match (&self.state, input) {
            (State::Gone, _) => "it is gone, open a new one".to_owned(),
            (State::Asking(_, id), Input::Code(_)) => {
                format!("it waits for the reply to `{id}`, not for code")
            }
            (State::Asking(_, id), Input::ToolReply { id: given, .. }) => {
                format!("it waits for the reply to `{id}`, not to `{given}`")
            }
            (_, Input::ToolReply { id, .. }) => format!("it got a reply to `{id}` but waits for none"),
            (_, Input::Code(_)) => "it is not ready for code".to_owned(),
        })
    }

    /// The interpreter, once it is made.
    async fn opened(&mut self, mut opening: JoinSet<Result<I, ExecError>>) -> Result<I, ExecError> {
        match opening.join_next().await {
            Some(Ok(made)) => made,
            Some(Err(error)) => Err(self.misuse(error.to_string())),
            None => Err(self.misuse("it is gone".to_owned())),
        }
    }
}

#[async_trait::async_trait]
impl<I: Interpreter> Sandbox for Session<I> {
    fn set_clock(&mut self, milliseconds: u64) {
        self.clock = Some(milliseconds);
    }

    async fn feed(&mut self, input: Input) -> Result<Outcome, ExecError> {
        match (std::mem::replace(&mut self.state, State::Gone), input) {
            (State::Opening(opening), Input::Code(code)) => {
                let interpreter = self.opened(opening).await?;
                Ok(self.run(interpreter, &code).await)
            }
            (State::Idle(interpreter), Input::Code(code)) => Ok(self.run(interpreter, &code).await),
            (State::Asking(mut interpreter, asked), Input::ToolReply { id, reply }) if id == asked => {
                let step = interpreter.reply(reply).await;
                Ok(self.outcome(interpreter, step))
            }
            (state, input) => {
                self.state = state;
                Err(self.refuse(&input))
            }
        }
    }
}
