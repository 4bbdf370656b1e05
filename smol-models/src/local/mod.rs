//! Models that run in this process: GGUF files on candle.
//!
//! ```no_run
//! # fn main() -> Result<(), smol_core::model::ModelError> {
//! let model = smol_models::local::LocalModel::load("SmolLM2-135M-Instruct.Q4_1.gguf")?.max_new_tokens(256);
//! # Ok(())
//! # }
//! ```
//!
//! The architectures are llama (SmolLM2 and Llama), qwen2 and qwen3, in any quantisation that candle reads. Tokenizer,
//! chat template and sizes all come from the file. Three things make it fit for agents:
//! - The model remembers the last few conversations. A step that repeats one and adds to it costs only the added tokens.
//! - Any number of runs may share one model; replies are made one after the other on a thread of their own.
//! - Dropping the stream of a reply stops the work on it.

mod attention;
mod block;
mod cache;
mod config;
mod conversations;
mod cores;
mod decoder;
mod engine;
mod gate;
mod gguf;
mod kernel;
mod packed;
mod panels;
mod reply;
mod sampler;
mod source;
mod template;
#[cfg(test)]
mod tests;
mod vocabulary;
mod weights;
mod worker;

use engine::{Engine, Settings};
use futures::{
    StreamExt,
    channel::mpsc::unbounded,
    stream::{self, BoxStream},
};
use smol_core::model::{Delta, Model, ModelError, ModelInfo, Profile, Request};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc::Sender},
};
use worker::Job;

/// Below this many parameters a model follows worked examples better than rules.
const SMALL: usize = 3_000_000_000;

/// A model in a GGUF file, on this machine's processor.
pub struct LocalModel {
    id: String,
    profile: Profile,
    engine: Arc<Engine>,
    settings: Settings,
    threads: usize,
    /// The thread that computes, from the first request on.
    jobs: Mutex<Option<Sender<Job>>>,
}

impl LocalModel {
    /// Loads the GGUF file at `path`: all of it, so this takes some tenths of a second for each gigabyte, and about as much
    /// memory as the file is long. Replies are greedy and at most 1024 tokens long unless set otherwise.
    ///
    /// # Errors
    /// [`ModelError::Setup`] where the file is missing, damaged, or of a kind that is not supported.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        let (engine, name, parameters) = Engine::load(path.as_ref())?;
        Ok(Self {
            id: format!("local/{name}"),
            profile: if parameters < SMALL { Profile::Small } else { Profile::Large },
            engine: Arc::new(engine),
            settings: Settings { max_new_tokens: 1024, temperature: 0.0, seed: 0 },
            threads: cores::usable(),
            jobs: Mutex::new(None),
        })
    }

    /// Ends replies after `tokens` tokens, at least one, with [`StopReason::Length`](smol_core::model::StopReason::Length).
    pub fn max_new_tokens(mut self, tokens: usize) -> Self {
        self.settings.max_new_tokens = tokens.max(1);
        self
    }

    /// How freely tokens are chosen: 0 always takes the likeliest, 1 follows the model's own probabilities.
    pub fn temperature(mut self, temperature: f32) -> Self {
        self.settings.temperature = temperature;
        self
    }

    /// Where chance starts. The same seed, conversation and temperature give the same reply.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// How many threads compute one reply; one for each physical core that this process may use unless set.
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    fn submit(&self, job: Job) -> Result<(), ModelError> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = match jobs.take() {
            Some(sender) => sender,
            None => worker::start(Arc::clone(&self.engine), self.threads)?,
        };
        let sent = jobs.insert(sender).send(job);
        sent.map_err(|_| gguf::computing("its thread has ended"))
    }
}

impl Model for LocalModel {
    fn stream(&self, request: Request) -> BoxStream<'_, Result<Delta, ModelError>> {
        let (deltas, received) = unbounded();
        match self.submit(Job { request, settings: self.settings.clone(), deltas }) {
            Ok(()) => received.boxed(),
            Err(error) => stream::iter([Err(error)]).boxed(),
        }
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn info(&self) -> ModelInfo {
        let context_window = u64::try_from(self.engine.context()).ok();
        ModelInfo { profile: self.profile, context_window, ..ModelInfo::default() }
    }
}
