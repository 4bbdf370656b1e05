//! What one instance sees of the world: the two functions of its world, clock and random, and its memory limit.

use super::Limits;
use crate::logs::Logs;
use chacha20::{ChaCha12Rng, rand_core::SeedableRng};
use smol_core::exec::SandboxSpec;
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::oneshot;
use wasmtime::{ResourceLimiter, component::ResourceTable};
use wasmtime_wasi::{HostMonotonicClock, HostWallClock, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

wasmtime::component::bindgen!({ path: "guest/sandbox.wit", world: "sandbox", imports: { "call": async }, exports: { default: async } });

/// Entries of a table of functions: far more than CPython has, far fewer than would hurt the host.
const MAX_TABLE: usize = 100_000;

/// A frame in which the guest asks for a tool, and where its answer goes.
pub(super) struct Question {
    pub(super) frame: String,
    pub(super) answer: oneshot::Sender<String>,
}

/// What an instance and its session share.
pub(super) struct Shared {
    /// What the code printed.
    pub(super) logs: Mutex<Logs>,
    /// Set by the instance before it suspends, taken by whoever polls it.
    pub(super) question: Mutex<Option<Question>>,
    /// Whether memory was refused in this block: should Python not survive it, the reason is known.
    pub(super) memory_was_refused: AtomicBool,
}

impl Shared {
    pub(super) fn new(output_limit: usize) -> Arc<Self> {
        let (logs, question) = (Mutex::new(Logs::new(output_limit)), Mutex::default());
        Arc::new(Self { logs, question, memory_was_refused: AtomicBool::new(false) })
    }
}

/// Locks; a panic elsewhere does not spoil what is inside.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An instance's side of the world.
pub(super) struct Host {
    wasi: WasiCtx,
    table: ResourceTable,
    memory: usize,
    shared: Arc<Shared>,
}

impl Host {
    pub(super) fn new(spec: &SandboxSpec, limits: &Limits, shared: Arc<Shared>) -> Self {
        Self { wasi: wasi(spec), table: ResourceTable::new(), memory: limits.memory, shared }
    }
}

impl SandboxImports for Host {
    async fn call(&mut self, frame: String) -> String {
        let (answer, answered) = oneshot::channel();
        *lock(&self.shared.question) = Some(Question { frame, answer });
        answered.await.unwrap_or_else(|_| crate::guest::reply(Err("the run has ended".to_owned())))
    }

    fn write(&mut self, text: String) {
        lock(&self.shared.logs).push(&text);
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

/// No files, no network, no environment; clock and random are the host's unless the run fixes them.
fn wasi(spec: &SandboxSpec) -> WasiCtx {
    let mut wasi = WasiCtxBuilder::new();
    wasi.allow_tcp(false).allow_udp(false).allow_ip_name_lookup(false);
    if let Some(seed) = spec.seed {
        wasi.secure_random(ChaCha12Rng::seed_from_u64(seed))
            .insecure_random(ChaCha12Rng::seed_from_u64(!seed))
            .insecure_random_seed(seed.into());
    }
    if let Some(milliseconds) = spec.clock {
        wasi.wall_clock(FixedTime(Duration::from_millis(milliseconds)))
            .monotonic_clock(CountedTime::default());
    }
    wasi.build()
}

/// A wall clock that stands still.
struct FixedTime(Duration);

impl HostWallClock for FixedTime {
    fn resolution(&self) -> Duration {
        Duration::from_nanos(1)
    }

    fn now(&self) -> Duration {
        self.0
    }
}

/// A monotonic clock of the same readings in every run: each reading is a microsecond after the one before, so that
/// code which waits for time to pass still ends.
#[derive(Default)]
struct CountedTime(AtomicU64);

impl HostMonotonicClock for CountedTime {
    fn resolution(&self) -> u64 {
        1
    }

    fn now(&self) -> u64 {
        self.0.fetch_add(1_000, Ordering::Relaxed)
    }
}

/// Refuses memory beyond the limit, which Python reports as a `MemoryError`.
impl ResourceLimiter for Host {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let allowed = desired <= self.memory;
        self.shared.memory_was_refused.fetch_or(!allowed, Ordering::Relaxed);
        Ok(allowed)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= MAX_TABLE)
    }
}
