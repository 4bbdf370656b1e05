//! What one instance sees of the world: the two functions of its world, random, and its memory limit.
//! Its clocks are in `clock.rs`.

use super::{allowance::Allowance, clock::Clocks, files::Places};
use crate::{limits::Limits, logs::Logs};
use chacha20::{ChaCha12Rng, rand_core::SeedableRng};
use smol_core::exec::SandboxSpec;
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::oneshot;
use wasmtime::{ResourceLimiter, component::ResourceTable};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

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

    /// Hands the guest's question to whoever polls the instance, and waits for the answer.
    pub(super) async fn ask(&self, frame: String) -> String {
        let (answer, answered) = oneshot::channel();
        *lock(&self.question) = Some(Question { frame, answer });
        answered.await.unwrap_or_else(|_| crate::guest::reply(Err("the run has ended".to_owned())))
    }
}

/// Locks; a panic elsewhere does not spoil what is inside.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An instance's side of the world.
pub(super) struct Host {
    wasi: WasiCtx,
    pub(super) table: ResourceTable,
    pub(super) clocks: Clocks,
    pub(super) allowance: Allowance,
    pub(super) bounds: Bounds,
    /// Last: a folder goes once nothing holds it open.
    _places: Option<Places>,
}

impl Host {
    /// The host of a session; without `places` there is no file.
    pub(super) fn new(
        spec: &SandboxSpec,
        limits: &Limits,
        shared: Arc<Shared>,
        places: Option<Places>,
    ) -> wasmtime::Result<Self> {
        let (table, clocks) = (ResourceTable::new(), Clocks::new());
        let allowance = places.as_ref().map_or_else(|| Allowance::new(0), |places| places.allowance.clone());
        let wasi = wasi(spec, places.as_ref())?.build();
        let bounds = Bounds { memory: limits.memory, shared };
        Ok(Self { wasi, table, clocks, allowance, bounds, _places: places })
    }
}

impl SandboxImports for Host {
    async fn call(&mut self, frame: String) -> String {
        self.bounds.shared.ask(frame).await
    }

    fn write(&mut self, text: String) {
        lock(&self.bounds.shared.logs).push(&text);
    }
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

/// No files but those of the session, no network, no environment; random is the host's unless the run seeds it.
pub(super) fn wasi(spec: &SandboxSpec, places: Option<&Places>) -> wasmtime::Result<WasiCtxBuilder> {
    let mut wasi = WasiCtxBuilder::new();
    wasi.allow_tcp(false).allow_udp(false).allow_ip_name_lookup(false);
    if let Some(seed) = spec.seed {
        wasi.secure_random(ChaCha12Rng::seed_from_u64(seed))
            .insecure_random(ChaCha12Rng::seed_from_u64(!seed))
            .insecure_random_seed(seed.into());
    }
    if let Some(places) = places {
        places.open(&mut wasi)?;
    }
    Ok(wasi)
}

/// Refuses memory beyond the limit, which Python reports as a `MemoryError`.
pub(super) struct Bounds {
    /// In bytes.
    pub(super) memory: usize,
    pub(super) shared: Arc<Shared>,
}

impl ResourceLimiter for Bounds {
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
