//! What a run may use up, managed agents included. The run counts what was spent, so that a budget holds over
//! interruptions; a `Meter` is shared by the drivers of a run and of its managed agents, so that it holds over all.

use crate::event::Event;
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    sync::Mutex,
    time::{Duration, Instant},
};

/// Limits, each if set. They may be overrun by the model call or tool call that reaches them, by no more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Budget {
    /// Actions of the agent and of all its managed agents.
    pub steps: Option<u64>,
    /// Tokens read and written.
    pub tokens: Option<u64>,
    /// US dollars, by the model's price. Models without a known price cost nothing.
    pub dollars: Option<f64>,
    /// Seconds on the wall clock, while the run is driven.
    pub seconds: Option<f64>,
    /// Tool calls, those of managed agents included.
    pub tool_calls: Option<u64>,
    /// Seconds in which a sandbox worked.
    pub sandbox_seconds: Option<f64>,
    /// Bytes of memory that the run's sandbox may use: more is refused to the code, and ends nothing.
    pub sandbox_memory: Option<u64>,
}

/// What was used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Spent {
    /// Actions.
    pub steps: f64,
    /// Tokens read and written.
    pub tokens: f64,
    /// US dollars.
    pub dollars: f64,
    /// Seconds.
    pub seconds: f64,
    /// Tool calls.
    pub tool_calls: f64,
    /// Seconds in which a sandbox worked.
    pub sandbox_seconds: f64,
    /// Tokens of the last model call, which is what the next is expected to take.
    last_tokens: f64,
    /// And its dollars.
    last_dollars: f64,
}

/// One limit of a budget, and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// What is limited, such as `tool calls`.
    pub name: String,
    /// How much there is.
    pub limit: f64,
    /// How much was used.
    pub used: f64,
    /// The model can still be asked for its best answer.
    pub last_word: bool,
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, limit, .. } = self;
        write!(formatter, "the budget of {limit} {name} was reached")
    }
}

impl Limit {
    /// What the model is told when little is left.
    pub(crate) fn told(&self) -> String {
        let left = ((self.limit - self.used).max(0.0) * 100.0).round() / 100.0;
        format!("Of the budget of {} {}, {left} are left: come to an answer in time.", self.limit, self.name)
    }
}

/// From this share on, the model is told what is left.
const LOW: f64 = 0.75;
/// In this last share of the time no new work is begun: it is for the last word.
const LAST_SECONDS: f64 = 0.1;

impl Spent {
    #[expect(clippy::cast_precision_loss, reason = "a count of tokens is far below 2^52")]
    pub(crate) fn add(&mut self, event: &Event) {
        match event.leaf().1 {
            Event::Said { reply, cost, .. } => {
                let usage = reply.usage.unwrap_or_default();
                self.last_tokens = (usage.input_tokens + usage.output_tokens) as f64;
                self.last_dollars = *cost;
                self.tokens += self.last_tokens;
                self.dollars += cost;
            }
            Event::Executed { seconds, .. } => self.sandbox_seconds += seconds,
            Event::ToolCall { .. } => self.tool_calls += 1.0,
            Event::Step(step) if matches!(**step, crate::memory::MemoryStep::Action(_)) => self.steps += 1.0,
            _ => {}
        }
        // Of managed agents, and of calls side by side, the run adds the time up itself.
        if let Event::Said { seconds, .. } | Event::Executed { seconds, .. } = event {
            self.seconds += seconds;
        }
    }
}

impl Budget {
    /// The limits that are set: name, limit, used, and what the next model call is expected to use.
    fn limits(&self, spent: &Spent) -> impl Iterator<Item = (&'static str, f64, f64, f64)> {
        #[expect(clippy::cast_precision_loss, reason = "no run counts to 2^52")]
        let count = |limit: Option<u64>| limit.map(|limit| limit as f64);
        let rows = [
            ("steps", count(self.steps), spent.steps, 0.0),
            ("tokens", count(self.tokens), spent.tokens, spent.last_tokens),
            ("dollars", self.dollars, spent.dollars, spent.last_dollars),
            ("seconds", self.seconds, spent.seconds, 0.0),
            ("tool calls", count(self.tool_calls), spent.tool_calls, 0.0),
            ("seconds of sandbox", self.sandbox_seconds, spent.sandbox_seconds, 0.0),
        ];
        rows.into_iter().filter_map(|(name, limit, used, next)| Some((name, limit?, used, next)))
    }

    /// The first limit that forbids a further action. Tokens and dollars are kept for one last word: an action that
    /// would leave none is not begun.
    pub(crate) fn exhausted(&self, spent: &Spent) -> Option<Limit> {
        self.limits(spent).find_map(|(name, limit, used, next)| {
            // A last word costs some of these; of the others it takes nothing.
            let shared = ["tokens", "dollars", "seconds"].contains(&name);
            let reserve = if name == "seconds" { limit * LAST_SECONDS } else { 2.0 * next };
            let over = used >= limit || used + reserve > limit;
            let last_word = !shared || used + next < limit;
            over.then(|| Limit { name: name.to_owned(), limit, used, last_word })
        })
    }

    fn low(&self, spent: &Spent) -> Vec<Limit> {
        let limits = self.limits(spent).filter(|(_, limit, used, _)| *used >= limit * LOW);
        limits
            .map(|(name, limit, used, _)| Limit { name: name.to_owned(), limit, used, last_word: true })
            .collect()
    }
}

/// A budget at work.
pub(crate) struct Meter {
    budget: Budget,
    spent: Mutex<Spent>,
    /// Seconds that were spent before this drive began, and when it did.
    since: (f64, Instant),
}

impl Meter {
    pub(crate) fn new(budget: Budget, spent: Spent) -> Self {
        Self { budget, spent: Mutex::new(spent), since: (spent.seconds, Instant::now()) }
    }

    pub(crate) fn add(&self, event: &Event) {
        self.spent.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).add(event);
    }

    fn spent(&self) -> Spent {
        let seconds = self.since.0 + self.since.1.elapsed().as_secs_f64();
        Spent { seconds, ..*self.spent.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) }
    }

    pub(crate) fn exhausted(&self) -> Option<Limit> {
        self.budget.exhausted(&self.spent())
    }

    pub(crate) fn low(&self) -> Vec<Limit> {
        self.budget.low(&self.spent())
    }

    /// How long the run may still take, if that is limited.
    pub(crate) fn left(&self) -> Option<Duration> {
        let limit = self.budget.seconds?;
        Some(Duration::try_from_secs_f64((limit - self.spent().seconds).max(0.0)).unwrap_or(Duration::MAX))
    }

    /// The limit of time, reached.
    pub(crate) fn time_is_up(&self) -> Limit {
        let limit = self.budget.seconds.unwrap_or_default();
        Limit { name: "seconds".to_owned(), limit, used: limit, last_word: false }
    }
}
