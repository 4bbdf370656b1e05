//! One run's sandbox. A block on its way is a future that is kept while a tool is awaited: whoever feeds the session
//! polls it, nothing else does, so dropping the session or the feed stops the code.

use super::{
    Limits,
    engine::{Engine, Instance},
    host::{Host, Question, Shared, lock},
    start_error,
    turn::{self, Event, Turn},
};
use crate::guest;
use smol_core::{
    exec::{ExecError, Input, Outcome, SandboxSpec},
    message::ToolCall,
};
use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};
use tokio::{sync::oneshot, task::JoinSet};

pub(super) struct Session {
    engine: Arc<Engine>,
    limits: Limits,
    state: State,
    shared: Arc<Shared>,
    /// What time the next block is told, in milliseconds since 1970.
    clock: Option<u64>,
    /// How long the current block has run, without the time it waited for tools.
    used: Duration,
    calls: u64,
}

enum State {
    /// The instance is made meanwhile. A set of one task, because dropping it stops the task.
    Opening(JoinSet<wasmtime::Result<Instance>>),
    Idle(Box<Instance>),
    Asking {
        turn: Turn,
        id: String,
        answer: oneshot::Sender<String>,
    },
    Gone,
}

impl Session {
    pub(super) fn open(engine: Arc<Engine>, limits: Limits, spec: SandboxSpec) -> Self {
        let shared = Shared::new(limits.output);
        let host = Host::new(&spec, &limits, shared.clone());
        let mut opening = JoinSet::new();
        let maker = engine.clone();
        opening.spawn(async move { maker.instance(host, &guest::open(&spec, limits.output)).await });
        let state = State::Opening(opening);
        Self { engine, limits, state, shared, clock: None, used: Duration::ZERO, calls: 0 }
    }

    async fn run(&mut self, mut instance: Box<Instance>, code: &str) -> Outcome {
        // Ids count from the start of the block, so that a block that is run again gives its calls the same ids.
        (self.used, self.calls) = (Duration::ZERO, 0);
        self.shared.memory_was_refused.store(false, Ordering::Relaxed);
        if let Some(milliseconds) = self.clock.take() {
            instance.store.data().clocks.tell(milliseconds);
        }
        let frame = guest::run(code);
        let turn = async move {
            instance.store.set_epoch_deadline(1);
            let result = instance.exports.call_feed(&mut instance.store, &frame).await;
            (instance, result)
        };
        self.drive(Box::pin(turn)).await
    }

    /// Lets the block run until it asks, ends or has used its time.
    async fn drive(&mut self, turn: Turn) -> Outcome {
        let left = self.limits.time_per_block.saturating_sub(self.used);
        let started = Instant::now();
        let running = self.engine.ticker.run();
        let (turn, event) = turn::next_event(turn, &self.shared, left).await;
        drop(running);
        self.used += started.elapsed();
        match event {
            Event::Asked(question) => self.asked(turn, question),
            Event::Ended(instance, Ok(frame)) => self.ended(instance, &frame),
            Event::Ended(_, Err(error)) => self.lost(self.crash(&error)),
            Event::TimeUp => self.lost(self.time_up()),
        }
    }

    fn asked(&mut self, turn: Turn, question: Question) -> Outcome {
        let asked: guest::Asked = match guest::read(&question.frame) {
            Ok(asked) => asked,
            Err(reason) => return self.lost(reason),
        };
        self.calls += 1;
        let id = format!("call_{}", self.calls);
        self.state = State::Asking { turn, id: id.clone(), answer: question.answer };
        Outcome::Call(ToolCall { id, name: asked.name, arguments: asked.arguments.into() })
    }

    fn ended(&mut self, instance: Box<Instance>, frame: &str) -> Outcome {
        match guest::read::<guest::Ended>(frame) {
            Ok(ended) => {
                self.state = State::Idle(instance);
                ended.with_logs(self.take_logs())
            }
            Err(reason) => self.lost(reason),
        }
    }

    fn lost(&mut self, reason: String) -> Outcome {
        Outcome::Lost { reason: format!("the Python sandbox was stopped: {reason}"), logs: self.take_logs() }
    }

    fn take_logs(&self) -> String {
        lock(&self.shared.logs).take()
    }

    fn time_up(&self) -> String {
        let (limit, used) = (self.limits.time_per_block.as_secs_f64(), self.used.as_secs_f64());
        format!("the block ran {used:.1} s, limit {limit} s")
    }

    fn crash(&self, error: &wasmtime::Error) -> String {
        if self.shared.memory_was_refused.load(Ordering::Relaxed) {
            return format!("it ran out of memory, limit {} MB", self.limits.memory >> 20);
        }
        format!("it crashed: {}", error.root_cause())
    }
}

fn misuse(cause: &str) -> ExecError {
    ExecError::Protocol { executor: "wasm".to_owned(), cause: cause.to_owned() }
}

#[async_trait::async_trait]
impl smol_core::exec::Sandbox for Session {
    fn set_clock(&mut self, milliseconds: u64) {
        self.clock = Some(milliseconds);
    }

    async fn feed(&mut self, input: Input) -> Result<Outcome, ExecError> {
        match (std::mem::replace(&mut self.state, State::Gone), input) {
            (State::Opening(mut opening), Input::Code(code)) => {
                let made = opening.join_next().await.ok_or_else(|| misuse("it is gone"))?;
                let instance = made.map_err(start_error)?.map_err(start_error)?;
                Ok(self.run(Box::new(instance), &code).await)
            }
            (State::Idle(instance), Input::Code(code)) => Ok(self.run(instance, &code).await),
            (State::Asking { turn, id: asked, answer }, Input::ToolReply { id, reply }) if id == asked => {
                // The other end is in `turn`, which is here.
                let _ = answer.send(guest::reply(reply));
                Ok(self.drive(turn).await)
            }
            (state, input) => {
                self.state = state;
                Err(self.refuse(&input))
            }
        }
    }
}

impl Session {
    fn refuse(&self, input: &Input) -> ExecError {
        match (&self.state, input) {
            (State::Gone, _) => misuse("it is gone, open a new one"),
            (State::Asking { id, .. }, Input::Code(_)) => {
                misuse(&format!("it waits for the reply to `{id}`, not for code"))
            }
            (State::Asking { id, .. }, Input::ToolReply { id: given, .. }) => {
                misuse(&format!("it waits for the reply to `{id}`, not to `{given}`"))
            }
            (_, Input::ToolReply { id, .. }) => {
                misuse(&format!("it got a reply to `{id}` but waits for none"))
            }
            (_, Input::Code(_)) => misuse("it is not ready for code"),
        }
    }
}
