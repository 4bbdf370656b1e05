//! One instance as an interpreter. A block on its way is a future that is kept while a tool is awaited.

use super::{
    files::Places,
    host::{Question, Shared, lock},
    ticker::Ticker,
    turn::{self, Event, Turn},
};
use crate::{
    guest,
    limits::Limits,
    session::{self, Step},
};
use serde_json::Value;
use smol_core::exec::SandboxSpec;
use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};
use tokio::sync::oneshot;

/// A Python in WebAssembly, however frames travel there.
pub(super) trait Guest: Send + 'static {
    /// Gives the guest program a frame and returns its answer.
    fn feed(&mut self, frame: &str) -> impl Future<Output = wasmtime::Result<String>> + Send;

    /// Sets its clocks, where it has some of its own.
    fn tell(&self, _milliseconds: u64) {}
}

pub(super) struct Interpreter<G> {
    ticker: Arc<Ticker>,
    limits: Limits,
    shared: Arc<Shared>,
    state: State<G>,
    /// How long the current block has run, without the time it waited for tools.
    used: Duration,
}

enum State<G> {
    Idle(Box<G>),
    Asking(Turn<G>, oneshot::Sender<String>),
    Gone,
}

/// The frame that opens a session with these files.
pub(super) fn open(spec: &SandboxSpec, limits: &Limits, places: &Places) -> String {
    let mut open = guest::open(spec, limits.output);
    if let Some(frame) = open.as_object_mut() {
        frame.insert("files".to_owned(), places.told());
    }
    open.to_string()
}

impl<G: Guest> Interpreter<G> {
    /// Over an instance that was given its `open` frame.
    pub(super) fn over(instance: G, ticker: Arc<Ticker>, limits: Limits, shared: Arc<Shared>) -> Self {
        Self { ticker, limits, shared, state: State::Idle(Box::new(instance)), used: Duration::ZERO }
    }

    /// Lets the block run until it asks, ends or has used its time.
    async fn drive(&mut self, turn: Turn<G>) -> Step {
        let left = self.limits.time_per_block.saturating_sub(self.used);
        let started = Instant::now();
        let running = self.ticker.run();
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

    fn asked(&mut self, turn: Turn<G>, question: Question) -> Step {
        match guest::read(&question.frame) {
            Ok(asked) => {
                self.state = State::Asking(turn, question.answer);
                Step::Asked(asked)
            }
            Err(reason) => Step::Lost(reason),
        }
    }

    fn ended(&mut self, instance: Box<G>, frame: &str) -> Step {
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
impl<G: Guest> session::Interpreter for Interpreter<G> {
    fn set_clock(&mut self, milliseconds: u64) {
        if let State::Idle(instance) = &self.state {
            instance.tell(milliseconds);
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
            let result = instance.feed(&frame).await;
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
