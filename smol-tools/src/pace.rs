//! Keeps calls apart, for services that turn away who asks too often.

use std::time::Duration;
use tokio::{
    sync::Mutex,
    time::{Instant, sleep_until},
};

/// Grants turns no closer together than an interval, in the order they are asked for.
pub(crate) struct Pace {
    interval: Duration,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    /// One turn each `interval`.
    pub(crate) fn new(interval: Duration) -> Self {
        Self { interval, next: Mutex::new(None) }
    }

    /// Waits for a turn.
    pub(crate) async fn turn(&self) {
        let mut next = self.next.lock().await;
        if let Some(next) = *next {
            sleep_until(next).await;
        }
        *next = Some(Instant::now() + self.interval);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The clock is the test's own, so nothing here waits or depends on the machine.
    #[tokio::test(start_paused = true)]
    async fn turns_are_kept_apart_however_many_ask() {
        let (pace, start) = (Pace::new(Duration::from_secs(1)), Instant::now());
        let turns = futures::future::join_all((0..3).map(|_| async {
            pace.turn().await;
            start.elapsed().as_secs()
        }));
        assert_eq!(turns.await, [0, 1, 2]);
        tokio::time::advance(Duration::from_secs(10)).await;
        pace.turn().await;
        assert_eq!(start.elapsed().as_secs(), 12);
    }
}
