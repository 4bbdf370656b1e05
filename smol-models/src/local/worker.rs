//! The thread that computes: replies one after the other, so that async workers never wait for a processor.

use super::{
    conversations::Conversations,
    cores,
    engine::{Deltas, Engine},
    gguf::computing,
    settings::Settings,
};
use smol_core::model::{ModelError, Request};
use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

/// A reply to make.
pub(super) struct Job {
    pub(super) request: Request,
    pub(super) settings: Settings,
    pub(super) deltas: Deltas,
}

/// Starts the thread, with `threads` processors for the heavy parts. It ends when the sender is dropped.
pub(super) fn start(engine: Arc<Engine>, threads: usize) -> Result<Sender<Job>, ModelError> {
    let name = |index| format!("local-model-{index}");
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads).thread_name(name);
    let pool = builder.start_handler(cores::ties(threads)).build().map_err(computing)?;
    let (sender, jobs) = channel();
    // The loop runs inside the pool: a parallel part then starts at once on the thread that asks for it.
    let serve = move || pool.install(move || serve(&engine, jobs));
    thread::Builder::new().name("local-model".to_owned()).spawn(serve).map_err(computing)?;
    Ok(sender)
}

fn serve(engine: &Engine, jobs: Receiver<Job>) {
    let mut conversations = Conversations::default();
    for Job { request, settings, deltas } in jobs {
        if deltas.is_closed() {
            continue;
        }
        // A bug that shows on one conversation must not take the model away from all others.
        let reply = AssertUnwindSafe(|| engine.reply(&mut conversations, request, settings, &deltas));
        let outcome =
            std::panic::catch_unwind(reply).unwrap_or_else(|_| Err(computing("its thread panicked")));
        if let Err(error) = outcome {
            // A caller that has gone away needs no error.
            let _ = deltas.unbounded_send(Err(error));
        }
    }
}
