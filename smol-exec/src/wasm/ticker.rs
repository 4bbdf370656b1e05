//! Time slices. Running code checks the engine's epoch and yields to the async runtime whenever it moved, so code that
//! computes without end holds up nobody. One thread moves the epoch, and sleeps while nothing runs.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::Thread,
    time::Duration,
};

/// How long code runs before it lets others run.
const SLICE: Duration = Duration::from_millis(5);

/// The thread that moves an engine's epoch.
pub(super) struct Ticker {
    running: Arc<AtomicUsize>,
    thread: Thread,
}

impl Ticker {
    /// Starts the thread, which ends with the engine.
    pub(super) fn start(engine: &wasmtime::Engine) -> std::io::Result<Self> {
        let running = Arc::new(AtomicUsize::new(0));
        let (engine, count) = (engine.weak(), running.clone());
        let thread = std::thread::Builder::new().name("smol-wasm-ticker".to_owned()).spawn(move || {
            loop {
                if count.load(Ordering::SeqCst) == 0 {
                    std::thread::park();
                }
                std::thread::sleep(SLICE);
                let Some(engine) = engine.upgrade() else { return };
                engine.increment_epoch();
            }
        })?;
        Ok(Self { running, thread: thread.thread().clone() })
    }

    /// Keeps the epoch moving until the guard is dropped.
    pub(super) fn run(&self) -> Running {
        if self.running.fetch_add(1, Ordering::SeqCst) == 0 {
            self.thread.unpark();
        }
        Running(self.running.clone())
    }
}

/// Says that code is running.
pub(super) struct Running(Arc<AtomicUsize>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
