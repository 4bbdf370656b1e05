//! A worker as an interpreter: one block at a time, its time kept here.

use super::{
    Channel,
    frames::{self, Call, Piece, Ready, Word},
};
use crate::{
    guest::Ended,
    limits::Limits,
    logs::Logs,
    session::{self, Step},
};
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// How long a worker may take until it is ready.
const START: Duration = Duration::from_secs(60);

/// How long a block may go on after it was asked to end.
const GRACE: Duration = Duration::from_secs(1);

/// How much of what a worker printed before it failed is shown, in characters.
const START_OUTPUT: usize = 2_000;

pub(crate) struct Interpreter<C> {
    channel: C,
    limits: Limits,
    logs: Logs,
    turn: u64,
    /// The call that waits for its reply.
    call: u64,
    /// How long the current block has run, without the time it waited for tools.
    used: Duration,
}

/// What ends a stretch of a block.
enum Event {
    Asked(Call),
    Ended(Ended),
    Lost(String),
    TimeUp,
}

impl<C: Channel> Interpreter<C> {
    /// Makes the session and waits until the worker is ready.
    pub(crate) async fn open(
        channel: C,
        limits: Limits,
        opening: impl IntoIterator<Item = String>,
    ) -> Result<Self, String> {
        let logs = Logs::new(START_OUTPUT);
        let mut worker = Self { channel, limits, logs, turn: 0, call: 0, used: Duration::ZERO };
        let ready = timeout(START, worker.begin(opening)).await;
        let ready = ready.map_err(|_| format!("it was not ready after {} s", START.as_secs())).flatten();
        let ready = ready.map_err(|cause| match worker.logs.take() {
            printed if printed.is_empty() => cause,
            printed => format!("{cause}: {}", printed.trim_end()),
        })?;
        tracing::debug!(python = ready.python, confined = ?ready.confined, "a worker is ready");
        worker.logs = Logs::new(limits.output);
        Ok(worker)
    }

    async fn begin(&mut self, opening: impl IntoIterator<Item = String>) -> Result<Ready, String> {
        for line in opening {
            // One that ended at once says why on its way out.
            if self.channel.send(line).await.is_err() {
                break;
            }
        }
        loop {
            match self.channel.next().await {
                Piece::Printed(text) => self.logs.push(&text),
                Piece::Ended(how) => return Err(how),
                Piece::Line(line) => match frames::read(&line, 0)? {
                    Word::Ready(ready) => return Ok(ready),
                    Word::Failed(cause) => return Err(cause),
                    _ => return Err("it spoke before it was ready".to_owned()),
                },
            }
        }
    }

    /// Hands over a line and lets the block run until something must be done about it.
    async fn go(&mut self, line: String) -> Step {
        let started = Instant::now();
        let event = self.within(line).await;
        self.used += started.elapsed();
        match event {
            Event::Asked(call) => {
                self.call = call.id;
                Step::Asked(call.asked)
            }
            Event::Ended(ended) => Step::Ended(ended),
            Event::Lost(reason) => Step::Lost(reason),
            Event::TimeUp => self.interrupt().await,
        }
    }

    async fn within(&mut self, line: String) -> Event {
        let left = self.limits.time_per_block.saturating_sub(self.used);
        let stretch = async {
            match self.channel.send(line).await {
                Ok(()) => self.listen().await,
                Err(how) => Event::Lost(how),
            }
        };
        timeout(left, stretch).await.unwrap_or(Event::TimeUp)
    }

    async fn listen(&mut self) -> Event {
        loop {
            let line = match self.channel.next().await {
                Piece::Printed(text) => {
                    self.logs.push(&text);
                    continue;
                }
                Piece::Ended(how) => return Event::Lost(how),
                Piece::Line(line) => line,
            };
            match frames::read(&line, self.turn) {
                Ok(Word::Write(text)) => self.logs.push(&text),
                Ok(Word::Skipped(count)) => self.logs.skip(count),
                Ok(Word::Call(call)) => return Event::Asked(call),
                Ok(Word::Ended(ended)) => return Event::Ended(ended.clipped(self.limits.output)),
                Ok(Word::Ready(_) | Word::Failed(_)) => {
                    return Event::Lost("it sent a frame that does not belong there".to_owned());
                }
                Err(reason) => return Event::Lost(reason),
            }
        }
    }

    /// Asks the block to end. One that does leaves its variables; of one that does not, nothing is left.
    async fn interrupt(&mut self) -> Step {
        let reason = self.limits.time_up(self.used);
        let line = frames::interrupt(self.turn);
        let ending = async {
            self.channel.send(line).await.ok()?;
            match self.listen().await {
                Event::Ended(ended) => Some(ended),
                _ => None,
            }
        };
        match timeout(GRACE, ending).await {
            Ok(Some(ended)) => Step::Ended(ended.out_of_time(&reason)),
            _ => Step::Lost(reason),
        }
    }
}

#[async_trait::async_trait]
impl<C: Channel> session::Interpreter for Interpreter<C> {
    async fn run(&mut self, code: &str) -> Step {
        self.turn += 1;
        self.used = Duration::ZERO;
        self.go(frames::code(self.turn, code)).await
    }

    async fn reply(&mut self, reply: Result<Value, String>) -> Step {
        self.go(frames::reply(self.turn, self.call, reply)).await
    }

    fn take_logs(&mut self) -> String {
        self.logs.take()
    }
}
