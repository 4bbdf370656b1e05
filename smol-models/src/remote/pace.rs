//! Keeps to a service's limits by waiting, which costs less than being refused.

use smol_core::{message::TokenUsage, model::Delta};
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

const MINUTE: f64 = 60.0;

/// How fast requests may follow each other.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Requests a minute.
    requests: Option<f64>,
    /// Tokens a minute.
    tokens: Option<f64>,
    next: Mutex<Next>,
}

/// When there is room again.
#[derive(Debug, Clone, Copy, Default)]
struct Next {
    /// For the next request.
    request: Option<Instant>,
    /// When all tokens so far are paid off.
    paid: Option<Instant>,
}

impl Pace {
    pub(super) fn with_requests(&self, requests: f64) -> Self {
        Self { requests: limit(requests), tokens: self.tokens, next: Mutex::default() }
    }

    pub(super) fn with_tokens(&self, tokens: f64) -> Self {
        Self { requests: self.requests, tokens: limit(tokens), next: Mutex::default() }
    }

    /// Waits for room for one request, and takes it.
    pub(super) async fn wait(&self) {
        if let Some(start) = self.take(Instant::now()) {
            tokio::time::sleep_until(start).await;
        }
    }

    /// When a request made at `now` may start, if not at once.
    fn take(&self, now: Instant) -> Option<Instant> {
        let mut next = self.next();
        let start = [next.request, next.paid].into_iter().flatten().fold(now, Instant::max);
        next.request = self.requests.and_then(|requests| later(start, MINUTE / requests));
        (start > now).then_some(start)
    }

    /// Takes note of what a reply cost.
    pub(super) fn note(&self, deltas: &[Delta]) {
        for delta in deltas {
            if let Delta::Usage(usage) = delta {
                self.spend(*usage, Instant::now());
            }
        }
    }

    fn spend(&self, usage: TokenUsage, now: Instant) {
        let Some(tokens) = self.tokens else { return };
        let mut next = self.next();
        let from = next.paid.unwrap_or(now).max(now);
        #[expect(clippy::cast_precision_loss, reason = "a count of tokens is far below 2^52")]
        let spent = (usage.input_tokens + usage.output_tokens) as f64;
        next.paid = later(from, MINUTE * spent / tokens);
    }

    fn next(&self) -> MutexGuard<'_, Next> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A limit that makes sense; anything else is none.
fn limit(number: f64) -> Option<f64> {
    (number.is_finite() && number > 0.0).then_some(number)
}

fn later(from: Instant, seconds: f64) -> Option<Instant> {
    from.checked_add(Duration::try_from_secs_f64(seconds).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is asked at the same moment starts one after the other; `tokens` are spent by each.
    fn check(pace: &Pace, tokens: u64, expect: &[Option<u64>]) {
        let now = Instant::now();
        let mut waits = Vec::new();
        for _ in expect {
            waits.push(pace.take(now).map(|start| (start - now).as_millis() as u64));
            pace.spend(TokenUsage::new(tokens, 0), now);
        }
        assert_eq!(waits, expect);
    }

    #[test]
    fn requests_are_spread_and_tokens_paid_off() {
        check(&Pace::default(), 100, &[None, None]);
        check(&Pace::default().with_requests(60.0), 100, &[None, Some(1000), Some(2000)]);
        check(&Pace::default().with_tokens(6000.0), 100, &[None, Some(1000), Some(2000)]);
        check(
            &Pace::default().with_requests(120.0).with_tokens(6000.0),
            100,
            &[None, Some(1000), Some(2000)],
        );
        check(&Pace::default().with_requests(0.0).with_tokens(f64::NAN), 100, &[None, None]);
    }
}
