//! The clocks of a session: the host's until the run says what time it is, and from then on two that move together, by
//! what the code does and by nothing else. So a block that is run again reads the same times, on any machine.
//!
//! WASI's clocks are replaced rather than configured: a timer that is due must move a told clock, and WASI's own timers
//! know only the host's.

use super::host::{Host, lock};
use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tokio::time::sleep_until;
use wasmtime::component::{HasSelf, Linker, Resource};
use wasmtime_wasi::p2::{
    DynPollable, Pollable,
    bindings::clocks::{monotonic_clock, wall_clock},
    subscribe,
};

/// By how many nanoseconds a reading moves the clocks, so that code which waits for time to pass still ends.
const READING: u64 = 1_000;

/// The wall clock and the monotonic clock of one session.
#[derive(Clone)]
pub(super) struct Clocks(Arc<Mutex<Times>>);

struct Times {
    /// Nanoseconds since 1970. `None`: it was never told a time, and both clocks are the host's.
    wall: Option<u64>,
    /// Nanoseconds since the session began: what the next reading gives, or what the last one gave of the host's clock.
    /// Opening a session reads no clock, so where a time is told before the first block, this begins at 0.
    monotonic: u64,
    /// When the session began.
    start: Instant,
}

impl Clocks {
    /// The host's clocks.
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Times { wall: None, monotonic: 0, start: Instant::now() })))
    }

    /// Sets the wall clock. The monotonic one never goes back, but passes the time that has passed since the last block.
    pub(super) fn tell(&self, milliseconds: u64) {
        let mut times = lock(&self.0);
        let told = milliseconds.saturating_mul(1_000_000);
        let passed = times.wall.map_or(0, |wall| told.saturating_sub(wall));
        times.advance(passed);
        times.wall = Some(told);
    }
}

impl Times {
    /// Moves told clocks. The host's move by themselves.
    fn advance(&mut self, nanoseconds: u64) {
        if let Some(wall) = &mut self.wall {
            *wall = wall.saturating_add(nanoseconds);
            self.monotonic = self.monotonic.saturating_add(nanoseconds);
        }
    }

    fn read_wall(&mut self) -> Duration {
        match self.wall {
            Some(wall) => {
                self.advance(READING);
                Duration::from_nanos(wall)
            }
            None => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
        }
    }

    fn read_monotonic(&mut self) -> u64 {
        let now = self.monotonic_now();
        self.advance(READING);
        now
    }

    fn monotonic_now(&mut self) -> u64 {
        if self.wall.is_none() {
            self.monotonic = u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        }
        self.monotonic
    }
}

/// A timer. It really waits, whatever the clocks are: how long a block may run is counted in the host's time.
struct Timer {
    clocks: Clocks,
    /// What the monotonic clock shows at least when the timer is ready.
    due: u64,
    /// The same moment as the host sees it. `None`: too far away to be told.
    until: Option<tokio::time::Instant>,
}

#[async_trait::async_trait]
impl Pollable for Timer {
    async fn ready(&mut self) {
        match self.until {
            Some(until) => sleep_until(until).await,
            None => std::future::pending().await,
        }
        let mut times = lock(&self.clocks.0);
        let left = self.due.saturating_sub(times.monotonic);
        times.advance(left);
    }
}

/// Puts these clocks in the place of WASI's.
pub(super) fn add_to_linker(linker: &mut Linker<Host>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    wall_clock::add_to_linker::<_, HasSelf<_>>(linker, |host| host)?;
    monotonic_clock::add_to_linker::<_, HasSelf<_>>(linker, |host| host)?;
    linker.allow_shadowing(false);
    Ok(())
}

impl wall_clock::Host for Host {
    fn now(&mut self) -> wasmtime::Result<wall_clock::Datetime> {
        let now = lock(&self.clocks.0).read_wall();
        Ok(wall_clock::Datetime { seconds: now.as_secs(), nanoseconds: now.subsec_nanos() })
    }

    fn resolution(&mut self) -> wasmtime::Result<wall_clock::Datetime> {
        Ok(wall_clock::Datetime { seconds: 0, nanoseconds: 1 })
    }
}

impl monotonic_clock::Host for Host {
    fn now(&mut self) -> wasmtime::Result<monotonic_clock::Instant> {
        Ok(lock(&self.clocks.0).read_monotonic())
    }

    fn resolution(&mut self) -> wasmtime::Result<monotonic_clock::Duration> {
        Ok(1)
    }

    fn subscribe_instant(
        &mut self,
        due: monotonic_clock::Instant,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        let left = Duration::from_nanos(due.saturating_sub(lock(&self.clocks.0).monotonic_now()));
        let until = tokio::time::Instant::now().checked_add(left);
        let timer = self.table.push(Timer { clocks: self.clocks.clone(), due, until })?;
        subscribe(&mut self.table, timer)
    }

    fn subscribe_duration(
        &mut self,
        length: monotonic_clock::Duration,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        let due = lock(&self.clocks.0).monotonic_now().saturating_add(length);
        self.subscribe_instant(due)
    }
}
