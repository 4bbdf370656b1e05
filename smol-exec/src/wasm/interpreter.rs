//! One instance as an interpreter. A block on its way is a future that is kept while a tool is awaited.

use super::{
    engine::{Engine, Instance},
    files::Places,
    host::{Host, Question, Shared, lock},
    start_error,
    turn::{self, Event, Turn},
};
use crate::{
    guest,
    limits::Limits,
    session::{self, Step},
};
use serde_json::Value;
use smol_core::exec::{ExecError, SandboxSpec};
use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

pub(super) struct Interpreter {
    engine: Arc<Engine>,
    limits: Limits,
    shared: Arc<Shared>,
    state: State,
    /// How long the current block has run, without the time it waited for tools.
    used: Duration,
}

enum State {
    Idle(Box<Instance>),
    Asking(Turn, oneshot::Sender<String>),
    Gone,
}

impl Interpreter {
    pub(super) async fn make(
        engine: Arc<Engine>,
        limits: Limits,
        spec: SandboxSpec,
        places: Places,
    ) -> Result<Self, ExecError> {
        let shared = Shared::new(limits.output);
        let mut open = guest::open(&spec, limits.output);
        if let Some(frame) = open.as_object_mut() {
            frame.insert("files".to_owned(), places.told());
        }
        let host = Host::new(&spec, &limits, shared.clone(), Some(places)).map_err(start_error)?;
        let instance = engine.instance(host, &open.to_string()).await.map_err(start_error)?;
        let state = State::Idle(Box::new(instance));
        Ok(Self { engine, limits, shared, state, used: Duration::ZERO })
    }

    /// Lets the block run until it asks, ends or has used its time.
    async fn drive(&mut self, turn: Turn) -> Step {
        let left = self.limits.time_per_block.saturating_sub(self.used);
        let started = Instant::now();
        let running = self.engine.ticker.run();
        let (turn, event) = turn::next_event(turn, &self.shared, left).await;
        drop(running);
        self.used += started.elapsed();
        match event {
            Event::Asked(question) => self.asked(turn, question),
            Event::Ended(instance, Ok(frame)) => self.ended(instance, &frame),
            Event::Ended(_, Err(error)) => Step::Lost(self.crash(&error)),
            Event::TimeUp => Step::Lost(self.limits.time_up(self.used)),
        }
    }

    fn asked(&mut self, turn: Turn, question: Question) -> Step {
        match guest::read(&question.frame) {
            Ok(asked) => {
                self.state = State::Asking(turn, question.answer);
                Step::Asked(asked)
            }
            Err(reason) => Step::Lost(reason),
        }
    }

    fn ended(&mut self, instance: Box<Instance>, frame: &str) -> Step {
        match guest::read(frame) {
            Ok(ended) => {
                self.state = State::Idle(instance);
                Step::Ended(ended)
            }
            Err(reason) => Step::Lost(reason),
        }
    }

    fn crash(&self, error: &wasmtime::Error) -> String {
        if self.shared.memory_was_refused.load(Ordering::Relaxed) {
            return format!("it ran out of memory, limit {} MB", self.limits.memory >> 20);
        }
        format!("it crashed: {}", error.root_cause())
    }
}

#[async_trait::async_trait]
impl session::Interpreter for Interpreter {
    fn set_clock(&mut self, milliseconds: u64) {
        if let State::Idle(instance) = &self.state {
            instance.store.data().clocks.tell(milliseconds);
        }
    }

    async fn run(&mut self, code: &str) -> Step {
        let State::Idle(mut instance) = std::mem::replace(&mut self.state, State::Gone) else {
            return Step::Lost("it is not ready for code".to_owned());
        };
        self.used = Duration::ZERO;
        self.shared.memory_was_refused.store(false, Ordering::Relaxed);
        let frame = guest::run(code);
        let turn = async move {
            instance.store.set_epoch_deadline(1);
            let result = instance.exports.call_feed(&mut instance.store, &frame).await;
            (instance, result)
        };
        self.drive(Box::pin(turn)).await
    }

    async fn reply(&mut self, reply: Result<Value, String>) -> Step {
        let State::Asking(turn, answer) = std::mem::replace(&mut self.state, State::Gone) else {
            return Step::Lost("it waits for no reply".to_owned());
        };
        // The other end is in `turn`, which is here.
        let _ = answer.send(guest::reply(reply));
        self.drive(turn).await
    }

    fn take_logs(&mut self) -> String {
        lock(&self.shared.logs).take()
    }
}
